/** Reads days as people write them. */

export interface Today {
  readonly now: Date
  readonly timezone: string
}

const dayMs = 86_400_000

const dayIn = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

const relative: readonly (readonly [RegExp, number])[] = [
  [/大前天/u, 3],
  [/前天|前晚|day before yesterday/iu, 2],
  [/昨[天日晚夜]|yesterday|last night/iu, 1],
  [/今[天日晚早]|刚刚|剛剛|刚才|刚刚|today|this (?:morning|afternoon|evening)|just now|tonight/iu, 0],
]

const pad = (number: number): string => String(number).padStart(2, '0')

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** A day; without `iso` one that has not come yet, or that no calendar has. */
export interface Day {
  readonly iso?: string
}

const absolute =
  /(?<![\d.])(?:(\d{4})\s?[-/.年])?\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?:日|号|號)?(?![\d.]|[-/]\d)/u

const readAbsolute = (text: string, { now, timezone }: Today): Day | undefined => {
  const found = absolute.exec(text)
  if (found === null) return undefined
  const today = dayIn(now, timezone)
  const thisYear = Number(today.slice(0, 4))
  const [month, day] = [Number(found[2]), Number(found[3])]
  const dayOf = (year: number): string => `${String(year)}-${pad(month)}-${pad(day)}`
  if (found[1] !== undefined) {
    const year = Number(found[1])
    return !isDay(year, month, day) || dayOf(year) > today ? {} : { iso: dayOf(year) }
  }
  // Without a year it is the last one that has been.
  const year = dayOf(thisYear) > today ? thisYear - 1 : thisYear
  return isDay(year, month, day) ? { iso: dayOf(year) } : {}
}

/** The one day a text names: 昨天, 11月25日, 2026-11-25; undefined when it names none. */
export const readDay = (text: string, today: Today): Day | undefined => {
  const named = readAbsolute(text, today)
  if (named !== undefined) return named
  const ago = relative.find(([pattern]) => pattern.test(text))?.[1]
  return ago === undefined
    ? undefined
    : { iso: dayIn(new Date(today.now.getTime() - ago * dayMs), today.timezone) }
}

/** Says how lately rather than which day: "昨天刚刚充的" is yesterday. */
const lately = /^(?:刚刚|剛剛|刚才|just now)$/iu

/** The second of "11月25日和26日" and of "11月25-26日"; "11-25日" is one. */
const furtherDay =
  /(?<=(?:\d\s?(?:日|号|號)|月\s?\d{1,2})\s?(?:和|跟|与|與|到|至|或者?|还是|還是|[、~–—-])\s?)\d{1,2}(?=\s?(?:日|号|號))/gu

/** All different days that a text names. */
export const daysNamed = (text: string, today: Today): ReadonlySet<string> => {
  const words = new RegExp(
    [absolute, ...relative.map(([pattern]) => pattern)].map(({ source }) => source).join('|'),
    'giu',
  )
  const said = Array.from(text.matchAll(words), ([one]) => one.trim())
  const firm = said.filter((one) => !lately.test(one))
  const days = (firm.length === 0 ? said : firm).map((one) => readDay(one, today)?.iso ?? one)
  return new Set([...days, ...Array.from(text.matchAll(furtherDay), ([one]) => one)])
}

const vague =
  /\d{1,4}\s?(?:年|个?月|個月|日|号|號|天|周|週|小时|小時|点|點|分钟)|[一二两三四五六七八九十几幾半]\s?(?:个|個)?(?:月|天|周|週|星期|小时|小時|年|点|點)|上[个個]?(?:月|周|週|星期)|这(?:几天|两天|周)|最近|去年|今年|周[一二三四五六日末]|星期[一二三四五六日]|早上|上午|中午|下午|晚上|凌晨|\d{1,2}[:：]\d{2}|(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|days?|hours?|ago|since|recently|january|february|march|april|may|june|july|august|september|october|november|december)/iu

/** A time as it was said, its day added where one is named; undefined when the text tells no time. */
export const readTime = (text: string, today: Today): string | undefined => {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 80)
  const day = readDay(said, today)
  if (day === undefined) return vague.test(said) ? said : undefined
  if (day.iso === undefined) return undefined
  return said.includes(day.iso) ? said : `${said} (${day.iso})`
}
