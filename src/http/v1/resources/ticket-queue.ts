import { z } from '@hono/zod-openapi'
import type { QueueRequest, TransferTarget } from '../../../core/queue.ts'
import type { TicketRequest } from '../../../core/ticket.ts'
import { TicketSchema } from '../../shapes/ticket.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import { ticketExample } from './examples.ts'
import { acting } from './ticket-upkeep.ts'
import { TicketParams } from './tickets.ts'

const agentId = z.string().min(1).max(100)
const note = z.string().max(10_000).openapi({ description: 'Agents read it in the transcript' })
const Transfer = z
  .union([z.strictObject({ agentId, note }), z.strictObject({ teamId: z.uuid(), note })])
  .openapi('TransferInput', {
    example: { teamId: '0198c0de-0000-7000-8000-000000000020', note: '要退年度大会员，我没有权限' },
  })
const Assign = z.strictObject({ agentId }).openapi('AssignInput', { example: { agentId: 'an agent’s id' } })

const targetOf = (body: z.output<typeof Transfer>): TransferTarget =>
  'agentId' in body ? { agentId: body.agentId } : { teamId: body.teamId }

/** What a colleague holds is moved by whoever may take it over. */
const queueRequest = (request: TicketRequest, { caller }: Pick<RawCall, 'caller'>): QueueRequest => ({
  ...request,
  force: caller.permissions.has('ticket.take-over'),
})

const common = {
  tag: 'tickets',
  method: 'post',
  params: TicketParams,
  query: nothing,
  answer: TicketSchema,
  example: ticketExample,
  versioned: true,
} as const

/** Who has a ticket. */
export const ticketQueueRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'transferTicket',
    path: '/tickets/{id}/transfer',
    summary: 'Hand a ticket over with a note',
    description:
      'To an agent who is not offline, or into a team’s queue. What a colleague holds is moved by whoever may take it over.',
    permission: 'ticket.take',
    body: Transfer,
    handle: (call) =>
      acting(call, (request, body) =>
        call.api.queues.work.transfer(queueRequest(request, call), targetOf(body), body.note),
      ),
  }),
  defineRoute({
    ...common,
    id: 'assignTicket',
    path: '/tickets/{id}/assign',
    summary: 'Give a ticket to an agent',
    description: 'Beyond their capacity, too; not to who is offline.',
    permission: 'ticket.take-over',
    body: Assign,
    handle: (call) =>
      acting(call, (request, body) => call.api.queues.work.assign(queueRequest(request, call), body.agentId)),
  }),
  defineRoute({
    ...common,
    id: 'unassignTicket',
    path: '/tickets/{id}/unassign',
    summary: 'Put a ticket back into its queue',
    description: 'One’s own; a colleague’s by whoever may take it over. The bot stays silent.',
    permission: 'ticket.take',
    body: nothing,
    handle: (call) => acting(call, (request) => call.api.queues.work.unassign(queueRequest(request, call))),
  }),
]
