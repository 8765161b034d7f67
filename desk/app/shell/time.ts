import { useSyncExternalStore } from 'react'
import type { TicketView } from '../api/desk.ts'
import { present } from '../api/present.ts'
import type { Translate } from '../words/index.ts'

const zone = 'Asia/Shanghai'
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...options })
const days = format({ year: 'numeric', month: '2-digit', day: '2-digit' })
const clocks = format({ hour: '2-digit', minute: '2-digit' })

/** `2026-11-23 12:05`. */
export const exactTime = (at: Date | string): string => {
  const moment = new Date(at)
  return `${days.format(moment)} ${clocks.format(moment)}`
}

/** Only the clock for today, else the date with it. */
export const shortTime = (at: string): string => {
  const moment = new Date(at)
  return days.format(moment) === days.format(present()) ? clocks.format(moment) : exactTime(moment)
}

/** `12-01 10:00`, with the year where it is another one. */
export const dayAndClock = (at: string): string => {
  const [exact, today] = [exactTime(at), exactTime(new Date(present()))]
  return exact.slice(0, 5) === today.slice(0, 5) ? exact.slice(5) : exact
}

/** A span in the largest unit that says enough. */
export const spanOf = (ms: number, t: Translate): string => {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000))
  if (minutes < 120) return t('time.minutes', { n: minutes })
  const hours = Math.round(minutes / 60)
  return hours < 48 ? t('time.hours', { n: hours }) : t('time.days', { n: Math.round(hours / 24) })
}

const tickMs = 15_000
let now = present()
const hearers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

const subscribe = (hear: () => void): (() => void) => {
  now = present()
  hearers.add(hear)
  timer ??= setInterval(() => {
    now = present()
    for (const one of hearers) one()
  }, tickMs)
  return () => {
    hearers.delete(hear)
    if (hearers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, some seconds exact; whoever asks is drawn anew as it goes on. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** How much of a promised time is left: `soon` with a quarter or less. */
export type DueLevel = 'done' | 'paused' | 'calm' | 'soon' | 'over'

export interface Due {
  readonly level: DueLevel
  readonly text: string
  /** What is due, and when exactly. */
  readonly exact: string
}

/** What is owed next: what is due first, else a reply before the end of the matter. */
const soonest = (ticket: TicketView) => {
  const { firstRepliedAt, firstReplyDueAt, nextReplyDueAt, resolutionDueAt, dueAt } = ticket
  const reply =
    firstRepliedAt === undefined
      ? ({ name: 'due.first', at: firstReplyDueAt } as const)
      : nextReplyDueAt === undefined
        ? undefined
        : ({ name: 'due.next', at: nextReplyDueAt } as const)
  return reply === undefined || (dueAt === resolutionDueAt && dueAt < reply.at)
    ? ({ name: 'due.resolution', at: resolutionDueAt } as const)
    : reply
}

/** Whether a promise of the ticket is in danger, or was not kept; the server says from when on. */
export const isInDanger = ({ dangerAt }: TicketView, at: number): boolean =>
  dangerAt !== undefined && Date.parse(dangerAt) <= at

/** The promised time that counts now. */
export const dueOf = (ticket: TicketView, at: number, t: Translate): Due => {
  if (ticket.state === 'solved' || ticket.state === 'closed')
    return { level: 'done', text: t('due.solved'), exact: exactTime(ticket.solvedAt ?? ticket.updatedAt) }
  const owed = soonest(ticket)
  const dueAt = Date.parse(owed.at)
  const exact = `${t(owed.name)} ${exactTime(owed.at)}`
  if (ticket.pausedAt !== undefined) return { level: 'paused', text: t('due.paused'), exact }
  const left = dueAt - at
  if (left < 0) return { level: 'over', text: t('due.over', { time: spanOf(left, t) }), exact }
  const level = isInDanger(ticket, at) ? 'soon' : 'calm'
  return { level, text: t('due.left', { time: spanOf(left, t) }), exact }
}
