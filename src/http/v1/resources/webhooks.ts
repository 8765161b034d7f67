import { z } from '@hono/zod-openapi'
import { topics } from '../../../core/bus.ts'
import { TongdaError } from '../../../core/errors.ts'
import { eventTypes } from '../../../core/event-log.ts'
import { deliveryStates, type WebhookChange, type WebhookWithSecret } from '../../../core/webhook.ts'
import { Problem } from '../../problem.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { Done, done } from '../../shapes/done.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import type { ApiSurroundings } from '../environment.ts'
import { staleProblem } from '../versions.ts'
import {
  deliveryExample,
  deliveryJson,
  DeliverySchema,
  ListSchema,
  webhookExample,
  webhookJson,
  WebhookSchema,
  WithSecretSchema,
} from './webhook-schemas.ts'

/** How long signatures are made with both secrets. */
const overlapMs = 24 * 3_600_000

const url = z.string().min(1).max(2_048).openapi({ description: 'https, a public address' })
const description = z.string().trim().max(200)
const types = z.array(z.enum(eventTypes)).max(50).openapi({ description: 'Events to be told of; none: all' })

const CreateInput = z
  .strictObject({ url, description: description.default(''), types: types.default([]) })
  .openapi('WebhookInput', { example: { url: 'https://crm.example.com/tongda', types: ['ticket.opened'] } })
const ChangeInput = z
  .strictObject({
    url: url.optional(),
    description: description.optional(),
    types: types.optional(),
    disabled: z.boolean().optional().openapi({
      description: 'false: told again, of what happens from now on',
    }),
  })
  .openapi('WebhookChange', { example: { disabled: false } })
const ReplayInput = z
  .strictObject({ deliveryId: z.uuid().optional() })
  .openapi('ReplayInput', { description: 'Without a delivery: all that are dead', example: {} })

const IdParams = z.strictObject({ id: z.uuid() })
const cursors = createCursors('deliveries', z.object({ position: z.int() }))

const checkUrl = (api: ApiSurroundings, address: string): void => {
  const fault = api.addressFault(address)
  if (fault !== undefined)
    throw new Problem('bad_input', `this address cannot be called: ${fault}`, {
      errors: [{ in: 'body', field: 'url', message: fault }],
    })
}

const withSecret = ({ endpoint, secret }: WebhookWithSecret) => ({
  body: { ...webhookJson(endpoint), secret },
  version: endpoint.version,
})

/** Applies a change; whoever comes too late gets both versions. */
const change = async (
  { api, version, caller }: Pick<RawCall, 'api' | 'version' | 'caller'>,
  id: string,
  changes: Omit<WebhookChange, 'now' | 'expectedVersion'>,
): Promise<WebhookWithSecret> => {
  const expected = version === undefined ? {} : { expectedVersion: version }
  try {
    const changed = await api.webhooks.change(id, { ...changes, ...expected, now: api.clock.now() })
    api.log.info({ webhookId: id, by: caller.id }, 'webhook changed')
    return changed
  } catch (error) {
    if (!(error instanceof TongdaError) || error.code !== 'conflict' || version === undefined) throw error
    throw staleProblem(webhookJson(await api.webhooks.get(id)), { version, changes })
  }
}

const common = { tag: 'webhooks', permission: 'webhook.manage', query: nothing } as const
const one = { ...common, params: IdParams } as const

const endpointRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listWebhooks',
    method: 'get',
    path: '/webhooks',
    summary: 'List webhooks',
    params: nothing,
    body: nothing,
    answer: ListSchema,
    example: { data: [webhookExample] },
    handle: async ({ api }) => ({ body: { data: (await api.webhooks.list()).map(webhookJson) } }),
  }),
  defineRoute({
    ...common,
    id: 'createWebhook',
    method: 'post',
    path: '/webhooks',
    summary: 'Create a webhook',
    description:
      'The secret in the answer checks signatures (Standard Webhooks) and is shown this once. It is told of what happens from now on.',
    params: nothing,
    body: CreateInput,
    answer: WithSecretSchema,
    example: { ...webhookExample, secret: 'whsec_…' },
    status: 201,
    handle: async ({ api, caller, body, idempotencyKey }) => {
      checkUrl(api, body.url)
      const made = await api.webhooks.create({
        ...body,
        createdBy: caller.id,
        now: api.clock.now(),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      })
      api.log.info({ webhookId: made.endpoint.id, by: caller.id }, 'webhook created')
      return { ...withSecret(made), location: `/webhooks/${made.endpoint.id}` }
    },
  }),
  defineRoute({
    ...one,
    id: 'getWebhook',
    method: 'get',
    path: '/webhooks/{id}',
    summary: 'Read a webhook',
    versioned: true,
    body: nothing,
    answer: WebhookSchema,
    example: webhookExample,
    handle: async ({ api, params }) => {
      const endpoint = await api.webhooks.get(params.id)
      return { body: webhookJson(endpoint), version: endpoint.version }
    },
  }),
  defineRoute({
    ...one,
    id: 'changeWebhook',
    method: 'patch',
    path: '/webhooks/{id}',
    summary: 'Change, disable or enable a webhook',
    versioned: true,
    body: ChangeInput,
    answer: WebhookSchema,
    example: webhookExample,
    handle: async (call) => {
      const { disabled, types: wanted, url: address, description: words } = call.body
      if (address !== undefined) checkUrl(call.api, address)
      const { endpoint } = await change(call, call.params.id, {
        ...(address === undefined ? {} : { url: address }),
        ...(words === undefined ? {} : { description: words }),
        ...(wanted === undefined ? {} : { types: wanted }),
        ...(disabled === undefined ? {} : { disabled }),
      })
      return { body: webhookJson(endpoint), version: endpoint.version }
    },
  }),
  defineRoute({
    ...one,
    id: 'deleteWebhook',
    method: 'delete',
    path: '/webhooks/{id}',
    summary: 'Delete a webhook',
    description: 'With everything that was to be delivered.',
    body: nothing,
    answer: Done,
    example: done,
    handle: async ({ api, caller, params }) => {
      await api.webhooks.remove(params.id)
      api.log.info({ webhookId: params.id, by: caller.id }, 'webhook deleted')
      return { body: done }
    },
  }),
  defineRoute({
    ...one,
    id: 'rotateWebhookSecret',
    method: 'post',
    path: '/webhooks/{id}/rotate-secret',
    summary: 'Give a webhook a new secret',
    description: 'For 24 hours signatures are made with both, so that the other side can change at its pace.',
    body: nothing,
    answer: WithSecretSchema,
    example: { ...webhookExample, secret: 'whsec_…' },
    handle: async (call) => withSecret(await change(call, call.params.id, { rotate: { overlapMs } })),
  }),
]

const deliveryRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...one,
    id: 'listWebhookDeliveries',
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    summary: 'List what was sent to a webhook',
    description: 'The newest first, with the last answer of each. Kept for as long as events are.',
    query: z.strictObject({ ...pageQuery, state: z.enum(deliveryStates).optional() }),
    body: nothing,
    answer: pageOf(DeliverySchema).openapi('WebhookDeliveryPage'),
    example: { data: [deliveryExample] },
    handle: async ({ api, params, query: { limit, cursor, state } }) => {
      const { id } = await api.webhooks.get(params.id)
      const before = cursors.read(cursor)?.position
      const rows = await api.deliveries.list(id, {
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
        ...(state === undefined ? {} : { state }),
      })
      const page = cutPage(rows, limit, {
        json: deliveryJson,
        cursor: ({ position }) => cursors.write({ position }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...one,
    id: 'testWebhook',
    method: 'post',
    path: '/webhooks/{id}/test',
    summary: 'Send a test event',
    description: 'Its type is `webhook.test`; the list of deliveries tells what became of it.',
    status: 202,
    body: nothing,
    answer: DeliverySchema,
    example: { ...deliveryExample, type: 'webhook.test' },
    handle: async ({ api, params, idempotencyKey }) => {
      const { id } = await api.webhooks.get(params.id)
      const delivery = await api.deliveries.test(id, api.clock.now(), idempotencyKey)
      api.bus.publish(topics.webhooks, {})
      return { body: deliveryJson(delivery) }
    },
  }),
  defineRoute({
    ...one,
    id: 'replayWebhook',
    method: 'post',
    path: '/webhooks/{id}/replay',
    summary: 'Send again',
    description: 'One delivery, or all that were given up.',
    status: 202,
    body: ReplayInput,
    answer: z.object({ replayed: z.int() }).openapi('Replayed'),
    example: { replayed: 3 },
    handle: async ({ api, params, body }) => {
      const { id } = await api.webhooks.get(params.id)
      const replayed = await api.deliveries.replay(id, body.deliveryId)
      api.bus.publish(topics.webhooks, {})
      return { body: { replayed } }
    },
  }),
]

/** Addresses outside that are told what happens. */
export const webhookRoutes: readonly ApiRoute[] = [...endpointRoutes, ...deliveryRoutes]
