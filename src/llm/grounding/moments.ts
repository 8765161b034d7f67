import { numberOf, numerals } from './numerals.ts'

/** How something is written, and its name in a normal form. */
export type Pattern = readonly [RegExp, (groups: readonly string[]) => string]

const days = '一二三四五六日'
const weekday = '(?<![\\d一二两三四五六七八九十几])(?:周|星期|礼拜)([一二三四五六日天])(?![次个条遍回])'
const placeOf = (day: string): number => days.indexOf(day === '天' ? '日' : day) + 1

const englishDays = 'mon tues wednes thurs fri satur sun'.split(' ')

const parts = '上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|晚间|夜间|夜里'
const partOf = (word: string): string =>
  /早|清晨/u.test(word) ? '早上' : /晚[上间]|夜/u.test(word) ? '晚上' : word

/** Of 24: 下午 3 点 is 15. */
const hourOf = (part: string, hour: number): number => {
  if (/晚上|晚间|夜/u.test(part)) return hour === 12 ? 0 : hour < 5 || hour > 12 ? hour : hour + 12
  if (/下午|傍晚|^p/u.test(part)) return hour < 12 ? hour + 12 : hour
  if (part === '中午') return hour < 6 ? hour + 12 : hour
  return /凌晨|^a/u.test(part) && hour === 12 ? 0 : hour
}

const minutesOf = (written: string): number =>
  written === '半' ? 30 : written === '一刻' ? 15 : written === '' ? 0 : numberOf(written)

const clock = (part: string, hour: string, minutes: string): string =>
  `time ${hourOf(part, numberOf(hour))} ${minutesOf(minutes)}`

const spanOfTime = (word: string): string => word.replace('日', '天').replace('星期', '周')

/** Weekdays, hours, parts of the day, how often, and which corner: changed, they make a false sentence of a true one. */
export const moments: readonly Pattern[] = [
  [
    new RegExp(`${weekday}\\s*(?:-|~|–|—|至|到)\\s*(?:周|星期|礼拜)?([一二三四五六日天])`, 'gu'),
    ([from = '', to = '']) => `weekday ${placeOf(from)}~${placeOf(to)}`,
  ],
  [new RegExp(weekday, 'gu'), ([day = '']) => `weekday ${placeOf(day)}`],
  [/(?:周|星期)末/gu, () => 'weekday end'],
  [
    new RegExp(`\\b(${englishDays.join('|')})days?\\b`, 'gu'),
    ([day = '']) => `weekday ${englishDays.indexOf(day) + 1}`,
  ],
  [
    /\b(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\b/gu,
    ([hour = '', minutes = '', half = '']) => clock(half, hour, minutes),
  ],
  [
    new RegExp(`(${parts})\\s*(\\d{1,2}):(\\d{2})`, 'gu'),
    ([part = '', hour = '', minutes = '']) => clock(part, hour, minutes),
  ],
  [
    new RegExp(
      `(${parts})\\s*(\\d{1,2}|${numerals})\\s*点(?:钟|整)?(?:(半|一刻)|(\\d{1,2}|${numerals})分(?!钟))?`,
      'gu',
    ),
    ([part = '', hour = '', quarter = '', minutes = '']) => clock(part, hour, quarter || minutes),
  ],
  [
    new RegExp(`(\\d{1,2}|${numerals})\\s*点(?:(半|一刻)|(\\d{1,2}|${numerals})分(?!钟))`, 'gu'),
    ([hour = '', quarter = '', minutes = '']) => clock('', hour, quarter || minutes),
  ],
  [new RegExp(`(${parts})`, 'gu'), ([part = '']) => `part ${partOf(part)}`],
  [/每个?(天|日|晚|周|星期|月|季度|年|小时|分钟|次)/gu, ([span = '']) => `every ${spanOfTime(span)}`],
  [
    /(当|次|本|隔)(天|日|周|月|年|季度)|(?<![以之线名旗网])([上下这])个?(周|月|年)|(今|明|昨|后)(天|日)/gu,
    (groups) => `when ${spanOfTime(groups.join(''))}`,
  ],
  [/([左右])([上下]?)[角侧边方]/gu, ([side = '', height = '']) => `side ${side}${height}`],
]
