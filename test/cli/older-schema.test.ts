import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPlaces, makeOlder, schemaOf, type Place } from '../support/backup-world.ts'

// Each call starts a process, and most of them a database.
describe('a command', { timeout: 300_000 }, () => {
  const places = createPlaces(undefined)
  const holidays = places.file('2027.txt')
  let older: Place
  let nothing: Place
  beforeAll(async () => {
    writeFileSync(holidays, '2027-10-01~2027-10-07 休 国庆节\n')
    ;[older, nothing] = [await places.empty(), await places.empty()]
    await makeOlder(older)
  })
  afterAll(() => places.dispose())

  const named = (all: readonly (readonly string[])[]) =>
    all.map((words) => [words.map((word) => basename(word)).join(' '), words] as const)
  const reading: readonly (readonly string[])[] = [
    ['key', 'list'],
    ['user', 'list'],
    ['jobs', 'list'],
    ['privacy', 'hold', 'list'],
    ['privacy', 'retention', '--dry-run'],
    ['kb', 'versions'],
    ['kb', 'export', `${holidays}.csv`],
  ]
  const others: readonly (readonly string[])[] = [
    ['calendar', 'list'],
    ['calendar', 'import', holidays, '--dry-run'],
    ['calendar', 'import', holidays],
    ['key', 'create', '--name', 'shop', '--scope', 'tickets:read'],
    ['user', 'link', 'li@example.com'],
  ]

  it.each(named([...reading, ...others]))(
    'leaves an older schema to those who run on it: %s',
    async (_name, words) => {
      const before = await schemaOf(older)
      const { status, stderr } = await older.run(...words)
      expect([status, stderr]).toEqual([1, expect.stringContaining('was left as it is')])
      expect(stderr).toContain('run tongda migrate')
      expect(await schemaOf(older)).toEqual(before)
    },
  )

  it.each(named(reading))('that only reads makes no database: %s', async (_name, words) => {
    const { status, stderr } = await nothing.run(...words)
    expect([status, stderr]).toEqual([1, expect.stringContaining('there is no database here yet')])
    expect(readdirSync(nothing.folder)).toEqual(['cache'])
  })

  it('shows calendars and what an import would change where there is no database yet', async () => {
    const listed = await nothing.run('calendar', 'list')
    expect([listed.status, listed.stderr]).toEqual([0, ''])
    expect(listed.stdout).toContain('Asia/Shanghai')
    const previewed = await nothing.run('calendar', 'import', holidays, '--dry-run')
    expect([previewed.status, previewed.stdout]).toEqual([0, expect.stringContaining('+ 2027-10-01')])
    expect(readdirSync(nothing.folder)).toEqual(['cache'])
  })

  it('that lists people makes no master key', async () => {
    const place = await places.empty()
    await (await place.open()).close()
    const { status, stderr } = await place.run('user', 'list')
    expect([status, stderr]).toEqual([0, ''])
    expect(existsSync(join(place.folder, 'master.key'))).toBe(false)
  })
})
