import type { Spoken } from '../core/understanding.ts'

const dayOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

const dayMs = 86_400_000

/** A moment as people say it: 今天 20:05, 明天 09:00, 11月25日 18:00. */
export const localTime = (
  at: Date,
  { now, language }: { readonly now: Date; readonly language: Spoken },
  timeZone: string,
): string => {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
  const day = dayOf(at, timeZone)
  if (day === dayOf(now, timeZone)) return language === 'en' ? `today ${time}` : `今天 ${time}`
  if (day === dayOf(new Date(now.getTime() + dayMs), timeZone))
    return language === 'en' ? `tomorrow ${time}` : `明天 ${time}`
  if (language === 'en')
    return `${new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'long' }).format(at)} ${time}`
  const [, month, date] = day.split('-')
  return `${Number(month)}月${Number(date)}日 ${time}`
}
