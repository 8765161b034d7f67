import { useMutation } from '@tanstack/react-query'
import { desk, type TicketChanged, type TicketView } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { ifMatch, type Schemas } from '../api/v1.ts'
import { useWords, type WordKey } from '../words/index.ts'
import { useUndo } from './undo.tsx'
import { useFault, useNews } from './use-act.ts'

/** What a change of a ticket is asked with: where, that it takes effect once, and what was seen. */
export interface ChangeParams {
  readonly path: { readonly id: string }
  readonly header: { readonly 'Idempotency-Key': string; readonly 'If-Match': string }
}

export type TicketChange = (params: ChangeParams) => Promise<Schemas['Ticket']>

/** Changes a ticket by the public API; says `done`, or why not. `undone`: it can be taken back, which this then says. */
export const useChange = ({ id, version }: TicketView, done: WordKey, undone?: string) => {
  const t = useWords()
  const take = useNews()
  const tell = useFault()
  const undo = useUndo()
  return useMutation({
    mutationFn: async (change: TicketChange): Promise<TicketChanged> => {
      const header = { 'Idempotency-Key': createKey(), ...ifMatch(version) }
      const ticket = await change({ path: { id }, header })
      // It is done, whether or not the way back is known.
      const offer = undone === undefined ? {} : await desk.undoOffer(id).catch(() => ({}))
      return { ticket, ...offer }
    },
    onSuccess: (changed) => {
      take(changed)
      undo.offer(changed, t(done), undone === undefined ? {} : { undone })
    },
    onError: (error) => {
      tell(error)
      lookAgain(id)
    },
  })
}
