import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { desk, type PlainAct, type TicketChanged, type TicketDetail } from '../api/desk.ts'
import { keys, lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/index.ts'
import { useUndo } from './undo.tsx'

/** Puts what a change answered in the place of what was known, so that nothing waits for the next look. */
export const useNews = () => {
  const client = useQueryClient()
  return ({ ticket }: TicketChanged): void => {
    client.setQueryData<TicketDetail>(keys.ticket(ticket.id), (known) =>
      known === undefined || known.ticket.version > ticket.version ? known : { ...known, ticket },
    )
    lookAgain(ticket.id)
  }
}

interface Wanted {
  readonly act: PlainAct
  readonly force?: boolean
}

/** Changes the state of a ticket; a second try while the first is under way does nothing. */
export const useAct = ({ id, version }: { readonly id: string; readonly version: number }) => {
  const t = useWords()
  const { message } = App.useApp()
  const take = useNews()
  const undo = useUndo()
  return useMutation({
    mutationFn: ({ act, force = false }: Wanted) =>
      desk.act(id, act, force ? { version, force } : { version }, createKey()),
    onSuccess: (changed, { act }) => {
      take(changed)
      undo.offer(changed, t(`done.${act}`))
    },
    onError: (error) => {
      void message.error(explain(error, t))
      lookAgain(id)
    },
  })
}
