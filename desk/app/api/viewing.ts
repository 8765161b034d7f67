import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { Viewing } from '../../../src/http/api.ts'
import { desk } from './desk.ts'

/** A desk that was not heard of for so long is gone. */
const forgetMs = 25_000
const beatMs = 10_000

interface Seen extends Viewing {
  readonly heardAt: number
}

/** Colleagues by ticket and agent. */
let seen: ReadonlyMap<string, Seen> = new Map()
const hearers = new Set<() => void>()
/** What this window does where, to answer newcomers with. */
let own: { readonly ticketId: string; readonly doing: 'looking' | 'typing' } | undefined

const set = (next: ReadonlyMap<string, Seen>): void => {
  seen = next
  for (const hear of hearers) hear()
}

/** How far this window has read the conversation that is open, and what of it the server knows. */
let read: { readonly ticketId: string; readonly seq: number; readonly told: boolean } | undefined

/** Notes how far a conversation was read (`seq`); it is told with the next word about who is at it. */
export const noteRead = (ticketId: string, seq: number): void => {
  if (read?.ticketId !== ticketId || read.seq < seq) read = { ticketId, seq, told: false }
}

/** What this window does at a ticket that it has open, or is about to. */
export const doingAt = (ticketId: string): 'looking' | 'typing' =>
  own?.ticketId === ticketId ? own.doing : 'looking'

const tell = (ticketId: string, doing: Viewing['doing']): void => {
  const news = read?.ticketId === ticketId && !read.told ? read : undefined
  if (news !== undefined) read = { ...news, told: true }
  desk.viewing(ticketId, doing, news?.seq).catch(() => {
    if (news !== undefined && read?.ticketId === ticketId) read = { ...read, told: false }
  })
}

/** Takes what another desk says. `agentId`: our own, which other windows of ours speak with as well. */
export const hearViewing = (viewing: Viewing, agentId: string): void => {
  if (viewing.agentId === agentId) return
  const key = `${viewing.ticketId} ${viewing.agentId}`
  const isNew = !seen.has(key)
  const next = new Map(seen)
  if (viewing.doing === 'gone') next.delete(key)
  else next.set(key, { ...viewing, heardAt: Date.now() })
  set(next)
  // Whoever comes learns at once who is there already.
  if (isNew && viewing.doing !== 'gone' && own?.ticketId === viewing.ticketId) tell(own.ticketId, own.doing)
}

setInterval(() => {
  const since = Date.now() - forgetMs
  const fresh = [...seen].filter(([, { heardAt }]) => heardAt >= since)
  if (fresh.length < seen.size) set(new Map(fresh))
}, beatMs)

const subscribe = (hear: () => void): (() => void) => {
  hearers.add(hear)
  return () => {
    hearers.delete(hear)
  }
}

/** Everybody else who is at a ticket. */
export const useViewers = (ticketId: string): readonly Viewing[] => {
  const all = useSyncExternalStore(subscribe, () => seen)
  return [...all.values()].filter((viewing) => viewing.ticketId === ticketId)
}

/** Says that this agent has a ticket open, and whether she types, as long as it lasts. */
export const useTellViewing = (ticketId: string, isTyping: boolean): void => {
  const doing = isTyping ? 'typing' : 'looking'
  // That it was opened was told by the request that fetched it.
  const said = useRef<Viewing['doing']>('looking')
  useEffect(() => {
    own = { ticketId, doing }
    if (said.current !== doing) tell(ticketId, doing)
    said.current = doing
    const timer = setInterval(() => {
      if (!document.hidden) tell(ticketId, doing)
    }, beatMs)
    return () => {
      clearInterval(timer)
    }
  }, [ticketId, doing])
  useEffect(
    () => () => {
      own = undefined
      tell(ticketId, 'gone')
    },
    [ticketId],
  )
}
