import { desk, type TicketView } from '../api/desk.ts'
import { createKey } from '../api/request.ts'
import { answerOf, v1 } from '../api/v1.ts'
import { paramsOf } from './change-ticket.ts'
import { undoMs, type Changed } from './use-batch.ts'

/** To whom a ticket goes; an empty note goes with nobody. */
export type Target =
  { readonly kind: 'me' } | { readonly kind: 'agent' | 'team'; readonly id: string; readonly note: string }

interface Assigning {
  readonly agentId: string
  /** May take from colleagues and give without a note. */
  readonly leads: boolean
}

const give = async (ticket: TicketView, target: Target, { leads }: Assigning): Promise<TicketView> => {
  const { id, version } = ticket
  if (target.kind === 'me')
    return (
      await desk.act(
        id,
        'take',
        { version, ...(ticket.assigneeId !== undefined && leads ? { force: true } : {}) },
        createKey(),
      )
    ).ticket
  if (target.kind === 'agent' && target.note === '' && leads)
    return answerOf(
      v1.POST('/tickets/{id}/assign', { params: paramsOf(ticket), body: { agentId: target.id } }),
    )
  const { note } = target
  const to = target.kind === 'team' ? { teamId: target.id } : { agentId: target.id }
  return (await desk.transfer(id, { ...to, note, version }, createKey())).ticket
}

/** Gives it back to whom it was taken from, or to nobody. */
const giveBack = ({ assigneeId }: TicketView, after: TicketView): Promise<unknown> =>
  assigneeId === undefined
    ? answerOf(v1.POST('/tickets/{id}/unassign', { params: paramsOf(after) }))
    : answerOf(v1.POST('/tickets/{id}/assign', { params: paramsOf(after), body: { agentId: assigneeId } }))

/** Gives a ticket to somebody. What is a colleague's then is taken back only by whoever leads. */
export const assignTicket = async (
  ticket: TicketView,
  target: Target,
  assigning: Assigning,
): Promise<Changed> => {
  if (target.kind === 'me' && ticket.assigneeId === assigning.agentId)
    return { after: ticket, back: () => Promise.resolve(), leftMs: undoMs }
  const after = await give(ticket, target, assigning)
  const isOurs = assigning.leads || (target.kind === 'me' && ticket.assigneeId === undefined)
  return { after, leftMs: undoMs, back: isOurs ? () => giveBack(ticket, after) : undefined }
}
