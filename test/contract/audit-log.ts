import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { actAs, type Actor } from '../../src/core/acting.ts'
import type { AuditLog } from '../../src/core/audit.ts'
import type { Query, Row } from '../../src/core/database.ts'
import {
  createAgentDirectory,
  createApiKeyStore,
  createAuditLog,
  createTeamStore,
} from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'

const li: Actor = { kind: 'agent', id: 'li', address: '203.0.113.7' }
const days = (count: number): Date => new Date(Date.now() - count * 86_400_000)

/** What every database must do for the log of who did what. */
export const itIsAnAuditLog = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let log: AuditLog
  beforeAll(async () => {
    test = await open()
    log = createAuditLog(test.database)
  })
  afterAll(() => test.dispose())

  /** What only the owner of the database can do, the trigger out of the way. */
  const behindItsBack = async (statement: string): Promise<void> => {
    await test.database.script(
      `alter table audit_log disable trigger user; ${statement}; alter table audit_log enable trigger user;`,
    )
  }
  beforeEach(() => behindItsBack('delete from audit_log'))

  const write = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1)
      await actAs(li, () =>
        log.record({ act: 'personal.revealed', object: { kind: 'message', id: `m${String(n)}` } }),
      )
  }
  const numbers = async (): Promise<readonly number[]> =>
    (await log.list({}, { limit: 100 })).map(({ number }) => number)
  /** Lets the lines up to `number` be so old, as if they had been written then. */
  const age = (number: number, since: number): Promise<void> =>
    behindItsBack(`do $$ declare each record; link text := ''; begin
      for each in select seq from audit_log order by seq loop
        update audit_log set previous = link,
          at = case when seq <= ${String(number)} then now() - interval '${String(since)} days' else at end
        where seq = each.seq;
        update audit_log l set hash = audit_digest(l) where seq = each.seq returning hash into link;
      end loop; end $$`)

  it('keeps who did what, on what, from where and why, the newest first', async () => {
    await actAs(li, () =>
      log.record({
        act: 'personal.revealed',
        object: { kind: 'message', id: 'm1' },
        reason: '回电核实',
        detail: { kinds: ['phone'] },
      }),
    )
    await log.record({ act: 'settings.changed', detail: {} })
    const lines = await log.list({}, { limit: 10 })
    expect(lines).toMatchObject([
      { number: 2, act: 'settings.changed', actor: { kind: 'system', id: 'product' } },
      {
        number: 1,
        act: 'personal.revealed',
        actor: li,
        object: { kind: 'message', id: 'm1' },
        reason: '回电核实',
        detail: { kinds: ['phone'] },
      },
    ])
  })

  it('finds by act, actor, object and time, page by page', async () => {
    await write(3)
    await log.record({ act: 'settings.changed' })
    const found = async (filter: Parameters<AuditLog['list']>[0]) =>
      (await log.list(filter, { limit: 10 })).map(({ number }) => number)
    expect(await found({ act: 'personal.revealed' })).toEqual([3, 2, 1])
    expect(await found({ actorId: 'product' })).toEqual([4])
    expect(await found({ objectKind: 'message', objectId: 'm1' })).toEqual([2])
    expect(await found({ since: days(-1) })).toEqual([])
    expect(await found({ until: days(-1) })).toEqual([4, 3, 2, 1])
    expect((await log.list({}, { before: 3, limit: 1 })).map(({ number }) => number)).toEqual([2])
  })

  it('is written with what it tells of, or not at all', async () => {
    const teams = createTeamStore(test.database)
    const facts = {
      name: { zh: '审核', en: 'Review' },
      spread: 'roundRobin' as const,
      takes: { kinds: [], topics: [], priorities: [], channels: [] },
      skills: {},
      isDefault: false,
    }
    const { id } = await actAs(li, () => teams.create(facts, new Date()))
    await expect(teams.change(id, { facts: {}, expectedVersion: 99 }, new Date())).rejects.toThrow()
    await actAs(li, () => teams.remove(id, new Date()))
    const lines = await log.list({ objectId: id }, { limit: 10 })
    expect(lines.map(({ act, actor }) => [act, actor.id])).toEqual([
      ['team.removed', 'li'],
      ['team.created', 'li'],
    ])
  })

  it('names people and keys as they are called', async () => {
    const agents = createAgentDirectory(test.database)
    // The last administrator stays one.
    await agents.create({ name: '李强', email: 'li@example.com', role: 'admin' })
    const boss = await agents.create({ name: '王芳', email: 'wang@example.com', role: 'admin' })
    const keys = createApiKeyStore(test.database)
    const key = await actAs({ kind: 'agent', id: boss.id }, () =>
      keys.create({
        ...{ name: '仓库', scopes: ['tickets:read'], createdBy: boss.id, createdAt: new Date() },
        ...{ prefix: 'tk_x', tokenHash: 'hash-of-it' },
      }),
    )
    await actAs({ kind: 'key', id: key.id }, () => agents.setRole(boss.id, 'agent'))
    const [changed, created] = await log.list({}, { limit: 2 })
    expect(changed).toMatchObject({ act: 'role.changed', actor: { name: '仓库' }, detail: { role: 'agent' } })
    expect(created).toMatchObject({ act: 'key.created', actor: { name: '王芳' } })
    expect(JSON.stringify(created)).not.toContain('hash-of-it')
  })

  it.each([
    `update audit_log set reason = 'nothing happened'`,
    'delete from audit_log',
    'truncate audit_log',
    `select set_config('tongda.audit_retire', 'on', false); delete from audit_log`,
  ])('refuses %s', async (statement) => {
    await write(2)
    await expect(test.database.script(statement)).rejects.toThrow()
    await test.database.query(`select set_config('tongda.audit_retire', '', false)`)
    expect(await numbers()).toEqual([2, 1])
  })

  it('numbers lines without a gap, whatever a writer says and however many write at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => log.record({ act: 'settings.changed' })))
    await test.database.query(
      `insert into audit_log (seq, at, actor_kind, actor_id, act, detail, hash)
       values (99, '2001-01-01', 'agent', 'x', 'key.created', '{}', 'mine')`,
    )
    expect([...(await numbers())].reverse()).toEqual(Array.from({ length: 21 }, (_, n) => n + 1))
    expect(await log.verify()).toMatchObject({ lines: 21, head: { number: 21 } })
  })

  it.each([
    [
      'a changed reason',
      `update audit_log set reason = 'other' where seq = 2`,
      { number: 2, what: 'changed' },
    ],
    ['a changed name', `update audit_log set actor_id = 'me' where seq = 3`, { number: 3, what: 'changed' }],
    ['a missing line', 'delete from audit_log where seq = 2', { number: 3, what: 'missing-before' }],
    ['a missing beginning', 'delete from audit_log where seq = 1', { number: 2, what: 'missing-before' }],
    [
      'a line that was reckoned anew',
      `update audit_log set reason = 'other' where seq = 2;
       update audit_log l set hash = audit_digest(l) where seq = 2`,
      { number: 3, what: 'missing-before' },
    ],
  ])('tells %s', async (_what, statement, fault) => {
    await write(4)
    expect(await log.verify()).toMatchObject({ lines: 4, head: { number: 4 } })
    await behindItsBack(statement)
    expect(await log.verify()).toMatchObject({ fault })
  })

  it('compares with a line that was noted', async () => {
    await write(3)
    const { head } = await log.verify()
    if (head === undefined) throw new Error('there is no line')
    await write(2)
    expect(await log.verify(head)).toMatchObject({ lines: 5, noted: 'same' })
    const other = { ...head, hash: '0'.repeat(64) }
    expect(await log.verify(other)).toMatchObject({ fault: { number: 3, what: 'replaced' } })
    await behindItsBack('delete from audit_log where seq > 2')
    expect(await log.verify()).toMatchObject({ lines: 2 })
    expect(await log.verify(head)).toMatchObject({ fault: { number: 3, what: 'missing-end' } })
  })

  it('compares with the line at which retention stopped, and with none before', async () => {
    await write(2)
    const [second, first] = await log.list({}, { limit: 2 })
    if (first === undefined || second === undefined) throw new Error('there are no lines')
    await write(3)
    await age(3, 400)
    await log.retire(days(365))
    expect(await log.verify(first)).toMatchObject({ noted: 'retired' })
    const aged = await test.database.query<{ hash: string }>(
      `select detail ->> 'hash' as hash from audit_log where act = 'audit.retired'`,
    )
    const third = { number: 3, hash: aged[0]?.hash ?? '' }
    expect(await log.verify(third)).toMatchObject({ noted: 'same' })
    expect(await log.verify({ ...third, hash: second.hash })).toMatchObject({
      fault: { number: 3, what: 'replaced' },
    })
  })

  it('forgets what is old enough, says so, and goes on as one chain', async () => {
    await write(5)
    await age(3, 400)
    expect(await log.retire(days(365))).toBe(3)
    expect(await numbers()).toEqual([6, 5, 4])
    expect((await log.list({}, { limit: 1 }))[0]).toMatchObject({
      act: 'audit.retired',
      detail: { count: 3, number: 3 },
    })
    expect(await log.verify()).toMatchObject({ lines: 3, head: { number: 6 } })
    expect(await log.retire(days(365))).toBe(0)
    await behindItsBack('delete from audit_log where seq = 4')
    expect(await log.verify()).toMatchObject({ fault: { number: 5, what: 'missing-before' } })
  })

  it('takes what retention forgets while it is checked for no fault', async () => {
    await write(5)
    await age(3, 400)
    let forgotten = 0
    const { query } = test.database
    const meanwhile: Query = async <Result extends Row = Row>(text: string, params?: readonly unknown[]) => {
      if (text.includes('audit_digest') && forgotten === 0) forgotten = await log.retire(days(365))
      return query<Result>(text, params)
    }
    const verdict = await createAuditLog({ ...test.database, query: meanwhile }).verify()
    expect([forgotten, verdict]).toMatchObject([3, { lines: 3, head: { number: 6 } }])
    expect(verdict.fault).toBeUndefined()
  })

  it('keeps everything for half a year, whatever it is told', async () => {
    await write(3)
    await age(2, 170)
    expect(await log.retire(days(0))).toBe(0)
    await age(1, 181)
    expect(await log.retire(days(0))).toBe(1)
  })
}
