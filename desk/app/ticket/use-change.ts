import { useMutation } from '@tanstack/react-query'
import App from 'antd/es/app'
import type { TicketView } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { ifMatch, type Schemas } from '../api/v1.ts'
import { useWords, type WordKey } from '../words/index.ts'
import { useFault, useNews } from './use-act.ts'

/** What a change of a ticket is asked with: where, that it takes effect once, and what was seen. */
export interface ChangeParams {
  readonly path: { readonly id: string }
  readonly header: { readonly 'Idempotency-Key': string; readonly 'If-Match': string }
}

export type TicketChange = (params: ChangeParams) => Promise<Schemas['Ticket']>

/** Changes a ticket by the public API; says `done`, or why not. */
export const useChange = ({ id, version }: TicketView, done: WordKey) => {
  const t = useWords()
  const { message } = App.useApp()
  const take = useNews()
  const tell = useFault()
  return useMutation({
    mutationFn: (change: TicketChange) =>
      change({ path: { id }, header: { 'Idempotency-Key': createKey(), ...ifMatch(version) } }),
    onSuccess: (ticket) => {
      take({ ticket })
      void message.success(t(done))
    },
    onError: (error) => {
      tell(error)
      lookAgain(id)
    },
  })
}
