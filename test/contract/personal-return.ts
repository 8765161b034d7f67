import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createContactStore,
  createConversationStore,
  createEvaluationStore,
  createFailureIntake,
  createOutboxStore,
} from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openPersonalStage, type PersonalStage } from '../support/personal-stage.ts'

/** What every database must do for what comes after a contact was erased. */
export const itForgetsContacts = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let stage: PersonalStage
  beforeAll(async () => {
    test = await open()
    stage = openPersonalStage(test)
  })
  afterAll(() => test.dispose())

  describe('after erasing', () => {
    /** Somebody with a ticket, erased while a worker and a sender were at work for them. */
    const erasedAtWork = async (contactKey: string) => {
      const conversations = createConversationStore(stage.database)
      const outbox = createOutboxStore(stage.database)
      const [accepted] = await stage.says(contactKey, `${contactKey} 1`)
      const conversationId = accepted?.conversationId ?? ''
      const first = (await conversations.claim('worker', 50, 60_000)).find(
        (one) => one.conversationId === conversationId,
      )
      if (first === undefined) throw new Error('nothing was ready')
      const number = await conversations.nextTicketNumber()
      const openTicket = buildTicketDraft(number)
      await conversations.commit(
        [buildOutcome(first, { mode: 'bot', outbound: [buildDraft('请稍等')], openTicket })],
        new Date(),
      )
      await stage.says(contactKey, `${contactKey} 2`)
      const claim = (await conversations.claim('worker', 50, 60_000)).find(
        (one) => one.conversationId === conversationId,
      )
      if (claim === undefined) throw new Error('nothing was ready')
      const [sending] = await outbox.claim('sender', 50, 60_000, new Date())
      await stage.erasures.plan(claim.contactId, '用户要求删除')
      const { id } = await stage.erasures.confirm(claim.contactId, undefined)
      return { claim, sending, conversationId, id, conversations, outbox, contactId: claim.contactId }
    }
    const written = async (conversationId: string) =>
      stage.database.query(
        'select id from messages where conversation_id = $1 union select id from outbox where conversation_id = $1',
        [conversationId],
      )

    it('whoever was thinking or sending cannot write any more', async () => {
      const { claim, sending, conversationId, id, conversations, outbox } = await erasedAtWork('late-worker')
      await stage.erase(id)
      expect(
        await conversations.commit([buildOutcome(claim, { outbound: [buildDraft('迟到')] })], new Date()),
      ).toEqual(['fenced'])
      if (sending === undefined) throw new Error('nothing was to be sent')
      await outbox.settle([{ claim: sending, result: { status: 'sent', providerId: 'x' } }], new Date())
      expect(await written(conversationId)).toEqual([])
    })

    it('nothing is written into their conversations and tickets, by whatever way', async () => {
      const { conversationId, id, contactId } = await erasedAtWork('late-writer')
      await stage.erase(id)
      const [ticket] = await stage.database.query<{ id: string }>(
        'select id from tickets where conversation_id = $1',
        [conversationId],
      )
      if (ticket === undefined) throw new Error('no ticket was opened')
      await stage.database.query(
        `insert into messages (id, conversation_id, seq, inbox_id, direction, author, parts, sent_at, created_at)
         values (gen_random_uuid(), $1, 99, 'x', 'note', 'agent', '[]', now(), now())`,
        [conversationId],
      )
      await stage.database.query("update tickets set subject = 'late' where conversation_id = $1", [
        conversationId,
      ])
      await stage.database.query(
        "insert into ticket_timeline (ticket_id, at, actor, change, detail) values ($1, now(), 'agent', 'noted', '{}')",
        [ticket.id],
      )
      expect(await written(conversationId)).toEqual([])
      expect(await stage.database.query('select subject from tickets where id = $1', [ticket.id])).toEqual([
        { subject: null },
      ])
      const lines = await stage.database.query(
        "select id from ticket_timeline where ticket_id = $1 and change = 'noted'",
        [ticket.id],
      )
      expect(lines).toEqual([])
      await expect(createContactStore(stage.database).get(contactId)).rejects.toMatchObject({
        code: 'not_found',
      })
      await expect(createContactStore(stage.database).setTier(contactId, 'vip')).rejects.toMatchObject({
        code: 'not_found',
      })
    })

    it('what is learned from them late is left out', async () => {
      const { conversationId, id } = await erasedAtWork('late-question')
      await stage.erase(id)
      await createFailureIntake(stage.database).keep(
        {
          ...{ before: '0-0', after: '1-0', cleared: [] },
          failures: [
            {
              ...{ kind: 'unanswered', sentence: '迟到的问题', messageId: randomUUID(), conversationId },
              ...{ saidAt: new Date(), candidates: [], answerAt: 0.5, given: undefined, right: undefined },
            },
          ],
        },
        new Date(),
      )
      const late = "select 1 from learning_questions where sentence = '迟到的问题'"
      expect(await stage.database.query(late)).toEqual([])
    })

    it('an evaluation that was under way does not tell what they wrote', async () => {
      const [accepted] = await stage.says('stays', 'stays 1')
      const evaluations = createEvaluationStore(stage.database)
      const { id } = await evaluations.create(
        {
          draftIds: [],
          fingerprint: 'x',
          questions: [],
          whole: true,
          by: { kind: 'agent', id: 'lin', name: '林' },
        },
        new Date(),
      )
      const sample = { text: '我叫李小白', before: { kind: 'none' }, after: { kind: 'clarify' } } as const
      const there = { ...sample, messageId: accepted?.messageId ?? '' }
      const result = {
        ...{ conversations: { messages: 2, changed: 2 }, concerns: [], labelledChanges: [sample], tried: [] },
        conversationChanges: [{ ...sample, messageId: randomUUID() }, there],
      }
      await evaluations.finish(id, { result }, new Date())
      expect((await evaluations.get(id)).result).toEqual({ ...result, conversationChanges: [there] })
    })

    it('a provider that sends an old message once more brings nobody back', async () => {
      const { id } = await erasedAtWork('retried')
      await stage.erase(id)
      const [known] = await stage.says('retried', 'retried 1')
      expect(known?.outcome).toBe('duplicate')
      expect(
        await stage.database.query("select 1 from contact_identities where contact_key = 'retried'"),
      ).toEqual([])
      expect(await stage.database.query("select 1 from messages where dedup_key = 'retried 1'")).toEqual([])
    })

    it('nor are files kept that come with it', async () => {
      const { id } = await erasedAtWork('retried file')
      await stage.erase(id)
      const file = randomUUID()
      await stage.database.query(
        `insert into media (id, content_type, bytes, sha256) values ($1, 'image/png', 1, 'x')`,
        [file],
      )
      const parts = [{ kind: 'image', media: { mediaId: file } }] as const
      const again = buildInbound({ contactKey: 'retried file', dedupKey: 'retried file 1', parts })
      const [known] = await createConversationStore(stage.database).accept([buildItem(again)], new Date())
      expect(known?.outcome).toBe('duplicate')
      const doomed = "select 1 from media where id = $1 and unsent_since = '-infinity'"
      expect(await stage.database.query(doomed, [file])).toHaveLength(1)
    })

    it('is said of somebody without a name, too', async () => {
      const [accepted] = await createConversationStore(stage.database).accept(
        [buildItem(buildInbound({ contactKey: 'nameless', dedupKey: 'nameless 1' }))],
        new Date(),
      )
      const [row] = await stage.database.query<{ contact_id: string }>(
        `update contacts set display_name = '' from conversations c
         where c.id = $1 and contacts.id = c.contact_id returning contacts.id as contact_id`,
        [accepted?.conversationId],
      )
      const contactId = row?.contact_id ?? ''
      await stage.erasures.plan(contactId, '用户要求删除')
      await stage.erasures.confirm(contactId, undefined)
      await expect(createContactStore(stage.database).get(contactId)).rejects.toMatchObject({
        code: 'not_found',
      })
    })

    it('who writes again is somebody new, whichever node hears it', async () => {
      const node = createConversationStore(stage.database)
      const hears = (dedupKey: string) =>
        node.accept([buildItem(buildInbound({ contactKey: 'returned', dedupKey }))], new Date())
      await hears('returned 0')
      const { id, contactId, conversationId } = await erasedAtWork('returned')
      await stage.erase(id)
      const [accepted] = await hears('returned 3')
      expect(accepted).toMatchObject({ outcome: 'accepted', seq: 1 })
      const [row] = await stage.database.query<{ contact_id: string }>(
        'select contact_id from conversations where id = $1',
        [accepted?.conversationId],
      )
      expect([row?.contact_id === contactId, accepted?.conversationId === conversationId]).toEqual([
        false,
        false,
      ])
      expect((await hears('returned 1'))[0]?.outcome).toBe('duplicate')
      expect(await stage.database.query("select 1 from messages where dedup_key = 'returned 1'")).toEqual([])
    })
  })
}
