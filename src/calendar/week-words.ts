import { weekdays, type Calendar, type Span, type Weekday } from '../core/calendar.ts'

const dayMinutes = 1_440

const zhDays: Readonly<Record<Weekday, string>> = {
  mon: '周一',
  tue: '周二',
  wed: '周三',
  thu: '周四',
  fri: '周五',
  sat: '周六',
  sun: '周日',
}
const enDays: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

const timeOf = (minute: number): string => {
  const within = minute > dayMinutes ? minute - dayMinutes : minute
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`
}

const spansOf = (spans: readonly Span[]): string =>
  spans.map(({ from, to }) => `${timeOf(from)}–${timeOf(to)}`).join('、')

interface Stretch {
  readonly first: Weekday
  readonly last: Weekday
  readonly hours: string
}

/** Days that follow one another and have the same hours, as one; closed ones are left out. */
const stretchesOf = ({ week }: Calendar): readonly Stretch[] => {
  const stretches: Stretch[] = []
  for (const [place, day] of weekdays.entries()) {
    const hours = spansOf(week[day])
    const before = stretches.at(-1)
    if (before?.hours === hours && before.last === weekdays[place - 1])
      stretches[stretches.length - 1] = { ...before, last: day }
    else stretches.push({ first: day, last: day, hours })
  }
  return stretches.filter(({ hours }) => hours !== '')
}

const zoneWords = (zone: string): string => (zone === 'Asia/Shanghai' ? 'China time' : zone)

const isEveryDay = ({ first, last }: Stretch): boolean => first === 'mon' && last === 'sun'

const inChinese = (stretch: Stretch): string => {
  const { first, last, hours } = stretch
  if (isEveryDay(stretch)) return `每天 ${hours}`
  return `${first === last ? zhDays[first] : `${zhDays[first]}至${zhDays[last]}`} ${hours}`
}

const inEnglish = (stretch: Stretch): string => {
  const { first, last, hours } = stretch
  const spoken = hours.replaceAll('、', ' and ')
  if (isEveryDay(stretch)) return `${spoken} every day`
  return `${spoken} ${first === last ? `on ${enDays[first]}s` : `${enDays[first]} to ${enDays[last]}`}`
}

/** A calendar's weekly hours as people read them: `每天 10:00–18:00`, `10:00–18:00 every day, China time`. */
export const weekWords = (calendar: Calendar, language: 'zh' | 'en'): string => {
  const stretches = stretchesOf(calendar)
  return language === 'en'
    ? `${stretches.map(inEnglish).join(', ')}, ${zoneWords(calendar.timeZone)}`
    : stretches.map(inChinese).join('，')
}
