import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import type { Ticket, TicketFacts, TicketRequest } from '../../../core/ticket.ts'
import { Moment } from '../../shapes/message.ts'
import { ticketJson, TicketSchema } from '../../shapes/ticket.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { staleProblem } from '../versions.ts'
import { ticketExample } from './examples.ts'
import { idOf, TicketParams } from './tickets.ts'

type TicketCall = Pick<RawCall, 'api' | 'caller' | 'language' | 'version' | 'idempotencyKey'>
type TicketReply = Reply<z.output<typeof TicketSchema>>

/** The request behind a call. Throws `not_found`. */
const requestOf = async (call: TicketCall, id: string): Promise<TicketRequest> => {
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
 * Acts on a ticket and answers the one it gives. Where the ticket has changed since it was read, the refusal holds it
 * as it is now and what was to be written.
 */
export const acting = async <Body>(
  call: TicketCall & { readonly params: { readonly id: string }; readonly body: Body },
  act: (request: TicketRequest, body: Body) => Promise<Ticket>,
): Promise<TicketReply> => {
  const { api, language, body } = call
  const request = await requestOf(call, call.params.id)
  try {
    const ticket = await act(request, body)
    return { body: ticketJson(ticket, language), version: ticket.version }
  } catch (error) {
    const isStale =
      error instanceof TongdaError && error.code === 'conflict' && error.facts.yours !== undefined
    if (!isStale) throw error
    const current = ticketJson(await api.tickets.get(request.ticketId), language)
    throw staleProblem(current, { version: request.version, changes: body })
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
    description:
      'What is left out stays. Another priority or kind may have other terms: times are reckoned anew within a moment, and no promise is taken back.',
    body: Facts,
    handle: (call) => acting(call, (request, facts) => call.api.upkeep.change(request, factsOf(facts))),
  }),
  defineRoute({
    ...common,
    id: 'holdTicket',
    method: 'post',
    path: '/tickets/{id}/hold',
    summary: 'Wait for somebody else than the contact',
    description: 'It comes back at `until`, when the contact writes, or by `resume`.',
    body: Hold,
    handle: (call) =>
      acting(call, (request, { reason, until }) =>
        call.api.upkeep.hold(request, reason, until === undefined ? undefined : new Date(until)),
      ),
  }),
  defineRoute({
    ...common,
    id: 'resumeTicket',
    method: 'post',
    path: '/tickets/{id}/resume',
    summary: 'End a hold',
    body: nothing,
    handle: (call) => acting(call, (request) => call.api.upkeep.resume(request)),
  }),
  defineRoute({
    ...common,
    id: 'reopenTicket',
    method: 'post',
    path: '/tickets/{id}/reopen',
    summary: 'Take up a solved ticket again',
    body: Reason,
    handle: (call) => acting(call, (request, { reason }) => call.api.upkeep.reopen(request, reason)),
  }),
  defineRoute({
    ...common,
    id: 'closeTicket',
    method: 'post',
    path: '/tickets/{id}/close',
    summary: 'End a ticket for good, without a reply',
    body: Reason,
    handle: (call) => acting(call, (request, { reason }) => call.api.upkeep.close(request, reason)),
  }),
]
