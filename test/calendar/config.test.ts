import { describe, expect, it } from 'vitest'
import { buildCalendars, calendarsConfig, isOpen, nextOpening, warnBefore } from '../../src/calendar/index.ts'
import { lastWholeYear } from '../../src/calendar/china.ts'
import { parseConfig } from '../../src/config.ts'
import type { Calendar, ImportedSet } from '../../src/core/calendar.ts'

const calendarOf = (name: string, config: unknown = {}, imported: readonly ImportedSet[] = []): Calendar => {
  const found = buildCalendars(calendarsConfig.parse(config), imported).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no calendar ${name}`)
  return found
}
const at = (text: string): Date => new Date(`${text}+08:00`)

describe('calendars of the configuration', () => {
  it.each([
    ['hotline', '2026-11-24T09:59:59', false],
    ['hotline', '2026-11-24T10:00:00', true],
    ['hotline', '2026-11-24T18:00:00', false],
    ['hotline', '2026-10-01T12:00:00', true],
    ['office', '2026-11-24T09:00:00', true],
    ['office', '2026-11-29T12:00:00', false],
    // National Day, and the Saturday that makes up for it.
    ['office', '2026-10-01T12:00:00', false],
    ['office', '2026-10-10T12:00:00', true],
  ])('%s at %s: %s', (name, moment, open) => expect(isOpen(calendarOf(name), at(moment))).toBe(open))

  it('opens again after the holidays', () => {
    expect(nextOpening(calendarOf('office'), at('2026-09-30T18:00'))).toEqual(at('2026-10-08T09:00'))
    expect(nextOpening(calendarOf('hotline'), at('2026-09-30T18:00'))).toEqual(at('2026-10-01T10:00'))
  })

  it('counts dates of its own first, then days imported under its name, then its holidays', () => {
    const day = { source: 'x', importedAt: new Date(0), importedBy: 'li', rule: { kind: 'closed' as const } }
    const imported: ImportedSet[] = [
      { set: 'cn', version: 1, days: [{ ...day, date: '2026-11-23' }] },
      {
        set: 'office',
        version: 1,
        days: [
          { ...day, date: '2026-11-23', rule: { kind: 'hours', spans: [{ from: 600, to: 660 }] } },
          { ...day, date: '2026-11-24' },
        ],
      },
    ]
    const office = calendarOf('office', { office: { exceptions: { '2026-11-24': 'ordinary' } } }, imported)
    expect(isOpen(office, at('2026-11-23T10:30'))).toBe(true)
    expect(isOpen(office, at('2026-11-23T11:30'))).toBe(false)
    expect(isOpen(office, at('2026-11-24T11:30'))).toBe(true)
    expect(isOpen(calendarOf('hotline', {}, imported), at('2026-11-23T11:30'))).toBe(true)
  })

  it('lets make-up workdays work like another weekday', () => {
    const config = { office: { hours: { fri: '12:00-14:00', mon: '09:00-18:00' }, makeUpLike: 'fri' } }
    expect(isOpen(calendarOf('office', config), at('2026-10-10T10:00'))).toBe(false)
    expect(isOpen(calendarOf('office', config), at('2026-10-10T13:00'))).toBe(true)
  })

  it.each([
    [{ hotline: { hours: {} } }, 'it would never open'],
    [{ hotline: { hours: { daily: 'closed' } } }, 'it would never open'],
    [{ hotline: { hours: { daily: '9' } } }, 'write e.g. 09:00-18:00'],
    [{ hotline: { hours: { daily: '10:00-10:00' } } }, '00:00-24:00'],
    [{ hotline: { hours: { daily: '10:00-24:30' } } }, '22:00-06:00'],
    [{ hotline: { hours: { daily: '09:00-12:00, 11:00-18:00' } } }, 'join them'],
    [{ night: { hours: { daily: '22:00-06:00', tue: '05:00-10:00' } } }, 'the night after mon'],
    [{ office: { timezone: 'Mars/Base' } }, 'must be a time zone name'],
    [{ office: { hours: { tue: '10:00-12:00' } } }, 'make-up workdays would be closed'],
    [{ office: { exceptions: { '2026-02-30': 'closed' } } }, 'a date that exists'],
    [{ office: { exceptions: { '2026-02-20': 'maybe' } } }, 'says nothing of the day'],
    [{ branch: {} }, 'opening hours by weekday'],
    [{ Branch: { hours: { daily: '10:00-18:00' } } }, 'lower-case letters'],
    [{ hotline: { opens: '10:00' } }, 'opens'],
  ])('refuses %j', (wrong, problem) => {
    const { error } = calendarsConfig.safeParse(wrong)
    expect(JSON.stringify(error?.issues)).toContain(problem)
  })

  it('says what to write instead of the keys of earlier versions', () => {
    const parsed = parseConfig({ tickets: { openingHours: { opens: '10:00' }, timezone: 'UTC', typo: 1 } })
    const faults = 'faults' in parsed ? parsed.faults : []
    expect(faults.map(({ key, expected }) => `${key}: ${expected}`)).toEqual([
      expect.stringMatching(/^tickets\.openingHours: calendars\.hotline\.hours instead/),
      expect.stringMatching(/^tickets\.timezone: calendars\.hotline\.timezone instead/),
      expect.stringMatching(/^tickets\.typo: a key of the configuration reference/),
    ])
  })
})

describe('a calendar that runs out', () => {
  const office = calendarOf('office', { office: { holidays: 'test' } }, [
    { set: 'test', version: 1, knownUntil: '2030-12-31', days: [] },
  ])

  it('warns within forty-five days of the end, and after it', () => {
    expect(warnBefore(office, at('2030-11-16T23:59'))).toBeUndefined()
    expect(warnBefore(office, at('2030-11-17T00:00'))).toMatchObject({ daysLeft: 45 })
    expect(warnBefore(office, at('2030-12-31T23:59'))).toMatchObject({ daysLeft: 1 })
    expect(warnBefore(office, at('2031-01-01T00:00'))).toMatchObject({ daysLeft: 0 })
    expect(warnBefore(office, at('2030-12-01T00:00'), 7)).toBeUndefined()
  })

  it('warns of a set of which nothing is known, and never of a calendar without holidays', () => {
    const unknown = calendarOf('office', { office: { holidays: 'test' } })
    expect(warnBefore(unknown, at('2026-01-01T00:00'))?.message).toContain('--set test')
    expect(warnBefore(calendarOf('hotline'), at('2099-01-01T00:00'))).toBeUndefined()
  })

  it('knows of China no more than was announced', () => {
    expect(calendarOf('office').holidays).toEqual({ set: 'cn', knownUntil: '2026-12-31' })
  })

  it('takes no year for known of which New Year’s Day alone was announced', () => {
    const off = (...dates: readonly string[]) =>
      new Map(dates.map((date) => [date, { rule: { kind: 'closed' as const } }]))
    expect(lastWholeYear(off('2026-01-01', '2026-10-01', '2027-01-01'))).toBe('2026-12-31')
    expect(lastWholeYear(off('2027-01-01'))).toBeUndefined()
  })
})
