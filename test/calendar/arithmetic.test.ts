import { describe, expect, it } from 'vitest'
import {
  addOpenTime,
  buildCalendars,
  calendarsConfig,
  dueAt,
  inDangerAt,
  isOpen,
  nextOpening,
  openTimeBetween,
  remainingMs,
  type Promised,
} from '../../src/calendar/index.ts'
import type { Calendar } from '../../src/core/calendar.ts'
import { createRandom, type Random } from '../support/random.ts'
import { createMinuteCounter, type PlainCalendar, type PlainHours } from '../support/wall-clock-minutes.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** Zones and a moment about which their clocks do something worth a look. */
const places: readonly (readonly [zone: string, about: string])[] = [
  ['Asia/Shanghai', '2026-10-01T00:00:00Z'],
  ['Asia/Shanghai', '1991-04-14T00:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Europe/Berlin', '2027-03-28T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:00:00Z'],
  ['Asia/Kathmandu', '2026-12-31T18:15:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['America/Havana', '2026-11-01T05:00:00Z'],
  ['Asia/Beirut', '2026-03-28T22:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
  ['UTC', '2026-12-31T12:00:00Z'],
]

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** Up to two spans of a day; the last of them may run past midnight, to before 03:00. */
const someHours = (random: Random): PlainHours[] => {
  const [a = 0, b = 0, c = 0, d = 0] = [0, 0, 0, 0].map(() => 181 + random(1_259)).toSorted((x, y) => x - y)
  switch (random(7)) {
    case 0:
      return []
    case 1:
      return [{ opens: '03:00', closes: '24:00' }]
    case 2:
      return a < b && c < d
        ? [
            { opens: time(a), closes: time(b) },
            { opens: time(c), closes: time(d) },
          ]
        : []
    case 3:
      return [{ opens: time(d), closes: time(1 + random(179)) }]
    case 4:
      return a < b
        ? [
            { opens: time(a), closes: time(b) },
            { opens: time(d), closes: '00:30' },
          ]
        : []
    default:
      return [{ opens: time(a - (a % 30)), closes: time(d + 1) }]
  }
}

/** Where a night does not reach, hours may begin in the small hours, in which clocks are changed. */
const someEarlyHours = (random: Random): PlainHours[] => {
  const opens = random(200)
  return [{ opens: time(opens), closes: time(opens + 1 + random(400)) }]
}

const dateAbout = (random: Random, about: number): string =>
  new Date(about + (random(24) - 12) * dayMs).toISOString().slice(0, 10)

const someCalendar = (random: Random, [zone, aboutText]: (typeof places)[number]): PlainCalendar => {
  const about = Date.parse(aboutText)
  const early = random(3) === 0
  const byWeekday = weekdays.map(() => (early ? someEarlyHours(random) : someHours(random)))
  // A make-up day works like a weekday that works.
  byWeekday[1] = [{ opens: '09:00', closes: '18:00' }]
  const special: Record<string, readonly PlainHours[] | number> = {}
  for (let count = random(8); count > 0; count -= 1) {
    const kind = random(3)
    special[dateAbout(random, about)] =
      kind === 0 ? [] : kind === 1 ? random(7) : early ? someEarlyHours(random) : someHours(random)
  }
  return { zone, byWeekday, special }
}

const write = (hours: readonly PlainHours[]): string =>
  hours.length === 0 ? 'closed' : hours.map(({ opens, closes }) => `${opens}-${closes}`).join(', ')

/** The product's calendar, through its configuration. */
const productCalendar = ({ zone, byWeekday, special }: PlainCalendar): Calendar => {
  const config = calendarsConfig.parse({
    tried: {
      timezone: zone,
      hours: Object.fromEntries(weekdays.map((day, place) => [day, write(byWeekday[place] ?? [])])),
      exceptions: Object.fromEntries(
        Object.entries(special).map(([date, what]) => [
          date,
          typeof what === 'number' ? (what === 1 ? 'workday' : `like ${weekdays[what] ?? ''}`) : write(what),
        ]),
      ),
    },
  })
  const found = buildCalendars(config, []).find(({ name }) => name === 'tried')
  if (found === undefined) throw new Error('the calendar was not built')
  return found
}

const somePauses = (random: Random, start: number): (readonly [number, number])[] =>
  Array.from({ length: random(4) }, () => {
    const from = start + (random(5_000) - 500) * minuteMs
    return [from, random(8) === 0 ? Number.POSITIVE_INFINITY : from + random(3_000) * minuteMs] as const
  })

/** Minutes before and after a moment of interest within which cases begin, and how far they look. */
const before = 4_000
const after = 3_000
const ahead = 8_000

const checkCase = (
  random: Random,
  { calendar, counter, start }: { calendar: Calendar; counter: MinuteCounter; start: number },
): void => {
  const from = new Date(start)
  expect(isOpen(calendar, from)).toBe(counter.isOpen(start))
  const opening = counter.nextOpening(start)
  if (opening !== undefined) expect(nextOpening(calendar, from)?.getTime()).toBe(opening)

  const end = start + random(ahead) * minuteMs
  expect(openTimeBetween(calendar, from, new Date(end))).toBe(counter.count(start, end) * minuteMs)

  const minutes = 1 + random(1_500)
  const added = counter.after(start, minutes)
  if (added !== undefined) expect(addOpenTime(calendar, from, minutes * minuteMs)?.getTime()).toBe(added)

  const pauses = somePauses(random, start)
  const promised: Promised = {
    ...{ start: from, targetMs: minutes * minuteMs, mode: 'business', calendar },
    pauses: pauses.map(([began, ended]) => ({
      from: new Date(began),
      ...(Number.isFinite(ended) ? { to: new Date(ended) } : {}),
    })),
  }
  const due = counter.after(start, minutes, pauses)
  const told = dueAt(promised)
  if (due !== undefined) expect(told).toEqual({ kind: 'due', at: new Date(due) })
  else if (told.kind === 'due') expect(told.at.getTime()).toBeGreaterThan(start + ahead * minuteMs)
  const ran = counter.count(start, end, pauses)
  expect(remainingMs(promised, new Date(end))).toBe((minutes - ran) * minuteMs)
}

type MinuteCounter = ReturnType<typeof createMinuteCounter>

/** One calendar, looked at about its place's moment. */
const checkCalendar = (random: Random, place: (typeof places)[number], cases: number): void => {
  const plain = someCalendar(random, place)
  const calendar = productCalendar(plain)
  const about = Date.parse(place[1])
  const counter = createMinuteCounter(plain, [
    about - before * minuteMs,
    about + (after + ahead + 1) * minuteMs,
  ])
  for (let one = 0; one < cases; one += 1) {
    const start = about + (random(before + after) - before) * minuteMs
    try {
      checkCase(random, { calendar, counter, start })
    } catch (error) {
      throw new Error(`${JSON.stringify(plain)} from ${new Date(start).toISOString()}`, { cause: error })
    }
  }
}

describe('the arithmetic of open time', () => {
  const seed = Number(process.env.TONGDA_TEST_SEED ?? Date.now() % 2 ** 31)

  it(`agrees with a count of minutes in 10,000 cases (TONGDA_TEST_SEED=${String(seed)})`, () => {
    const random = createRandom(seed)
    for (const place of places)
      for (let calendar = 0; calendar < 4; calendar += 1) checkCalendar(random, place, 179)
  }, 300_000)

  const shanghai = productCalendar({
    zone: 'Asia/Shanghai',
    byWeekday: weekdays.map(() => [{ opens: '10:00', closes: '18:00' }]),
    special: {},
  })
  const at = (text: string): Date => new Date(`${text}+08:00`)

  it('goes on to the millisecond and ends at the closing moment when it fits exactly', () => {
    const almost = new Date(at('2026-11-24T18:00').getTime() - 1)
    expect(isOpen(shanghai, almost)).toBe(true)
    expect(isOpen(shanghai, at('2026-11-24T18:00'))).toBe(false)
    expect(addOpenTime(shanghai, almost, 1)).toEqual(at('2026-11-24T18:00'))
    expect(addOpenTime(shanghai, almost, 2)).toEqual(new Date(at('2026-11-25T10:00').getTime() + 1))
    expect(addOpenTime(shanghai, at('2026-11-24T20:00'), 0)).toEqual(at('2026-11-24T20:00'))
    expect(openTimeBetween(shanghai, at('2026-11-25T00:00'), at('2026-11-24T00:00'))).toBe(0)
  })

  it('counts over years', () => {
    const open = openTimeBetween(shanghai, at('2024-01-01T00:00'), at('2029-01-01T00:00'))
    expect(open).toBe(1_827 * 8 * 3_600_000)
    expect(addOpenTime(shanghai, at('2024-01-01T00:00'), open)).toEqual(at('2028-12-31T18:00'))
  })

  const promise = (changes: Partial<Promised>): Promised => ({
    start: at('2026-11-24T16:00'),
    targetMs: 4 * 3_600_000,
    mode: 'business',
    calendar: shanghai,
    pauses: [],
    ...(changes as object),
  })

  it('tells when a quarter is left, by the promise’s own time', () => {
    expect(dueAt(promise({}))).toEqual({ kind: 'due', at: at('2026-11-25T12:00') })
    expect(inDangerAt(promise({}))).toEqual({ kind: 'due', at: at('2026-11-25T11:00') })
    expect(inDangerAt(promise({}), 0.5)).toEqual({ kind: 'due', at: at('2026-11-24T18:00') })
    const around = promise({ mode: 'calendar' })
    expect(dueAt(around)).toEqual({ kind: 'due', at: at('2026-11-24T20:00') })
    expect(inDangerAt(around)).toEqual({ kind: 'due', at: at('2026-11-24T19:00') })
    expect(remainingMs(around, at('2026-11-24T21:00'))).toBe(-3_600_000)
  })

  it('has no due time while a pause is open, unless it was due before', () => {
    const open = { from: at('2026-11-24T17:00') }
    expect(dueAt(promise({ pauses: [open] }))).toEqual({ kind: 'paused' })
    expect(remainingMs(promise({ pauses: [open] }), at('2026-12-24T17:00'))).toBe(3 * 3_600_000)
    expect(dueAt(promise({ pauses: [{ from: at('2026-11-26T00:00') }] }))).toEqual({
      kind: 'due',
      at: at('2026-11-25T12:00'),
    })
    expect(dueAt(promise({ pauses: [{ from: at('2026-11-20T00:00') }] }))).toEqual({ kind: 'paused' })
  })

  it('takes pauses in any order, overlapping, and those that ended before the start', () => {
    const pauses = [
      { from: at('2026-11-24T17:30'), to: at('2026-11-25T11:00') },
      { from: at('2026-11-01T00:00'), to: at('2026-11-02T00:00') },
      { from: at('2026-11-24T17:00'), to: at('2026-11-24T17:45') },
    ]
    expect(dueAt(promise({ pauses }))).toEqual({ kind: 'due', at: at('2026-11-25T14:00') })
  })

  it('never opens without hours, and says so at once', () => {
    const closed: Calendar = {
      ...shanghai,
      week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
      exceptions: new Map([['2027-01-05', { rule: { kind: 'hours', spans: [{ from: 600, to: 660 }] } }]]),
    }
    expect(nextOpening(closed, at('2026-11-24T00:00'))).toEqual(at('2027-01-05T10:00'))
    expect(nextOpening(closed, at('2027-01-06T00:00'))).toBeUndefined()
    expect(dueAt(promise({ calendar: closed }))).toEqual({ kind: 'never' })
    expect(dueAt(promise({ calendar: closed, targetMs: 3_600_000 }))).toEqual({
      kind: 'due',
      at: at('2027-01-05T11:00'),
    })
  })
})
