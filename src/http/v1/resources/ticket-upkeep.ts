import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import type { Ticket, TicketFacts, TicketRequest } from '../../../core/ticket.ts'
import { Moment } from '../../desk/message-schema.ts'
import { ticketJson, TicketSchema } from '../../desk/schemas.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { staleProblem } from '../versions.ts'
import { ticketExample } from './examples.ts'
import { idOf, TicketParams } from './tickets.ts'

type TicketCall = Pick<RawCall, 'api' | 'caller' | 'language' | 'version' | 'idempotencyKey'>
type TicketReply = Reply<z.output<typeof TicketSchema>>

/** The request behind a call. Throws `not_found`. */
export const requestOf = async (call: TicketCall, id: string): Promise<TicketRequest> => {
  const { api, caller, version, idempotencyKey } = call
  const { id: callerId, name, kind } = caller
  return {
    agent: { id: callerId, name, ...(kind === 'key' ? { program: true } : {}) },
    ticketId: await idOf(api, id),
    ...(version === undefined ? {} : { version }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
}

/**
 * Runs a change and answers the ticket it gives. Where the ticket has changed since it was read, the refusal holds it
 * as it is now and what was to be written.
 */
export const changing = async (
  call: TicketCall,
  { request, changes }: { readonly request: TicketRequest; readonly changes: unknown },
  work: () => Promise<Ticket>,
): Promise<TicketReply> => {
  try {
    const ticket = await work()
    return { body: ticketJson(ticket, call.language), version: ticket.version }
  } catch (error) {
    const isStale =
      error instanceof TongdaError && error.code === 'conflict' && error.facts.yours !== undefined
    if (!isStale) throw error
    const current = ticketJson(await call.api.tickets.get(request.ticketId), call.language)
    throw staleProblem(current, { version: request.version, changes })
  }
}

const Facts = z.strictObject({
  kind: TicketSchema.shape.kind.optional(),
  topic: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be a topic, e.g. vip-refund')
    .max(60)
    .optional(),
  priority: TicketSchema.shape.priority.optional(),
  title: z.string().max(500).nullable().optional().openapi({ description: 'null: what its beginning gave' }),
  tags: z.array(z.string().max(200)).max(100).optional(),
  fields: z
    .record(z.string().max(60), z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]))
    .optional()
    .openapi({ description: 'Those that change; null takes one away' }),
  parentId: z.uuid().nullable().optional(),
})

const factsOf = ({ title, ...facts }: z.output<typeof Facts>): TicketFacts => {
  const named = { ...facts, ...(title === undefined ? {} : { subject: title }) }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

const Reason = z.strictObject({ reason: z.string().max(5_000) })
const Hold = z.strictObject({
  reason: z.string().max(5_000).openapi({ description: 'For whom or what it waits' }),
  until: Moment.optional().openapi({ description: 'When it comes back by itself' }),
})

const common = {
  tag: 'tickets',
  permission: 'ticket.change',
  params: TicketParams,
  query: nothing,
  answer: TicketSchema,
  example: ticketExample,
  versioned: true,
} as const

/** What tickets say of themselves, and whether they wait. */
export const ticketUpkeepRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'changeTicket',
    method: 'patch',
    path: '/tickets/{id}',
    summary: 'Change a ticket’s facts',
    description: 'What is left out stays. A higher priority owes its times from now on.',
    body: Facts,
    handle: async (call) => {
      const request = await requestOf(call, call.params.id)
      const facts = factsOf(call.body)
      return changing(call, { request, changes: call.body }, () => call.api.upkeep.change(request, facts))
    },
  }),
  defineRoute({
    ...common,
    id: 'holdTicket',
    method: 'post',
    path: '/tickets/{id}/hold',
    summary: 'Wait for somebody else than the contact',
    description: 'It comes back at `until`, when the contact writes, or by `resume`.',
    body: Hold,
    handle: async (call) => {
      const request = await requestOf(call, call.params.id)
      const { reason, until } = call.body
      const end = until === undefined ? undefined : new Date(until)
      return changing(call, { request, changes: call.body }, () => call.api.upkeep.hold(request, reason, end))
    },
  }),
  defineRoute({
    ...common,
    id: 'resumeTicket',
    method: 'post',
    path: '/tickets/{id}/resume',
    summary: 'End a hold',
    body: nothing,
    handle: async (call) => {
      const request = await requestOf(call, call.params.id)
      return changing(call, { request, changes: {} }, () => call.api.upkeep.resume(request))
    },
  }),
  defineRoute({
    ...common,
    id: 'reopenTicket',
    method: 'post',
    path: '/tickets/{id}/reopen',
    summary: 'Take up a solved ticket again',
    body: Reason,
    handle: async (call) => {
      const request = await requestOf(call, call.params.id)
      const { reason } = call.body
      return changing(call, { request, changes: call.body }, () => call.api.upkeep.reopen(request, reason))
    },
  }),
  defineRoute({
    ...common,
    id: 'closeTicket',
    method: 'post',
    path: '/tickets/{id}/close',
    summary: 'End a ticket for good, without a reply',
    body: Reason,
    handle: async (call) => {
      const request = await requestOf(call, call.params.id)
      const { reason } = call.body
      return changing(call, { request, changes: call.body }, () => call.api.upkeep.close(request, reason))
    },
  }),
]
