import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../support/databases.ts'
import { dayMs, minuteMs, openSurveyWorld, type SurveyWorld } from '../support/survey-world.ts'

const actor = { kind: 'agent', id: 'li', name: '李然' } as const

/** What becomes of invitations that others hold in the moment in which they are to be taken back. */
export const areTakenBackBesideOthers = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: SurveyWorld
  let other: pg.Client
  let otherPid = 0
  beforeAll(async () => {
    test = await open()
    world = openSurveyWorld(test)
    other = new pg.Client({ connectionString: test.url })
    await other.connect()
    const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid')
    otherPid = rows[0]?.pid ?? 0
  })
  afterAll(async () => {
    await other.end()
    await test.dispose()
  })

  /** Somebody who agreed and was asked, in two pieces. */
  const asked = async () => {
    const key = world.newContact()
    const { contactId, conversationId } = await world.hears(key, () => ({ survey: { consent: true } }))
    world.clock.advance(10 * minuteMs)
    const now = world.clock.now()
    const { id } = await world.campaigns.create(
      {
        ...{ title: '推荐', question: { type: 'nps', wording: { zh: '会推荐吗？' } }, audience: {} },
        ...{ startsAt: now, endsAt: new Date(now.getTime() + dayMs), share: 1, mostADay: 100 },
      },
      { actor },
      now,
    )
    await world.campaigns.move(id, 'started', { actor, reason: '开始' }, now)
    await world.invite()
    await test.database.query(
      `insert into outbox (id, message_id, conversation_id, inbox_id, author, part, status, next_attempt_at, created_at)
      select gen_random_uuid(), message_id, conversation_id, inbox_id, author, part, status, next_attempt_at, created_at
      from outbox where conversation_id = $1`,
      [conversationId],
    )
    return { key, contactId, conversationId }
  }
  const statuses = async (conversationId: string) =>
    (
      await test.database.query<{ status: string }>(
        'select status from outbox where conversation_id = $1 order by position',
        [conversationId],
      )
    ).map(({ status }) => status)
  const waiting = async () =>
    (
      await test.database.query('select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [
        otherPid,
      ])
    ).length

  const ways: readonly (readonly [string, (who: { key: string; contactId: string }) => Promise<unknown>])[] =
    [
      ['the contact says stop', ({ key }) => world.hears(key, () => ({ survey: { stop: true } }))],
      [
        'consent is withdrawn',
        ({ contactId }) =>
          world.consents.withdraw(contactId, { reason: '来电说不要了', actor }, world.clock.now()),
      ],
    ]
  describe.each(ways)('invitations, when %s,', (_, takeBack) => {
    it('are taken back once whoever holds a piece lets go of it', async () => {
      const who = await asked()
      await other.query('begin')
      await other.query(
        'select from outbox where conversation_id = $1 order by position limit 1 for no key update',
        [who.conversationId],
      )
      const takenBack = takeBack(who)
      await expect.poll(waiting).toBeGreaterThan(0)
      await other.query('rollback')
      await takenBack
      expect(await statuses(who.conversationId)).toEqual(['withdrawn', 'withdrawn'])
    })

    it('go out whole when a piece is being sent', async () => {
      const who = await asked()
      await other.query('begin')
      await other.query(
        `update outbox set status = 'sending', attempts = 1, lease_until = now() + interval '1 minute'
        where position = (select min(position) from outbox where conversation_id = $1)`,
        [who.conversationId],
      )
      const takenBack = takeBack(who)
      await expect.poll(waiting).toBeGreaterThan(0)
      await other.query('commit')
      await takenBack
      expect(await statuses(who.conversationId)).toEqual(['sending', 'queued'])
    })
  })
}
