import type { Spoken } from '../core/understanding.ts'

/** Making a format takes about a tenth of a millisecond each time, and there are few zones. */
const kept = new Map<string, Intl.DateTimeFormat>()

const formatFor = (
  timeZone: string,
  locale: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat => {
  const key = JSON.stringify([timeZone, locale, options])
  const format = kept.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone, ...options })
  kept.set(key, format)
  return format
}

const dayOf = (at: Date, timeZone: string): string =>
  formatFor(timeZone, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

const dayMs = 86_400_000

/** A moment as people say it: 今天 20:05, 明天 09:00, 11月25日 18:00. */
export const localTime = (
  at: Date,
  { now, language }: { readonly now: Date; readonly language: Spoken },
  timeZone: string,
): string => {
  const time = formatFor(timeZone, 'en-GB', { hour: '2-digit', minute: '2-digit' }).format(at)
  const day = dayOf(at, timeZone)
  if (day === dayOf(now, timeZone)) return language === 'en' ? `today ${time}` : `今天 ${time}`
  if (day === dayOf(new Date(now.getTime() + dayMs), timeZone))
    return language === 'en' ? `tomorrow ${time}` : `明天 ${time}`
  if (language === 'en')
    return `${formatFor(timeZone, 'en-GB', { day: 'numeric', month: 'long' }).format(at)} ${time}`
  const [, month, date] = day.split('-')
  return `${Number(month)}月${Number(date)}日 ${time}`
}
