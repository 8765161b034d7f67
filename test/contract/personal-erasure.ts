import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContactStore, createEventLog, type Database } from '../../src/store/index.ts'
import { otherTables, personalTables } from '../../src/store/personal-register.ts'
import type { TestDatabase } from '../support/databases.ts'
import { columnsOf, findIn } from '../support/personal-ground.ts'
import { openPersonalStage, type PersonalStage } from '../support/personal-stage.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

/** What every database must do when a contact is erased. */
export const itErasesContacts = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let stage: PersonalStage
  beforeAll(async () => {
    test = await open()
    stage = openPersonalStage(test)
  })
  afterAll(() => test.dispose())

  describe('the register', () => {
    it('names every table of the database, each once', async () => {
      const tables = new Set((await columnsOf(stage.database)).map(({ table }) => table))
      expect([...Object.keys(personalTables), ...Object.keys(otherTables)].toSorted()).toEqual(
        [...tables].toSorted(),
      )
    })

    it('says of every column of rows that stay whether it does', async () => {
      const columns = await columnsOf(stage.database)
      for (const [table, { erase }] of Object.entries(personalTables)) {
        if (erase === 'delete') continue
        const declared = [
          ...Object.keys(erase.blank),
          ...Object.keys(erase.also ?? {}),
          ...erase.kept.split(' '),
        ]
        const there = columns.filter((column) => column.table === table).map(({ name }) => name)
        expect({ table, columns: declared.toSorted() }).toEqual({ table, columns: there.toSorted() })
      }
    })

    it('says of every table whether it is in the copy, or why not', () => {
      for (const [table, { exported, leftOut }] of Object.entries(personalTables))
        expect([table, exported === undefined, leftOut !== undefined]).toEqual([
          table,
          leftOut !== undefined,
          exported === undefined,
        ])
    })
  })

  describe('erasing', () => {
    it('shows first what goes and what stays, and changes nothing', async () => {
      const person = await stage.somebody()
      const planned = await stage.erasures.plan(person.contact, '用户要求删除')
      expect(planned).toMatchObject({
        state: 'planned',
        blockedBy: [],
        version: 1,
        contactId: person.contact,
      })
      const fates = new Map(
        planned.lines.map(({ table, rows, fate, why }) => [table, { rows, fate, said: why !== undefined }]),
      )
      expect(fates.get('messages')).toEqual({ rows: 1, fate: 'deleted', said: false })
      expect(fates.get('tickets')).toEqual({ rows: 1, fate: 'blanked', said: true })
      expect((await findIn(stage.database, person.canary)).length).toBeGreaterThan(40)
      await expect(stage.erasures.plan(person.contact, '再来一次')).rejects.toMatchObject({
        code: 'conflict',
      })
      await expect(stage.erasures.confirm(person.contact, 7)).rejects.toMatchObject({
        facts: { current: 1, yours: 7 },
      })
      expect(await stage.erasures.cancel(person.contact, 1)).toMatchObject({ state: 'cancelled', version: 2 })
      await expect(stage.erasures.confirm(person.contact, 2)).rejects.toMatchObject({ code: 'conflict' })
      expect(await stage.audited(person.contact)).toEqual(['erasure.planned', 'erasure.cancelled'])
    })

    it('leaves nothing of the person in any column of any table nor in any file, and others as they were', async () => {
      const [person, bystander] = [await stage.somebody(), await stage.somebody()]
      const before = await findIn(stage.database, bystander.canary)
      const id = await stage.confirmed(person)
      expect(await stage.erase(id)).toBeGreaterThan(20)
      expect(await findIn(stage.database, person.canary)).toEqual([])
      expect(stage.inFiles(person.canary)).toEqual([])
      expect(await findIn(stage.database, bystander.canary)).toEqual(before)
      expect(stage.inFiles(bystander.canary)).toHaveLength(4)
      const files = await stage.database.query('select id from media where id = any($1::uuid[])', [
        [person.file, person.evidence, person.avatar],
      ])
      expect(files).toEqual([])
      expect(await stage.erasures.get(person.contact)).toMatchObject({ id, state: 'done', blockedBy: [] })
      expect(await stage.audited(person.contact)).toEqual([
        'erasure.planned',
        'erasure.confirmed',
        'erasure.done',
      ])
    })

    it('is looked at again for two nights, and goes on when it was broken off', async () => {
      const [over, begun] = [await stage.somebody(), await stage.somebody()]
      const [done, left] = [await stage.confirmed(over), await stage.confirmed(begun)]
      await stage.erase(done)
      expect(await stage.nightly()).toContain(done)
      expect(await stage.nightly()).not.toContain(left)
      await stage.database.query(
        `update contact_erasures set done_at = done_at - interval '3 days', confirmed_at = now() - interval '2 hours'
         where id = any($1::uuid[])`,
        [[done, left]],
      )
      expect(await stage.nightly()).not.toContain(done)
      expect(await stage.nightly()).toContain(left)
    })

    it('keeps the numbers', async () => {
      const person = await stage.somebody()
      await stage.erase(await stage.confirmed(person))
      const [ticket] = await stage.database.query(
        'select state, title, topic is not null as topic from tickets where id = $1',
        [person.ticket],
      )
      expect(ticket).toEqual({ state: 'closed', title: '已删除 Erased', topic: true })
      const [survey] = await stage.database.query(
        'select score, comment, state from survey_invitations where ticket_id = $1',
        [person.ticket],
      )
      expect(survey).toEqual({ score: 1, comment: null, state: 'answered' })
      const [items] = await stage.database.query<{ count: number }>(
        'select count(*)::int as count from feedback_items where theme_id = $1 and discarded_at is null',
        [person.theme],
      )
      expect(items?.count).toBe(1)
    })

    it('tells programs outside, by every id that they may know', async () => {
      const [old, person] = [await stage.somebody(), await stage.somebody()]
      await createContactStore(stage.database).merge({
        ...{ from: old.contact, into: person.contact, reason: 'agent', now: new Date() },
      })
      const erasureId = await stage.confirmed(person)
      await stage.erase(erasureId)
      await untilEventsAreReadable(stage.database)
      const events = await createEventLog(stage.database).read({ types: ['contact.erased'], limit: 100 })
      for (const contactId of [person.contact, old.contact])
        expect(events).toContainEqual(
          expect.objectContaining({ type: 'contact.erased', contactId, data: { erasureId } }),
        )
    })

    it('ends the same however often it is broken off', async () => {
      for (const after of [0, 1, 5, 9, 14, 20, 27, 33, 38]) {
        const person = await stage.somebody()
        const id = await stage.confirmed(person)
        let left = after
        const dying: Database = {
          ...stage.database,
          transaction: (work) => {
            left -= 1
            return left < 0 ? Promise.reject(new Error('killed')) : stage.database.transaction(work)
          },
        }
        await expect(stage.erase(id, dying)).rejects.toThrow('killed')
        expect((await stage.erasures.get(person.contact)).state).toBe('confirmed')
        await stage.erase(id)
        expect([after, await findIn(stage.database, person.canary), stage.inFiles(person.canary)]).toEqual([
          after,
          [],
          [],
        ])
        expect((await stage.erasures.get(person.contact)).state).toBe('done')
        expect(await stage.erase(id)).toBe(0)
      }
    })

    it('finds what lies far back in large tables', async () => {
      const [person, other] = [await stage.somebody(), await stage.somebody()]
      const { query } = stage.database
      await query(
        `insert into events (type, at, contact_id, data)
         select 'message.received', now(), $1::uuid, '{}' from generate_series(1, 21000)`,
        [other.contact],
      )
      await query(
        `insert into webhook_deliveries (id, endpoint_id, type, payload, status, next_attempt_at, created_at)
         select gen_random_uuid(), e.id, 'message.received', '{}', 'delivered', now(), now()
         from (select id from webhook_endpoints limit 1) e, generate_series(1, 21000)`,
      )
      await query(
        `insert into events (type, at, conversation_id, data) values ('message.received', now(), $1, '{}')`,
        [person.conversation],
      )
      await query(
        `insert into webhook_deliveries (id, endpoint_id, type, payload, status, next_attempt_at, created_at)
         select 'ffffffff-ffff-4fff-bfff-ffffffffffff', id, 'ticket.changed', $1, 'delivered', now(), now()
         from webhook_endpoints limit 1`,
        [JSON.stringify({ ticketId: person.ticket })],
      )
      await stage.erase(await stage.confirmed(person))
      for (const [table, column] of [
        ['events', 'conversation_id'],
        ['webhook_deliveries', 'payload'],
      ] as const) {
        const ids = `strpos(${column}::text, $1) > 0 or strpos(${column}::text, $2) > 0`
        const found = await query(`select 1 from ${table} where ${ids}`, [person.conversation, person.ticket])
        expect([table, found]).toEqual([table, []])
      }
    })

    it('stops when it is told to', async () => {
      const id = await stage.confirmed(await stage.somebody())
      await expect(stage.erase(id, undefined, AbortSignal.abort())).rejects.toThrow()
      await stage.erase(id)
    })

    it('waits while a hold or an open case stands, and says which', async () => {
      const person = await stage.somebody()
      const hold = await stage.holds.set({ kind: 'ticket', id: person.ticket }, '法院调取')
      await stage.database.query("update complaint_cases set state = 'examining' where id = $1", [
        person.case,
      ])
      const planned = await stage.erasures.plan(person.contact, '用户要求删除')
      const blockedBy = [
        { kind: 'hold', id: hold.id, held: { kind: 'ticket', id: person.ticket, reason: '法院调取' } },
        { kind: 'complaint', id: person.case, state: 'examining' },
      ]
      expect(planned.blockedBy).toEqual(blockedBy)
      await expect(stage.erasures.confirm(person.contact, 1)).rejects.toMatchObject({
        code: 'conflict',
        facts: { blockedBy },
      })
      await stage.holds.lift(hold.id, '案件已结', 1)
      await stage.database.query("update complaint_cases set state = 'final' where id = $1", [person.case])
      await stage.erase((await stage.erasures.confirm(person.contact, 1)).id)
      expect(await findIn(stage.database, person.canary)).toEqual([])
    })

    it('takes those along who were merged into the contact', async () => {
      const [old, person] = [await stage.somebody(), await stage.somebody()]
      const contacts = createContactStore(stage.database)
      await contacts.merge({ from: old.contact, into: person.contact, reason: 'agent', now: new Date() })
      await stage.erasures.plan(old.contact, '用户要求删除')
      await stage.erase((await stage.erasures.confirm(old.contact, undefined)).id)
      expect(await findIn(stage.database, old.canary)).toEqual([])
      expect(await findIn(stage.database, person.canary)).toEqual([])
      for (const id of [old.contact, person.contact])
        await expect(contacts.get(id)).rejects.toMatchObject({ code: 'not_found' })
    })
  })
}
