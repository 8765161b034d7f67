import { z } from '@hono/zod-openapi'
import { eventTypes } from '../../../core/event-log.ts'
import { deliveryStates, type WebhookDelivery, type WebhookEndpoint } from '../../../core/webhook.ts'
import { Moment } from '../../shapes/message.ts'

const webhookFields = {
  id: z.string(),
  url: z.string(),
  description: z.string(),
  types: z.array(z.enum(eventTypes)).readonly().openapi({ description: 'None: all' }),
  createdBy: z.string(),
  createdAt: Moment,
  updatedAt: Moment,
  version: z.number(),
  oldSecretUntil: Moment.optional().openapi({
    description: 'Until then signatures are made with two secrets',
  }),
  failingSince: Moment.optional().openapi({ description: 'Since when nothing arrives' }),
  disabledAt: Moment.optional(),
  disabledReason: z.enum(['operator', 'failing', 'gone']).optional(),
}

export const WebhookSchema = z.object(webhookFields).openapi('Webhook')
export const WithSecretSchema = z
  .object({ ...webhookFields, secret: z.string().openapi({ description: 'Shown this once' }) })
  .openapi('WebhookWithSecret')
export const ListSchema = z.object({ data: z.array(WebhookSchema).readonly() }).openapi('WebhookList')

export const DeliverySchema = z
  .object({
    id: z.string().openapi({ description: 'The header webhook-id; the same at every try' }),
    type: z.string(),
    state: z.enum(deliveryStates).openapi({ description: 'dead: given up' }),
    attempts: z.number(),
    createdAt: Moment,
    nextAttemptAt: Moment.optional(),
    attemptedAt: Moment.optional(),
    lastStatus: z.number().optional(),
    lastBody: z.string().optional().openapi({ description: 'The first 2 kB of the last answer' }),
    lastError: z.string().optional().openapi({ description: 'Why there was no answer' }),
  })
  .openapi('WebhookDelivery')

const at = '2026-11-27T04:00:00.000Z'

export const webhookExample: z.output<typeof WebhookSchema> = {
  id: '0198c0de-0000-7000-8000-000000000002',
  url: 'https://crm.example.com/tongda',
  description: 'CRM',
  types: ['ticket.opened', 'ticket.changed'],
  createdBy: '0198c0de-0000-7000-8000-000000000003',
  createdAt: at,
  updatedAt: at,
  version: 1,
}

export const deliveryExample: z.output<typeof DeliverySchema> = {
  id: '0198c0de-0000-7000-8000-000000000004',
  type: 'ticket.opened',
  state: 'delivered',
  attempts: 1,
  createdAt: at,
  attemptedAt: at,
  lastStatus: 204,
  lastBody: '',
}

/** A webhook as JSON. */
export const webhookJson = (webhook: WebhookEndpoint): z.output<typeof WebhookSchema> => {
  const { createdAt, updatedAt, oldSecretUntil, failingSince, disabledAt, ...rest } = webhook
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    ...(oldSecretUntil === undefined ? {} : { oldSecretUntil: oldSecretUntil.toISOString() }),
    ...(failingSince === undefined ? {} : { failingSince: failingSince.toISOString() }),
    ...(disabledAt === undefined ? {} : { disabledAt: disabledAt.toISOString() }),
  }
}

/** A delivery as JSON. */
export const deliveryJson = (delivery: WebhookDelivery): z.output<typeof DeliverySchema> => {
  const { id, type, state, attempts, lastStatus, lastBody, lastError } = delivery
  const { createdAt, nextAttemptAt, attemptedAt } = delivery
  return {
    ...{ id, type, state, attempts },
    ...(lastStatus === undefined ? {} : { lastStatus }),
    ...(lastBody === undefined ? {} : { lastBody }),
    ...(lastError === undefined ? {} : { lastError }),
    createdAt: createdAt.toISOString(),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: nextAttemptAt.toISOString() }),
    ...(attemptedAt === undefined ? {} : { attemptedAt: attemptedAt.toISOString() }),
  }
}
