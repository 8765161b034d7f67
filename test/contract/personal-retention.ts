import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { countOver, retireOver, type RetentionRules } from '../../src/privacy/index.ts'
import { createRetention } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { findIn, type Person } from '../support/personal-ground.ts'
import { never, openPersonalStage, type PersonalStage } from '../support/personal-stage.ts'

const none = { messages: 0, tickets: 0, complaints: 0 }

/** What every database must do with what is older than it is kept. */
export const itRetiresContacts = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let stage: PersonalStage
  beforeAll(async () => {
    test = await open()
    stage = openPersonalStage(test)
  })
  afterAll(() => test.dispose())
  beforeEach(() =>
    test.database.query(
      'truncate contacts, conversations, messages, outbox, delivery_attempts, tickets, complaint_cases, case_evidence, legal_holds cascade',
    ),
  )

  // Everything about somebody is of 2026-11-27; ids of messages are made of that time, too.
  const somebody = async (): Promise<Person> => {
    const person = await stage.somebody()
    await test.database.query(
      "update tickets set state = 'closed', closed_at = '2026-11-27T04:00:00Z' where id = $1",
      [person.ticket],
    )
    return person
  }
  const rules = (now: string, days: Partial<RetentionRules['days']>): RetentionRules => ({
    retention: createRetention(test.database),
    days: { ...none, ...days },
    now: () => new Date(now),
  })
  const retired = async (over: RetentionRules): Promise<typeof none> => {
    const counts = { ...none }
    await retireOver(over, never, (kind, rows) => {
      counts[kind] += rows
    })
    return counts
  }
  const each = { messages: 180, tickets: 180, complaints: 180 }
  const late = (): RetentionRules => rules('2027-06-01T00:00:00Z', each)

  it('leaves what is young, or is kept for as long as nobody erases it', async () => {
    const person = await somebody()
    const before = await findIn(test.database, person.canary)
    expect(await countOver(rules('2027-05-01T00:00:00Z', each))).toEqual(none)
    expect(await retired(rules('2027-05-01T00:00:00Z', each))).toEqual(none)
    expect(await retired(rules('2099-01-01T00:00:00Z', {}))).toEqual(none)
    expect(await findIn(test.database, person.canary)).toEqual(before)
  })

  it('counts first, then removes, and the second time finds nothing', async () => {
    const person = await somebody()
    const one = { messages: 1, tickets: 1, complaints: 1 }
    expect(await countOver(late())).toEqual(one)
    expect(await retired(late())).toEqual(one)
    expect([await countOver(late()), await retired(late())]).toEqual([none, none])
    const left = (await findIn(test.database, person.canary)).map((place) => place.split('.')[0])
    for (const table of [
      'messages',
      'outbox',
      'knowledge_evaluations',
      'delivery_attempts',
      'tickets',
      'ticket_timeline',
      'complaint_cases',
    ])
      expect(left).not.toContain(table)
    for (const table of [
      'case_evidence',
      'case_notices',
      'case_events',
      'case_actions',
      'case_decisions',
      'identity_checks',
    ])
      expect(left).not.toContain(table)
    // Who the person is stays known until somebody erases them.
    expect(left).toContain('contact_identities')
    const [ticket] = await test.database.query('select state from tickets where id = $1', [person.ticket])
    expect(ticket).toEqual({ state: 'closed' })
  })

  it('takes files along', async () => {
    const person = await somebody()
    await retired(late())
    const doomed = await test.database.query<{ id: string }>(
      "select id from media where unsent_since = '-infinity' and id = any($1::uuid[])",
      [[person.file, person.evidence, person.avatar]],
    )
    expect(doomed.map(({ id }) => id).toSorted()).toEqual([person.file, person.evidence].toSorted())
  })

  it('leaves what is held, by whatever', async () => {
    for (const kind of ['contact', 'ticket', 'complaint'] as const) {
      const person = await somebody()
      const id = { contact: person.contact, ticket: person.ticket, complaint: person.case }[kind]
      const hold = await stage.holds.set({ kind, id }, '法院调取')
      expect([kind, await retired(late())]).toEqual([kind, none])
      await stage.holds.lift(hold.id, '已结', undefined)
      expect([kind, (await retired(late())).messages]).toEqual([kind, 1])
    }
  })

  it('leaves what is still worked on', async () => {
    const person = await somebody()
    await test.database.query("update complaint_cases set state = 'examining' where id = $1", [person.case])
    expect(await retired(late())).toEqual(none)
    await test.database.query("update complaint_cases set state = 'final' where id = $1", [person.case])
    await test.database.query("update tickets set state = 'open' where id = $1", [person.ticket])
    expect(await retired(late())).toEqual({ ...none, complaints: 1 })
  })

  it('stops when it is told to', async () => {
    await somebody()
    const nothing = (): void => undefined
    await expect(retireOver(late(), AbortSignal.abort(), nothing)).rejects.toThrow()
  })
}
