import { present } from './present.js'
import { has, t } from './words.js'

const zone = 'Asia/Shanghai'
const parts = (options) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...options })
const dayOf = parts({ year: 'numeric', month: '2-digit', day: '2-digit' })
const clockOf = parts({ hour: '2-digit', minute: '2-digit' })

/** `2026-11-23 12:05`, Shanghai time. */
export const exactTime = (iso) => `${dayOf.format(new Date(iso))} ${clockOf.format(new Date(iso))}`

/** Only the clock for today, else the date with it. */
export const shortTime = (iso) =>
  dayOf.format(new Date(iso)) === dayOf.format(present()) ? clockOf.format(new Date(iso)) : exactTime(iso)

/** A span in the largest unit that says enough. */
export const span = (ms) => {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000))
  if (minutes < 120) return t('time.minutes', { n: minutes })
  const hours = Math.round(minutes / 60)
  return hours < 48 ? t('time.hours', { n: hours }) : t('time.days', { n: Math.round(hours / 24) })
}

/** What is owed next; a reply comes before the end of the matter. */
const soonest = ({
  firstRepliedAt,
  firstReplyDueAt,
  nextReplyDueAt,
  resolutionDueAt,
  createdAt,
  updatedAt,
}) => {
  if (firstRepliedAt === undefined) return { name: 'first', at: firstReplyDueAt, since: createdAt }
  if (nextReplyDueAt !== undefined) return { name: 'next', at: nextReplyDueAt, since: updatedAt }
  return { name: 'resolution', at: resolutionDueAt, since: createdAt }
}

/** The promised time that counts now, as words, a level for the colour, and the exact time. */
export const dueOf = (ticket, now = present()) => {
  if (ticket.state === 'solved' || ticket.state === 'closed') {
    const at = ticket.solvedAt ?? ticket.updatedAt
    return { level: 'done', icon: 'tick', text: t('due.solved'), exact: exactTime(at) }
  }
  const { name, at, since } = soonest(ticket)
  const dueAt = Date.parse(at)
  const exact = `${t(`due.${name}`)} ${exactTime(dueAt)}`
  if (ticket.pausedAt !== undefined) return { level: 'paused', icon: 'clock', text: t('due.paused'), exact }
  const left = dueAt - now
  if (left < 0) return { level: 'over', icon: 'alarm', text: t('due.over', { time: span(left) }), exact }
  const level = left <= (dueAt - Date.parse(since)) / 4 ? 'soon' : 'calm'
  return { level, icon: 'clock', text: t('due.left', { time: span(left) }), exact }
}

/** The name of a channel, also of one this page does not know yet. */
export const channelName = (channel) => (has(`channel.${channel}`) ? t(`channel.${channel}`) : channel)

/** A probability for people. */
export const percent = (probability) => `${Math.round(probability * 100)} %`

/** `0:07` */
export const duration = (ms) => {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
