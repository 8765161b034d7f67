import { z } from '@hono/zod-openapi'
import { mapStrings, type PersonalKind } from '../../../core/masking.ts'
import { caseJson, CaseSchema } from '../../shapes/complaint.ts'
import { contactJson, ContactSchema } from '../../shapes/contact.ts'
import { messageJson, MessageSchema } from '../../shapes/message.ts'
import { ticketJson, TicketSchema } from '../../shapes/ticket.ts'
import { requirePermission } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import { caseExample } from './complaint-examples.ts'
import { contactExample, messageExample, ticketExample } from './examples.ts'
import { idOf, TicketParams } from './tickets.ts'

const common = {
  method: 'post',
  permission: 'personal.reveal',
  query: nothing,
  plain: true,
  description:
    'The same as reading it, which must be allowed too, with personal data in full. Who asked, when, from where and for what reason stands in the audit log.',
  body: z
    .strictObject({
      reason: z.string().trim().min(2).max(500).openapi({ description: 'What it is needed for' }),
    })
    .openapi('RevealInput', { example: { reason: '回电核实退款账户' } }),
} as const

const Params = z.strictObject({ id: z.uuid() })

interface Revealed {
  readonly kind: string
  readonly id: string
  readonly reason: string
}

/** Written down before it is shown: an answer that got lost on the way may have been read. */
const noteReveal = async (
  { api }: Pick<RawCall, 'api'>,
  { kind, id, reason }: Revealed,
  shown: unknown,
): Promise<void> => {
  const kinds = new Set<PersonalKind>()
  mapStrings(shown, (text) => {
    for (const found of api.masker.kinds(text)) kinds.add(found)
    return text
  })
  await api.audit.record({
    act: 'personal.revealed',
    object: { kind, id },
    // Kept for years: what somebody typed in of the person is not.
    reason: api.masker.text(reason),
    detail: { kinds: [...kinds] },
  })
}

/** Shows what is masked everywhere else, to whoever may read it there: a key for revealing alone opens nothing. */
export const revealRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'revealMessage',
    path: '/messages/{id}/reveal',
    tag: 'conversations',
    summary: 'Show a message in full',
    params: Params,
    answer: MessageSchema,
    example: messageExample,
    handle: async (call) => {
      requirePermission(call.caller, 'ticket.read')
      const { id } = call.params
      const body = messageJson(await call.api.reading.message(id))
      await noteReveal(call, { kind: 'message', id, reason: call.body.reason }, body)
      return { body }
    },
  }),
  defineRoute({
    ...common,
    id: 'revealTicket',
    path: '/tickets/{id}/reveal',
    tag: 'tickets',
    summary: 'Show a ticket in full',
    params: TicketParams,
    answer: TicketSchema,
    example: ticketExample,
    handle: async (call) => {
      requirePermission(call.caller, 'ticket.read')
      const id = await idOf(call.api, call.params.id)
      const body = ticketJson(await call.api.tickets.get(id), call.language)
      await noteReveal(call, { kind: 'ticket', id, reason: call.body.reason }, body)
      return { body }
    },
  }),
  defineRoute({
    ...common,
    id: 'revealContact',
    path: '/contacts/{id}/reveal',
    tag: 'contacts',
    summary: 'Show a contact in full',
    params: Params,
    answer: ContactSchema,
    example: contactExample,
    handle: async (call) => {
      requirePermission(call.caller, 'contact.read')
      const body = contactJson(await call.api.contacts.get(call.params.id))
      await noteReveal(call, { kind: 'contact', id: body.id, reason: call.body.reason }, body)
      return { body }
    },
  }),
  defineRoute({
    ...common,
    id: 'revealComplaint',
    path: '/complaints/{id}/reveal',
    tag: 'complaints',
    summary: 'Show a complaint case in full',
    params: Params,
    answer: CaseSchema,
    example: caseExample,
    handle: async (call) => {
      requirePermission(call.caller, 'complaint.read')
      const { id } = call.params
      const body = caseJson(await call.api.complaints.get(id))
      await noteReveal(call, { kind: 'complaint', id, reason: call.body.reason }, body)
      return { body }
    },
  }),
]
