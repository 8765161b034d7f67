import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SetChange } from '../../src/core/calendar.ts'
import { createHolidayStore } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'

const buildChange = (changes: Partial<SetChange> = {}): SetChange => ({
  set: 'cn',
  version: 0,
  days: [{ date: '2027-01-01', rule: { kind: 'closed' }, name: '元旦' }],
  source: '2027.json',
  importedAt: new Date('2026-11-27T00:00:00Z'),
  importedBy: 'li',
  ...changes,
})

/** What every store of imported holidays must do. */
export const itIsAHolidayStore = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())

  const store = () => createHolidayStore(test.database)
  const find = async (set: string) => (await store().list()).find((one) => one.set === set)

  it('gives back every kind of day as it was imported, in order', async () => {
    const days = [
      { date: '2027-12-24', rule: { kind: 'hours', spans: [{ from: 540, to: 720 }] } },
      { date: '2027-02-07', rule: { kind: 'workday' }, name: '春节' },
      { date: '2027-02-08', rule: { kind: 'workday', like: 'tue' } },
      { date: '2027-01-01', rule: { kind: 'closed' } },
      { date: '2027-03-01', rule: { kind: 'ordinary' } },
    ] as const
    const change = buildChange({ set: 'kinds', days, knownUntil: '2027-12-31' })
    await store().apply(change)
    const { source, importedAt, importedBy } = change
    expect(await find('kinds')).toEqual({
      set: 'kinds',
      version: 1,
      knownUntil: '2027-12-31',
      days: days
        .map((day) => ({ ...day, source, importedAt, importedBy }))
        .toSorted((one, other) => one.date.localeCompare(other.date)),
    })
  })

  it('replaces days that are told again and keeps the others', async () => {
    await store().apply(buildChange({ set: 'again' }))
    await store().apply(
      buildChange({
        set: 'again',
        version: 1,
        days: [
          { date: '2027-01-01', rule: { kind: 'workday' } },
          { date: '2027-01-02', rule: { kind: 'closed' } },
        ],
        importedBy: 'chen',
      }),
    )
    const found = await find('again')
    expect(found?.version).toBe(2)
    expect(
      found?.days.map(({ date, rule, name, importedBy }) => [date, rule.kind, name, importedBy]),
    ).toEqual([
      ['2027-01-01', 'workday', undefined, 'chen'],
      ['2027-01-02', 'closed', undefined, 'chen'],
    ])
  })

  it('refuses what was compared with an older version, and changes nothing then', async () => {
    await store().apply(buildChange({ set: 'stale' }))
    const late = buildChange({ set: 'stale', days: [{ date: '2027-05-05', rule: { kind: 'closed' } }] })
    await expect(store().apply(late)).rejects.toMatchObject({ code: 'conflict' })
    expect((await find('stale'))?.days).toHaveLength(1)
  })

  it('lets one of several imports at once through', async () => {
    const changes = Array.from({ length: 4 }, (_, place) =>
      store().apply(buildChange({ set: 'race', importedBy: String(place) })),
    )
    const results = await Promise.allSettled(changes)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await find('race'))?.version).toBe(1)
  })

  it('changes nothing when a part of it cannot be stored', async () => {
    const change = buildChange({
      set: 'half',
      days: [
        { date: '2027-01-01', rule: { kind: 'closed' } },
        { date: '2027-13-01', rule: { kind: 'closed' } },
      ],
    })
    await expect(store().apply(change)).rejects.toThrow()
    expect(await find('half')).toBeUndefined()
  })

  it('moves the end of knowledge without a day', async () => {
    await store().apply(buildChange({ set: 'end', days: [], knownUntil: '2028-12-31' }))
    expect(await find('end')).toEqual({ set: 'end', version: 1, knownUntil: '2028-12-31', days: [] })
  })
}
