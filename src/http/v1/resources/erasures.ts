import { z } from '@hono/zod-openapi'
import { topics } from '../../../core/bus.ts'
import type { Erasure } from '../../../core/personal-data.ts'
import { toIso } from '../../shapes/iso.ts'
import { ErasureSchema, ReasonField } from '../../shapes/personal-data.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'
import { erasureExample } from './personal-examples.ts'

const common = {
  tag: 'privacy',
  permission: 'privacy.manage',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: ErasureSchema,
  example: erasureExample,
  versioned: true,
} as const

type ErasureReply = Reply<z.output<typeof ErasureSchema>>

const reply = (erasure: Erasure): ErasureReply => ({
  body: toIso(erasure),
  version: erasure.version,
})

/** A step of an erasure; where it has changed since it was read, the refusal holds it as it is now. */
const stepping = async (
  { api, params, version }: Pick<RawCall, 'api' | 'version'> & { readonly params: { readonly id: string } },
  step: () => Promise<Erasure>,
): Promise<ErasureReply> =>
  reply(
    await showingCurrent(step, async () => toIso(await api.personal.erasures.get(params.id)), {
      version,
      changes: {},
    }),
  )

/** Erasing contacts, in two steps. */
export const erasureRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'planErasure',
    method: 'post',
    path: '/contacts/{id}/erasure',
    summary: 'Plan to erase a contact',
    description: 'Changes nothing yet: shows what would go, what stays and why, and what stands against it.',
    body: z
      .strictObject({ reason: ReasonField })
      .openapi('ErasureInput', { example: { reason: erasureExample.reason } }),
    status: 201,
    handle: async ({ api, params, body }) =>
      reply(await api.personal.erasures.plan(params.id, api.masker.text(body.reason))),
  }),
  defineRoute({
    ...common,
    id: 'getErasure',
    method: 'get',
    permission: 'privacy.read',
    path: '/contacts/{id}/erasure',
    summary: 'Read the newest erasure of a contact',
    handle: async ({ api, params }) => reply(await api.personal.erasures.get(params.id)),
  }),
  defineRoute({
    ...common,
    id: 'confirmErasure',
    method: 'post',
    path: '/contacts/{id}/erasure/confirm',
    summary: 'Erase a contact',
    description:
      'Not to be taken back. From now on the contact is unknown, nothing more is sent to them, and whoever writes from their addresses is somebody new; the rest goes in the background. Refused while a legal hold or an open complaint case stands on the contact. With `If-Match` only what was looked at is confirmed.',
    status: 202,
    example: { ...erasureExample, state: 'confirmed' },
    handle: async (call) => {
      const { api, params, version } = call
      const confirmed = await stepping(call, () => api.personal.erasures.confirm(params.id, version))
      // Open desks forget, too.
      api.bus.publish(topics.ticket, {})
      return confirmed
    },
  }),
  defineRoute({
    ...common,
    id: 'cancelErasure',
    method: 'post',
    path: '/contacts/{id}/erasure/cancel',
    summary: 'Do not erase a contact after all',
    description: 'While it is planned.',
    example: { ...erasureExample, state: 'cancelled' },
    handle: (call) => stepping(call, () => call.api.personal.erasures.cancel(call.params.id, call.version)),
  }),
]
