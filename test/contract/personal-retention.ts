import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { countOver, noneOver, retireOver, type RetentionRules } from '../../src/privacy/index.ts'
import { createAgentDrafts, createReaderIntake, createRetention } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { findIn, type Person } from '../support/personal-ground.ts'
import { never, openPersonalStage, type PersonalStage } from '../support/personal-stage.ts'

const none = noneOver()

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
      'truncate contacts, conversations, messages, outbox, delivery_attempts, tickets, complaint_cases, case_evidence, legal_holds, learning_questions, learning_proposals, feedback_items, feedback_themes, feedback_notices cascade',
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
  const each = { messages: 180, tickets: 180, complaints: 180, questions: 180, suggestions: 180 }
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
    // A suggestion, and what was told of it.
    const one = { ...none, messages: 1, tickets: 1, complaints: 1, questions: 1, suggestions: 2 }
    expect(await countOver(late())).toEqual(one)
    expect(await retired(late())).toEqual(one)
    expect([await countOver(late()), await retired(late())]).toEqual([none, none])
    const places = await findIn(test.database, person.canary)
    expect(places).not.toContain('feedback_items.sentence')
    const left = places.map((place) => place.split('.')[0])
    for (const table of [
      'messages',
      'outbox',
      'knowledge_evaluations',
      'delivery_attempts',
      'tickets',
      'ticket_timeline',
      'handoff_summaries',
      'complaint_cases',
      'learning_questions',
      'learning_proposals',
      'feedback_notices',
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

  it('removes drafts that were not changed for long, but for those about somebody who is held', async () => {
    const [person, held] = [await somebody(), await somebody()]
    const drafts = createAgentDrafts(test.database)
    await test.database.query('truncate agent_drafts')
    const keep = (ticketId: string, mode: 'reply' | 'note', at: string) =>
      drafts.keep(
        { agentId: 'agent', ticketId, mode, text: '请稍等', files: [], key: randomUUID() },
        new Date(at),
      )
    for (const ticket of [person.ticket, held.ticket]) {
      await keep(ticket, 'reply', '2026-11-27T04:00:00Z')
      await keep(ticket, 'note', '2026-12-20T04:00:00Z')
    }
    await test.database.query(
      `insert into legal_holds (id, object_kind, object_id, reason, set_by, set_at)
       values (gen_random_uuid(), 'ticket', $1, '法院要求', '{"kind":"system","id":"test"}', now())`,
      [held.ticket],
    )
    const left = async ({ ticket }: Person) =>
      (await drafts.of('agent', ticket)).map(({ mode }) => mode).toSorted()
    expect(await retired(rules('2026-12-27T03:00:00Z', { drafts: 30 }))).toEqual(none)
    const later = rules('2026-12-27T05:00:00Z', { drafts: 30 })
    expect(await countOver(later)).toEqual({ ...none, drafts: 1 })
    expect(await retired(later)).toEqual({ ...none, drafts: 1 })
    expect([await left(person), await left(held)]).toEqual([['note'], ['note', 'reply']])
  })

  it('removes invitations long after they ended, however they did', async () => {
    const invite = async (
      email: string,
      ends: { accepted?: string; withdrawn?: string; expires: string },
    ) => {
      await test.database.query(
        `insert into invitations (id, email, role, team_ids, token_hash, invited_by, created_at, expires_at, accepted_at, withdrawn_at)
         values (gen_random_uuid(), $1, 'agent', '{}', $1, 'admin', '2026-11-01T00:00:00Z', $2, $3, $4)`,
        [email, ends.expires, ends.accepted ?? null, ends.withdrawn ?? null],
      )
    }
    await test.database.query('truncate invitations')
    const [early, late] = ['2026-11-10T00:00:00Z', '2026-12-01T00:00:00Z']
    await invite('accepted@example.com', { accepted: early, expires: late })
    await invite('withdrawn@example.com', { withdrawn: early, expires: late })
    await invite('ran-out@example.com', { expires: early })
    await invite('open@example.com', { expires: late })
    const all = { ...none, invitations: 3 }
    expect(await retired(rules('2026-12-09T23:00:00Z', { invitations: 30 }))).toEqual(none)
    expect(await countOver(rules('2026-12-10T01:00:00Z', { invitations: 30 }))).toEqual(all)
    expect(await retired(rules('2026-12-10T01:00:00Z', { invitations: 30 }))).toEqual(all)
    expect(await test.database.query('select email from invitations')).toEqual([
      { email: 'open@example.com' },
    ])
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

  it('leaves files of evidence that are still needed', async () => {
    const [said, shared] = [await somebody(), await somebody()]
    const doomed = async (id: string) =>
      (await test.database.query("select 1 from media where unsent_since = '-infinity' and id = $1", [id]))
        .length > 0
    // What the reporter had sent in the conversation is handed in as evidence, and in another case once more.
    await test.database.query('update case_evidence set media_id = $2 where case_id = $1', [
      said.case,
      said.file,
    ])
    await test.database.query(
      `insert into case_evidence (id, case_id, media_id, side, content_type, bytes, sha256, added_at, added_by)
       select gen_random_uuid(), $1, media_id, side, content_type, bytes, sha256, added_at, added_by
       from case_evidence where case_id = $2`,
      [said.case, shared.case],
    )
    await test.database.query("update complaint_cases set state = 'examining' where id = $1", [said.case])
    expect(await retired(rules('2027-06-01T00:00:00Z', { complaints: 180 }))).toMatchObject({ complaints: 1 })
    expect(await doomed(shared.evidence)).toBe(false)
    await test.database.query("update complaint_cases set state = 'final' where id = $1", [said.case])
    expect(await retired(rules('2027-06-01T00:00:00Z', { complaints: 180 }))).toMatchObject({ complaints: 1 })
    expect([await doomed(said.file), await doomed(shared.evidence)]).toEqual([false, true])
  })

  it('leaves what is held, by whatever', async () => {
    for (const kind of ['contact', 'ticket', 'complaint'] as const) {
      const person = await somebody()
      const id = { contact: person.contact, ticket: person.ticket, complaint: person.case }[kind]
      const hold = await stage.holds.set({ kind, id }, '法院调取')
      expect([kind, await retired(late())]).toEqual([kind, none])
      await stage.holds.lift(hold.id, '已结', undefined)
      const { messages, questions, suggestions } = await retired(late())
      expect([kind, messages, questions, suggestions]).toEqual([kind, 1, 1, 2])
    }
  })

  it('leaves questions of proposals that somebody looks at, and ends groups of which nothing is left', async () => {
    const person = await somebody()
    const stands = (over: string) =>
      test.database.query(`update learning_proposals set ${over} where id = $1`, [person.theme])
    const by = (now: string) => rules(now, { questions: 180 })
    const group = 'select count, sum, ended_at is not null as over from learning_proposals'
    await test.database.query("update learning_questions set said_at = '2020-01-01'")
    await test.database.query(
      `insert into learning_questions (id, kind, message_id, conversation_id, inbox_id, channel, sentence, candidates,
         answer_at, said_at, created_at, theme_id)
       select gen_random_uuid(), kind, gen_random_uuid(), conversation_id, inbox_id, channel, 'young', candidates,
         answer_at, '2020-07-01', created_at, theme_id from learning_questions`,
    )
    for (const over of ["state = 'open', ended_at = null, is_held = true, count = 9", "state = 'accepted'"]) {
      await stands(over)
      expect([over, await retired(by('2021-06-01T00:00:00Z'))]).toEqual([over, none])
    }
    await stands("state = 'done'")
    expect(await retired(by('2020-12-01T00:00:00Z'))).toEqual({ ...none, questions: 1 })
    expect(await test.database.query(group)).toEqual([{ count: 1, sum: null, over: false }])
    expect(await retired(by('2021-06-01T00:00:00Z'))).toEqual({ ...none, questions: 1 })
    expect(await test.database.query(group)).toEqual([{ count: 0, sum: null, over: true }])
    // Long after it ended it goes itself.
    expect(await retired(by('2099-01-01T00:00:00Z'))).toEqual(none)
    expect(await test.database.query(group)).toEqual([])
  })

  it('leaves no question that belongs to nothing, nor one that nothing is proposed for', async () => {
    const person = await somebody()
    await test.database.query("update learning_proposals set state = 'open', ended_at = null, kind = null")
    await test.database.query(
      `insert into learning_questions (id, kind, message_id, conversation_id, inbox_id, channel, sentence, candidates,
         answer_at, said_at, created_at)
       select gen_random_uuid(), kind, gen_random_uuid(), conversation_id, inbox_id, channel, 'loose', candidates,
         answer_at, said_at, created_at from learning_questions where conversation_id = $1`,
      [person.conversation],
    )
    expect(await retired(rules('2027-06-01T00:00:00Z', { questions: 180 }))).toEqual({
      ...none,
      questions: 2,
    })
  })

  it('lets go what readers of the help centre asked, which is nobody’s, after the same time', async () => {
    const saidAt = new Date('2026-11-27T04:00:00Z')
    const question = { sentence: '月球发票', given: 'refund-how', candidates: [], answerAt: 0.5, saidAt }
    await createReaderIntake(test.database).keep({ id: randomUUID(), ...question }, saidAt)
    expect(await retired(rules('2027-05-01T00:00:00Z', { questions: 180 }))).toEqual(none)
    expect(await retired(rules('2027-06-01T00:00:00Z', { questions: 180 }))).toEqual({
      ...none,
      questions: 1,
    })
  })

  it('keeps what suggestions count, and mean, when their words go', async () => {
    const person = await somebody()
    await retired(rules('2027-06-01T00:00:00Z', { suggestions: 180 }))
    const items = await test.database.query(
      'select sentence, cues, discarded_at, vector is not null as meant from feedback_items where theme_id = $1',
      [person.theme],
    )
    expect(items).toEqual([{ sentence: '', cues: [], discarded_at: null, meant: true }])
  })

  it('leaves what is still worked on', async () => {
    const person = await somebody()
    await test.database.query("update complaint_cases set state = 'examining' where id = $1", [person.case])
    const owed = rules('2027-06-01T00:00:00Z', { ...each, questions: 0, suggestions: 0 })
    expect(await retired(owed)).toEqual(none)
    await test.database.query("update complaint_cases set state = 'final' where id = $1", [person.case])
    await test.database.query("update tickets set state = 'open' where id = $1", [person.ticket])
    expect(await retired(owed)).toEqual({ ...none, complaints: 1 })
  })

  it('leaves cases that can still be appealed, tickets that are solved but not closed, and what nobody read yet', async () => {
    const person = await somebody()
    const set = (table: string, over: string) => test.database.query(`update ${table} set ${over}`)
    const owed = rules('2027-06-01T00:00:00Z', { ...each, questions: 0, suggestions: 0 })
    await set('complaint_cases', "state = 'decided'")
    await set('messages', 'pending = true')
    expect(await retired(owed)).toEqual(none)
    await set('complaint_cases', "state = 'final'")
    await set('tickets', "state = 'solved', closed_at = null")
    expect(await retired(owed)).toEqual({ ...none, complaints: 1 })
    await set('messages', 'pending = false')
    expect(await retired(owed)).toEqual({ ...none, messages: 1 })
    const [ticket] = await test.database.query('select title from tickets where id = $1', [person.ticket])
    expect(ticket).toEqual({ title: person.canary })
  })

  it('leaves what belongs to a contact into whom one that is held was merged', async () => {
    const [gone, kept] = [await somebody(), await somebody()]
    const hold = await stage.holds.set({ kind: 'contact', id: gone.contact }, '法院调取')
    await test.database.query('update contacts set merged_into = $2 where id = $1', [
      gone.contact,
      kept.contact,
    ])
    expect(await retired(late())).toEqual(none)
    await stage.holds.lift(hold.id, '已结', undefined)
    expect(await retired(late())).toMatchObject({ messages: 2, tickets: 2 })
  })

  it('leaves files of messages that are evidence, or that an agent sent elsewhere as well', async () => {
    const [proof, sent, other] = [await somebody(), await somebody(), await somebody()]
    await test.database.query('update case_evidence set media_id = $2 where case_id = $1', [
      proof.case,
      proof.file,
    ])
    await test.database.query(
      `update messages set author = 'agent', created_at = '2027-05-31', parts = jsonb_build_array(
         jsonb_build_object('kind', 'file', 'name', 'x', 'media', jsonb_build_object('mediaId', $2::text)))
       where conversation_id = $1`,
      [other.conversation, sent.file],
    )
    expect(await retired(rules('2027-06-01T00:00:00Z', { messages: 180 }))).toEqual({ ...none, messages: 2 })
    const doomed = await test.database.query(
      "select id from media where unsent_since = '-infinity' and id = any($1::uuid[])",
      [[proof.file, sent.file]],
    )
    expect(doomed).toEqual([])
  })

  it('stops when it is told to', async () => {
    await somebody()
    const nothing = (): void => undefined
    await expect(retireOver(late(), AbortSignal.abort(), nothing)).rejects.toThrow()
  })
}
