import { create } from 'zustand'
import type { TicketView } from '../api/desk.ts'

const storageKey = (agentId: string): string => `tongda.read.${agentId}`
/** What was read longest ago is forgotten first. */
const most = 1_000

/** What each ticket said when it was last read; empty: marked as unread. */
type Read = Readonly<Record<string, string>>

const stored = (agentId: string): Read => {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(storageKey(agentId)) ?? '{}')
    return typeof read === 'object' && read !== null ? (read as Read) : {}
  } catch {
    return {}
  }
}

interface ReadState {
  readonly agentId: string | undefined
  readonly read: Read
}

const useRead = create<ReadState>(() => ({ agentId: undefined, read: {} }))

const readOf = (state: ReadState, agentId: string): Read =>
  state.agentId === agentId ? state.read : stored(agentId)

/** What of a ticket is news: that the contact waits, and for which answer. */
const newsOf = ({ nextReplyDueAt, firstRepliedAt, createdAt }: TicketView): string =>
  nextReplyDueAt ?? (firstRepliedAt === undefined ? createdAt : 'nothing')

const keep = (agentId: string, id: string, news: string): void => {
  const before = readOf(useRead.getState(), agentId)
  if (before[id] === news) return
  const others = Object.entries(before).filter(([one]) => one !== id)
  const read = Object.fromEntries([...others, [id, news] as const].slice(-most))
  useRead.setState({ agentId, read })
  try {
    localStorage.setItem(storageKey(agentId), JSON.stringify(read))
  } catch {
    // Private windows forget; nothing else depends on it.
  }
}

/** Notes that the agent has read a ticket as it is now. */
export const markRead = (agentId: string, ticket: TicketView): void => {
  keep(agentId, ticket.id, newsOf(ticket))
}

/** Notes that she wants to come back to it. */
export const markUnread = (agentId: string, { id }: TicketView): void => {
  keep(agentId, id, '')
}

/** Which tickets she has yet to read in this browser: those she marked, and those whose contact waits for an answer since. */
export const useUnread = (agentId: string): ((ticket: TicketView) => boolean) => {
  const state = useRead()
  const read = readOf(state, agentId)
  return (ticket) => {
    const news = newsOf(ticket)
    const known = read[ticket.id]
    return known === '' || (news !== 'nothing' && known !== news)
  }
}
