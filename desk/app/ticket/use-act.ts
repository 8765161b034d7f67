import { useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import App from 'antd/es/app'
import {
  desk,
  type PlainAct,
  type TicketChanged,
  type TicketDetail,
  type TicketList,
  type TicketView,
} from '../api/desk.ts'
import { keys, lookAgain } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/index.ts'
import { useUndo } from './undo.tsx'
import { Declined, useAsking } from './use-asking.tsx'

const withNews = (page: TicketList, ticket: TicketView): TicketList => ({
  ...page,
  tickets: page.tickets.map((one) => (one.id === ticket.id && one.version < ticket.version ? ticket : one)),
})

/** Puts what a change answered in the place of what was known, so that nothing waits for the next look. */
export const useNews = () => {
  const client = useQueryClient()
  return ({ ticket }: TicketChanged): void => {
    client.setQueryData<TicketDetail>(keys.ticket(ticket.id), (known) =>
      known === undefined || known.ticket.version > ticket.version ? known : { ...known, ticket },
    )
    client.setQueriesData<InfiniteData<TicketList>>(
      { queryKey: keys.tickets },
      (known) => known && { ...known, pages: known.pages.map((page) => withNews(page, ticket)) },
    )
    lookAgain(ticket.id)
  }
}

/** Says why something could not be done; nothing where the agent herself thought better of it. */
export const useFault = () => {
  const t = useWords()
  const { message } = App.useApp()
  return (error: unknown): void => {
    if (!(error instanceof Declined)) void message.error(explain(error, t))
  }
}

interface Wanted {
  readonly act: PlainAct
  readonly force?: boolean
}

/** Changes the state of a ticket; a second try while the first is under way does nothing. */
export const useAct = ({ id, version }: { readonly id: string; readonly version: number }) => {
  const t = useWords()
  const take = useNews()
  const undo = useUndo()
  const asking = useAsking()
  return useMutation({
    mutationFn: ({ act, force = false }: Wanted) => {
      const key = createKey()
      return asking({ id, version, goOn: 'conflict.again' }, (seen) =>
        desk.act(
          id,
          act,
          { ...(seen === undefined ? {} : { version: seen }), ...(force ? { force } : {}) },
          key,
        ),
      )
    },
    onSuccess: (changed, { act }) => {
      take(changed)
      undo.offer(changed, t(`done.${act}`))
    },
    onError: useFault(),
  })
}
