import { describe, expect, it } from 'vitest'
import { withOwnDatabase } from '../../bench/own-database.ts'
import { timersRun } from '../../bench/timers-run.ts'
import { describeWith } from '../support/services.ts'

const short = { timers: 100, withinMs: 6_000, kills: 2, seed: 11 }
const exact = { timers: 100, kills: 2, notFired: 0, firedTwice: 0, halfFired: 0, early: 0 }

// How late is measured, not tested: `npm run bench -- timers`.
describe('timers on the embedded database, in a process that is killed', () => {
  it('happen once and never early', async () => {
    expect(await timersRun(short)).toMatchObject(exact)
  })
})
describeWith('postgres', 'timers on PostgreSQL, in processes that are killed', (url) => {
  it('happen once and never early', async () => {
    await withOwnDatabase(url, async (own) => {
      expect(await timersRun({ ...short, url: own })).toMatchObject(exact)
    })
  })
})
