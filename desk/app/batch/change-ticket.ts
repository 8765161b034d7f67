import { desk, type TicketView } from '../api/desk.ts'
import { createKey } from '../api/request.ts'
import { answerOf, ifMatch, v1, type BodyOf } from '../api/v1.ts'
import { undoMs, type Changed } from './use-batch.ts'

/** What a change of a ticket is asked with: where, that it takes effect once, and what was seen. */
export const paramsOf = ({ id, version }: Pick<TicketView, 'id' | 'version'>) => ({
  path: { id },
  header: { 'Idempotency-Key': createKey(), ...ifMatch(version) },
})

type Body = BodyOf<'/tickets/{id}', 'patch'>

/** Changes what a ticket says of itself; `before` puts it back. */
export const patchTicket = async (ticket: TicketView, body: Body, before: Body): Promise<Changed> => {
  const after = await answerOf(v1.PATCH('/tickets/{id}', { params: paramsOf(ticket), body }))
  return {
    after,
    leftMs: undoMs,
    back: () => answerOf(v1.PATCH('/tickets/{id}', { params: paramsOf(after), body: before })),
  }
}

/** Solves a ticket; the server says how long that can be undone. */
export const solveTicket = async ({ id, version }: TicketView): Promise<Changed> => {
  const { ticket, undo } = await desk.act(id, 'solve', { version }, createKey())
  return {
    after: ticket,
    leftMs: undo?.leftMs ?? 0,
    back: undo === undefined ? undefined : () => desk.undoSolve(id),
  }
}
