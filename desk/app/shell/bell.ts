import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { Preferences, TicketView } from '../api/desk.ts'
import { useTickets } from '../api/queries.ts'
import { useAlerts } from '../people/use-alerts.ts'
import { useWords } from '../words/index.ts'
import { keepLocal, readLocal } from './local.ts'
import { usePreferences } from './preferences.ts'
import { ring } from './ring.ts'
import { useSession } from './session.ts'
import { hasTurn, isAnySeen, tellOthers, useToldElsewhere } from './turns.ts'

const storageKey = 'tongda.bell'

const stored = (): boolean => readLocal(storageKey) === 'on'

interface BellState {
  readonly isOn: boolean
  readonly turn: (on: boolean) => void
}

/** Whether this agent wants to be told in this browser. Off until asked for. */
export const useBell = create<BellState>((set) => ({
  isOn: stored(),
  turn: (on) => {
    set({ isOn: on })
    // The browser asks once, and only after a click.
    if (on && 'Notification' in globalThis && Notification.permission === 'default')
      void Notification.requestPermission()
    keepLocal(storageKey, on ? 'on' : 'off')
  },
}))
// The other windows of this browser follow.
addEventListener('storage', ({ key }) => {
  if (key === storageKey) useBell.setState({ isOn: stored() })
})

/** Whether this window goes on listening while nobody sees it: the one that tells does. */
export const staysAwake = (): boolean => useBell.getState().isOn && hasTurn()

export type Occasion = keyof Preferences['notices']
export type Loudness = NonNullable<Preferences['notices'][Occasion]>

/** What agents are told of, and how loudly as long as they did not say otherwise. */
export const usualNotices: Readonly<Record<Occasion, Loudness>> = {
  waiting: 'sound',
  message: 'sound',
  mentioned: 'notice',
  danger: 'notice',
  broken: 'sound',
}
export const occasions = Object.keys(usualNotices) as readonly Occasion[]

/** Something that an agent should hear of. */
interface Call {
  readonly occasion: Occasion
  readonly ticketId: string
  readonly number: number
  readonly title: string
}

const callOf = (occasion: Occasion, { id, number, title }: TicketView): Call => ({
  ...{ occasion, number, title },
  ticketId: id,
})

/** Somebody waits for anybody, or for them. */
const callsFor = (tickets: readonly TicketView[], agentId: string): readonly (readonly [string, Call])[] =>
  tickets.flatMap((ticket): readonly (readonly [string, Call])[] => {
    const { id, assigneeId, nextReplyDueAt } = ticket
    if (assigneeId === undefined) return [[`${id} waits`, callOf('waiting', ticket)]]
    return assigneeId === agentId && nextReplyDueAt !== undefined
      ? [[`${id} ${nextReplyDueAt}`, callOf('message', ticket)]]
      : []
  })

/** Everything to hear of now, each under a name that stays; undefined until it is known. */
const useAllCalls = (): ReadonlyMap<string, Call> | undefined => {
  const { agent, may } = useSession()
  const { data: tickets } = useTickets('open', may('ticket.read'))
  const { data: mentioned } = useTickets('mentioned', may('ticket.read'))
  const { data: alerts } = useAlerts()
  if (tickets === undefined || mentioned === undefined || alerts === undefined) return undefined
  return new Map([
    ...callsFor(tickets, agent.id),
    // Read, it leaves the list; the next mention is news again.
    ...mentioned.map((ticket): readonly [string, Call] => [
      `${ticket.id} mentioned`,
      callOf('mentioned', ticket),
    ]),
    ...alerts.map(({ id, kind, ticketId, number, title }): readonly [string, Call] => [
      id,
      { occasion: kind, ticketId, number, title },
    ]),
  ])
}

/** Shows a notice of the machine, unless one of our windows is looked at; a click on it leads to the ticket. */
const notify = async (title: string, body: string, follow: () => void): Promise<void> => {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted' || (await isAnySeen())) return
  const notice = new Notification(title, { body, tag: 'tongda', silent: true })
  notice.onclick = () => {
    focus()
    follow()
    notice.close()
  }
}

/** Counts in the window's title those who wait for anybody. */
const useTitle = (): void => {
  const t = useWords()
  const { may } = useSession()
  const { data } = useTickets('open', may('ticket.read'))
  const waiting = data?.filter(({ assigneeId }) => assigneeId === undefined).length ?? 0
  useEffect(() => {
    document.title = `${waiting === 0 ? '' : `(${waiting}) `}${t('title')}`
  }, [waiting, t])
}

/** Tells of what is new, in one of an agent's windows, as loudly as she likes. */
export const useCalls = (): void => {
  const t = useWords()
  const navigate = useNavigate()
  const isOn = useBell((state) => state.isOn)
  const { notices } = usePreferences()
  const calls = useAllCalls()
  const heard = useRef<ReadonlySet<string>>(undefined)
  const told = useToldElsewhere()
  useTitle()
  useEffect(() => {
    if (calls === undefined) return
    const known = heard.current
    heard.current = new Set(calls.keys())
    // What stood there at the beginning is no news.
    if (known === undefined || !isOn || !hasTurn()) return
    if (![...calls.keys()].some((name) => !known.has(name))) return
    tellOthers(heard.current)
    const loudnessOf = ({ occasion }: Call): Loudness => notices[occasion] ?? usualNotices[occasion]
    const news = [...calls].flatMap(([name, call]) =>
      known.has(name) || told.current.has(name) || loudnessOf(call) === 'off' ? [] : [call],
    )
    const [first] = news
    if (first === undefined) return
    if (news.some((call) => loudnessOf(call) === 'sound')) ring()
    const { occasion, number, title, ticketId } = first
    const more = news.length === 1 ? '' : ` ${t('bell.more', { n: news.length - 1 })}`
    void notify(`T-${number} ${title}`, `${t(`bell.${occasion}`)}${more}`, () => {
      const view = occasion === 'mentioned' ? 'mentioned' : 'open'
      void navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId } })
    })
  })
}
