import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createAuditLog,
  createDeadLetters,
  createDeepReading,
  createRetryDelivery,
} from '../../src/store/index.ts'
import { openTestEmbedded, openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

const id = (number: number): string => `0198c0de-0000-7000-8000-${String(number).padStart(12, '0')}`

/** A conversation with one message, and what became of the pieces of it. */
const seed = async ({ query }: TestDatabase['database']): Promise<void> => {
  await query(`insert into contacts (id, created_at) values ('${id(1)}', now())`)
  await query(
    `insert into conversations (id, inbox_id, channel, thread_key, contact_key, contact_id, mode, dialogue, created_at)
     values ('${id(2)}', 'wechat', 'wechat', 't', 'c', '${id(1)}', 'bot', '{}', now())`,
  )
  await query(
    `insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
     values ('${id(3)}', '${id(2)}', 1, 'wechat', 'out', 'bot', '[]', now(), now())`,
  )
  const rows = [
    [10, 'failed', 'needs_operator', 'wechat', '2 days'],
    [11, 'failed', 'needs_operator', 'wechat', '1 hour'],
    [12, 'expired', 'window_closed', 'wechat', '1 hour'],
    [13, 'failed', 'unreachable', 'mail', '1 hour'],
    [14, 'failed', 'moved', 'wechat', '1 hour'],
    [15, 'sent', null, 'wechat', '1 hour'],
  ] as const
  for (const [number, status, code, inbox, age] of rows)
    await query(
      `insert into outbox (id, message_id, conversation_id, inbox_id, author, part, status, next_attempt_at, attempts,
         error, created_at, settled_at)
       values ('${id(number)}', '${id(3)}', '${id(2)}', $1, 'bot', '{}', $2, now(), 3, $3::jsonb, now() - $4::interval, now())`,
      [inbox, status, code === null ? null : JSON.stringify({ code, message: `says ${code}` }), age],
    )
}

const suite = (open: () => Promise<TestDatabase>): void => {
  let place: TestDatabase
  beforeAll(async () => {
    place = await open()
    await seed(place.database)
  })
  afterAll(() => place.dispose())

  it('lists, counts and replays what was given up, and only what is meant', async () => {
    const letters = createDeadLetters(place.database)
    expect((await letters.list({}, 10)).map((letter) => letter.id)).toEqual([id(13), id(12), id(11), id(10)])
    expect((await letters.list({}, 1))[0]).toMatchObject({
      ...{ inboxId: 'mail', reason: 'unreachable', error: 'says unreachable', tries: 3 },
    })
    expect(await letters.count({ since: new Date(Date.now() - 86_400_000) })).toEqual([
      { inboxId: 'mail', reason: 'unreachable', count: 1 },
      { inboxId: 'wechat', reason: 'needs_operator', count: 1 },
      { inboxId: 'wechat', reason: 'window_closed', count: 1 },
    ])
    expect(await letters.replay({ inboxIds: ['wechat'], reason: 'needs_operator' })).toBe(2)
    expect(await letters.replay({ inboxIds: ['wechat'], reason: 'needs_operator' })).toBe(0)
    expect(await letters.replay({ ids: [id(14), id(15), 'no id'] })).toBe(0)
    expect(await letters.replay({ ids: [id(13)] })).toBe(1)
    expect(
      await place.database.query(`select id::text as id from outbox where status = 'queued' order by id`),
    ).toEqual([{ id: id(10) }, { id: id(11) }, { id: id(13) }])
    const lines = await place.database.query(
      `select object_id, detail from audit_log where act = 'message.replayed' order by seq`,
    )
    expect(lines).toEqual([
      { object_id: null, detail: { count: 2, inboxes: ['wechat'], reason: 'needs_operator' } },
      { object_id: id(13), detail: { count: 1 } },
    ])
    expect((await createAuditLog(place.database).verify()).fault).toBeUndefined()
  })

  it('marks as possibly repeated what a restore parked, whichever way it is sent again', async () => {
    const { database } = place
    const parked = [id(11), id(12)]
    await database.query(
      `update outbox set status = 'failed', error = '{"code": "held_by_restore"}' where id = any($1::uuid[])`,
      [parked],
    )
    expect(await createDeadLetters(database).replay({ ids: [id(11)] })).toBe(1)
    await createRetryDelivery(database)(id(3))
    expect(await database.query(`select id::text as id from outbox where repeated order by id`)).toEqual(
      parked.map((one) => ({ id: one })),
    )
  })

  it('finds rows without what they name, and sequences that are behind', async () => {
    const deep = createDeepReading(place.database)
    expect(await deep.migrations()).toEqual({ lacking: 0, toCome: 0, unknown: 0 })
    expect(await deep.orphans()).toEqual([])
    expect(await deep.lateSequences()).toEqual([])
    const [rule] = await place.database.query<{ name: string; definition: string }>(
      `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
       where contype = 'f' and conrelid = 'outbox'::regclass`,
    )
    await place.database.query(`alter table outbox drop constraint "${rule?.name ?? ''}"`)
    await place.database.query(
      `alter table outbox add constraint outbox_unchecked ${rule?.definition ?? ''} not valid`,
    )
    await place.database.query(`alter table messages disable trigger all`)
    await place.database.query(`delete from messages`)
    await place.database.query(`alter table messages enable trigger all`)
    expect(await deep.orphans()).toEqual([{ rule: 'outbox.message_id → messages.id', rows: 6 }])
    await place.database.query(`select setval('outbox_position_seq', 2)`)
    expect(await deep.lateSequences()).toEqual([
      { sequence: 'public.outbox_position_seq', column: 'outbox.position', value: 2, most: 6 },
    ])
    // A machine that halts between the question and the answer has it asked again.
    await expect.poll(async () => Math.abs(await deep.clockAheadMs())).toBeLessThan(2_000)
  })
}

describe('dead letters and deep looks on the embedded database', () => suite(openTestEmbedded))
describeWith('postgres', 'dead letters and deep looks on PostgreSQL', (url) =>
  suite(() => openTestPostgres(url)),
)
