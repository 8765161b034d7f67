import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEventLog } from '../../src/store/index.ts'
import { itIsAnEventLog } from '../contract/event-log.ts'
import { openTestEmbedded, openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'
import { describeWith } from '../support/services.ts'

describe('the event log on the embedded database', () => itIsAnEventLog(openTestEmbedded))
describeWith('postgres', 'the event log on PostgreSQL', (url) => {
  itIsAnEventLog(() => openTestPostgres(url))

  describe('while transactions overlap', () => {
    let test: TestDatabase
    beforeAll(async () => {
      test = await openTestPostgres(url)
    })
    afterAll(() => test.dispose())

    it('leaves nothing out and repeats nothing, whichever ends first', async () => {
      const [early, late] = [new pg.Client(test.url), new pg.Client(test.url)]
      await Promise.all([early.connect(), late.connect()])
      const note = (client: pg.Client, word: string) =>
        client.query(`insert into events (type, at, data) values ('ticket.changed', now(), $1)`, [
          JSON.stringify({ word }),
        ])
      const log = createEventLog(test.database)
      const seen: unknown[] = []
      let place = '0-0'
      const look = async () => {
        for (const { id, data } of await log.read({ after: place, types: [], limit: 100 })) {
          seen.push(data.word)
          place = id
        }
      }
      try {
        await early.query('begin')
        await note(early, 'one')
        await late.query('begin')
        // The later transaction takes the lower number and ends first; then the other way round.
        await note(late, 'two')
        await note(early, 'three')
        await late.query('commit')
        await look()
        // Somebody with a higher transaction has ended, but the lower one is still open.
        expect(seen).toEqual([])
        await early.query('commit')
        await untilEventsAreReadable(test.database)
        await look()
        expect(seen).toEqual(['one', 'three', 'two'])
      } finally {
        await Promise.all([early.end(), late.end()])
      }
    })

    it('hands every event of many writers to a reader once, while they write', async () => {
      const log = createEventLog(test.database)
      let place = await log.newest()
      const seen: unknown[] = []
      const look = async () => {
        for (const { id, data } of await log.read({ after: place, types: [], limit: 50 })) {
          seen.push(data.n)
          place = id
        }
      }
      const writers = Array.from({ length: 6 }, async (_, writer) => {
        for (let n = 0; n < 40; n += 1)
          await test.database.transaction(async (query) => {
            for (const half of [0, 1])
              await query(`insert into events (type, at, data) values ('ticket.changed', now(), $1::jsonb)`, [
                JSON.stringify({ n: `${String(writer)}.${String(n)}.${String(half)}` }),
              ])
          })
      })
      const written = { all: false }
      const reading = (async () => {
        while (!written.all) await look()
      })()
      await Promise.all(writers)
      written.all = true
      await reading
      await expect.poll(async () => (await look(), seen.length)).toBe(480)
      expect(new Set(seen).size).toBe(480)
    })
  })
})
