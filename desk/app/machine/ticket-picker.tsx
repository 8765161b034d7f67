import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import { ApiError } from '../api/request.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { useRestedSearch } from '../shell/use-rested.ts'
import { useWords } from '../words/machine.ts'

/** A settled ticket from which others may be told something. */
export type PickedTicket = Pick<
  Schemas['Ticket'],
  'id' | 'number' | 'title' | 'topic' | 'state' | 'updatedAt'
>

/** As many as an article is drafted from. */
const most = 10
const pageSize = 50
/** Tickets that a search looks into. */
const mostFound = 20
/** Characters that are looked for. */
const mostTyped = 100

/** Settled, and not about certain people. */
const isFit = ({ state, kind }: Schemas['Ticket']): boolean =>
  (state === 'solved' || state === 'closed') && kind !== 'complaint' && kind !== 'appeal'

const useSettled = () =>
  useInfiniteQuery({
    queryKey: ['settled-tickets'],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...{ state: 'solved,closed', order: 'newest' as const, limit: pageSize },
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
      }
      return answerOf(v1.GET('/tickets', { params: { query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })

const isGone = (error: unknown): boolean => error instanceof ApiError && error.code === 'not_found'

/** Tickets by their numbers or ids; those that are gone are left out. */
const readAll = async (
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly Schemas['Ticket'][]> => {
  const read = ids.map(async (id) => {
    try {
      return [await answerOf(v1.GET('/tickets/{id}', { params: { path: { id } }, signal }))]
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  })
  return (await Promise.all(read)).flat()
}

const numbersIn = (typed: string): readonly string[] =>
  [...new Set(typed.match(/\d{1,9}/g) ?? [])].map((number) => `T-${number}`)

/** Tickets that are named, or under which something was said. */
const useFound = (typed: string) =>
  useQuery({
    queryKey: ['settled-tickets', 'found', typed],
    queryFn: async ({ signal }) => {
      if (/^T?-?\d+(?:[\s,，、]+T?-?\d+)*[\s,，、]*$/iu.test(typed))
        return readAll(numbersIn(typed).slice(0, mostFound), signal)
      const query = { q: typed, limit: 100 }
      const { data } = await answerOf(v1.GET('/messages', { params: { query }, signal }))
      const ids = [...new Set(data.flatMap(({ ticketId }) => ticketId ?? []))]
      return readAll(ids.slice(0, mostFound), signal)
    },
    enabled: typed !== '',
    placeholderData: (before) => (typed === '' ? undefined : before),
  })

const has = ({ number, title, topic, tags }: Schemas['Ticket'], words: string): boolean =>
  [`T-${number}`, title, topic, ...tags].join(' ').toLowerCase().includes(words.toLowerCase())

interface RowProps {
  readonly ticket: PickedTicket
  readonly isChosen: boolean
  readonly isFull: boolean
  readonly change: (isChosen: boolean) => void
}

const Row = ({ ticket: { number, title, topic, updatedAt }, isChosen, isFull, change }: RowProps) => (
  <li>
    <Checkbox
      checked={isChosen}
      disabled={isFull && !isChosen}
      onChange={({ target }) => change(target.checked)}
    >
      T-{number} <bdi>{title}</bdi>{' '}
      <span className="quiet">
        {topic} ·{' '}
        <time dateTime={updatedAt} title={exactTime(updatedAt)}>
          {shortTime(updatedAt)}
        </time>
      </span>
    </Checkbox>
  </li>
)

interface TicketPickerProps {
  readonly chosen: readonly PickedTicket[]
  readonly choose: (tickets: readonly PickedTicket[]) => void
}

/** Settled tickets to choose from, the newest first; found by title, topic, number and by what was said. */
export const TicketPicker = ({ chosen, choose }: TicketPickerProps) => {
  const t = useWords()
  const { words, isTyping, field } = useRestedSearch()
  const settled = useSettled()
  const found = useFound(words)
  const listed = (settled.data?.pages.flatMap(({ data }) => data) ?? []).filter(isFit)
  const fits =
    words === '' ? listed : [...listed.filter((one) => has(one, words)), ...(found.data ?? []).filter(isFit)]
  const isChosen = ({ id }: PickedTicket): boolean => chosen.some((one) => one.id === id)
  // What is chosen stays in sight, and where it can be taken back, whatever is looked for.
  const rows = [...new Map([...chosen, ...fits].map((one) => [one.id, one])).values()]
  const error = settled.error ?? found.error
  const isLooking = settled.isPending || isTyping || (words !== '' && found.isFetching)
  return (
    <>
      <Input
        autoFocus
        allowClear
        maxLength={mostTyped}
        aria-label={t('machine.pick.find')}
        placeholder={t('machine.pick.find')}
        {...field}
      />
      <p role="status" className="quiet">
        {t('machine.pick.chosen', { n: chosen.length, most })}
        {!isLooking && fits.length === 0 ? ` ${t('machine.pick.none')}` : ''}
      </p>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      <ul className="article-choices" aria-label={t('machine.pick')} aria-busy={isLooking}>
        {rows.map((ticket) => (
          <Row
            key={ticket.id}
            ticket={ticket}
            isChosen={isChosen(ticket)}
            isFull={chosen.length >= most}
            change={(taken) =>
              choose(taken ? [...chosen, ticket] : chosen.filter(({ id }) => id !== ticket.id))
            }
          />
        ))}
      </ul>
      {settled.hasNextPage ? (
        <Button
          size="small"
          loading={settled.isFetchingNextPage}
          onClick={() => void settled.fetchNextPage()}
        >
          {t('machine.pick.more')}
        </Button>
      ) : null}
    </>
  )
}
