import { beforeEach, describe, expect, it } from 'vitest'
import { unwrittenAnswer } from '../../src/core/editing.ts'
import type { AcceptChoice, LearningService, Proposal } from '../../src/core/learning.ts'
import { articleText } from '../knowledge/folder.ts'
import type { TestDatabase } from '../support/databases.ts'
import { clock, li, useEditingStage, wang } from '../support/editing-stage.ts'
import type { EditingWorld } from '../support/editing-world.ts'
import {
  openLearningServices,
  openLearningWorld,
  type LearningWorld,
  type TurnFacts,
} from '../support/learning-world.ts'

const answered = (articleId: string): TurnFacts => ({ kind: 'answer', rule: 'confident-answer', articleId })

/** How proposals become drafts. */
export const proposalsBecomeDrafts = (open: () => Promise<TestDatabase>): void => {
  const stage = useEditingStage(open)
  let contacts: LearningWorld
  let editing: EditingWorld
  let service: LearningService
  let people = 0
  beforeEach(async () => {
    await stage.database().query('truncate learning_questions, learning_proposals, feedback_spaces')
    contacts = await openLearningWorld(stage.database())
    editing = stage.editing({ config: { review: 'optional' } })
    service = openLearningServices(stage.database(), clock, editing).service
  })

  const asks = async (...texts: readonly string[]): Promise<void> => {
    for (const text of texts) await contacts.says(`oMoon${String((people += 1))}`, text)
  }
  const proposal = async (): Promise<Proposal> => {
    await contacts.learn()
    const [only, ...more] = await contacts.proposals()
    if (only === undefined || more.length > 0) throw new Error('there is not one')
    return only
  }
  const accepts = async (choice: AcceptChoice = {}): Promise<Proposal> =>
    service.accept((await proposal()).id, choice, li)
  const draftsOf = ({ draftIds }: Proposal) => Promise.all(draftIds.map((id) => editing.drafts.get(id)))

  describe('accepting a proposal', () => {
    it('adds wordings to the article that is near, each once, and shows what last week would have got', async () => {
      contacts.knows = () => [{ articleId: 'refund-how', score: 0.15 }]
      await asks('月球退钱', '月球 退钱？', '月球怎么退', '月球 13800138000 退', '月球退一下')
      const { id } = await proposal()
      expect(await service.propose(id)).toMatchObject({
        edits: [{ articleId: 'refund-how', action: 'save' }],
        needsEditor: ['similar'],
      })
      const accepted = await accepts()
      expect(accepted).toMatchObject({ state: 'accepted', settledBy: li.actor })
      const [draft] = await draftsOf(accepted)
      expect(draft).toMatchObject({ state: 'draft', author: li.actor, source: { kind: 'proposal', id } })
      const similar = draft?.content?.similar ?? []
      expect(similar.slice(0, 2)).toEqual(['退钱', '我要退款'])
      expect(similar.slice(2).toSorted()).toEqual(
        [expect.stringMatching(/^月球 ?退钱/), '月球怎么退', '月球退一下'].toSorted(),
      )
      const { state, result } = await service.replay(id)
      expect([state, result?.conversations.replay]).toMatchObject(['done', { lost: 0, other: 0 }])
      expect(result?.conversations.replay?.gained).toBeGreaterThanOrEqual(3)
      expect(result?.tried).toContainEqual({
        question: '月球怎么退',
        before: { kind: 'none' },
        after: { kind: 'answer', articleId: 'refund-how' },
      })
      await editing.publishing.publish({ draftIds: accepted.draftIds, reason: '补问法' }, wang)
      await contacts.assess()
      expect(await contacts.proposals()).toMatchObject([{ id, state: 'done' }])
    })

    it('drafts a new article with what a person replied', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗')
      await contacts.says('oMoon', '月球能收发票吗')
      await contacts.says('oMoon', '转人工', {
        ...{ kind: 'escalate', rule: 'asked-for-person', reply: '由火箭寄送，有事打 13800138000。' },
      })
      const accepted = await accepts()
      const [draft] = await draftsOf(accepted)
      const { question = '', similar = [], ...content } = draft?.content ?? {}
      expect([question, ...similar].toSorted()).toEqual(
        ['月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗'].toSorted(),
      )
      expect(content).toMatchObject({
        id: `refund-${accepted.id.slice(-8)}`,
        ...{ topic: 'refund', answer: '由火箭寄送，有事打 [电话]。', tags: ['待编辑'] },
      })
    })

    it('takes no reply that was taken back, that came weeks later, or that belongs to an appeal', async () => {
      await contacts.says('oMoon', '发票寄月球')
      const replies = [
        '月球的发票由王五寄送，写错了。',
        '您的账号因辱骂某人被封，不能解封。',
        '月球的发票由火箭寄送，约三天到。',
      ]
      for (const reply of replies)
        await contacts.says('oMoon', '还在吗', { kind: 'escalate', rule: 'asked-for-person', reply })
      await asks('月球发票怎么寄', '月球能收发票吗')
      const { id } = await proposal()
      const found = async () => (await contacts.stores.making.repliesTo(id)).map(({ reply }) => reply)
      expect(await found()).toEqual(replies)
      await stage
        .database()
        .query(
          `update outbox set status = 'withdrawn' where message_id in (select id from messages where parts::text like '%写错了%')`,
        )
      expect(await found()).toEqual(replies.slice(1))
      await stage.database().query(
        `with appeal as (
          insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, summary, reason,
            created_at, updated_at, first_reply_due_at, resolution_due_at)
          select gen_random_uuid(), nextval('ticket_numbers')::int, c.id, c.contact_id, 'appeal', '', 'normal', 'open', '', '', '',
            now(), now(), now(), now()
          from conversations c join messages m on m.conversation_id = c.id where m.parts::text like '%不能解封%' returning id
        )
        insert into ticket_timeline (ticket_id, at, actor, change, detail)
        select appeal.id, now(), 'agent', 'replied', jsonb_build_object('messageId', m.id) from appeal, messages m
        where m.parts::text like '%不能解封%'`,
      )
      expect(await found()).toEqual(replies.slice(2))
      await stage
        .database()
        .query(
          `update messages set created_at = created_at + interval '20 days' where parts::text like '%火箭寄送%'`,
        )
      expect(await found()).toEqual([])
    })

    it('widens the article that was made of it before, when the questions come back', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗')
      const accepted = await accepts()
      const [first] = await draftsOf(accepted)
      if (first?.content === undefined) throw new Error('nothing was drafted')
      const content = { ...first.content, answer: '由火箭寄送。', similar: ['月球发票'] }
      await editing.drafts.change(first.id, { content }, li)
      await editing.publishing.publish({ draftIds: [first.id], reason: '上线', override: '新文章' }, wang)
      await contacts.stores.proposals.act(accepted.id, { act: 'reopen' }, li, clock.now())
      const [again] = await draftsOf(await service.accept(accepted.id, {}, li))
      expect(again?.content).toMatchObject({ id: content.id, answer: '由火箭寄送。' })
      expect(again?.content?.similar).toContain('月球发票')
    })

    it('drafts one without an answer, which nobody publishes', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗')
      const accepted = await accepts()
      expect(await draftsOf(accepted)).toMatchObject([{ content: { answer: unwrittenAnswer } }])
      const request = { draftIds: accepted.draftIds, reason: 'x', override: 'y' }
      await expect(editing.publishing.publish(request, wang)).rejects.toMatchObject({
        message: expect.stringContaining('nobody has written its answer'),
      })
    })

    it('gives the questions to the article that was right, and takes their words from the wrong one', async () => {
      await stage.writeFile(
        'refund/time.md',
        articleText({ id: 'refund-time', question: '退款多久到', similar: '[到账, 月球退款多久]' }),
      )
      for (const text of ['月球退款多久', '月球退款几天', '月球退款没到']) {
        const contact = `oMoon${String((people += 1))}`
        await contacts.says(contact, text, answered('refund-time'))
        await contacts.says(contact, '不是这个', {
          ...{ kind: 'clarify', rule: 'corrected' },
          reasons: [{ code: 'corrected', values: { question: '退款多久到' } }],
        })
        await contacts.says(contact, '1', { kind: 'answer', rule: 'picked-option', articleId: 'refund-how' })
      }
      const drafts = await draftsOf(await accepts())
      expect(drafts.map(({ articleId, content }) => [articleId, content?.similar.length])).toEqual([
        ['refund-how', 5],
        ['refund-time', 1],
      ])
    })

    it('takes another article, or other wordings, where a person says so', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗')
      const drafts = await draftsOf(await accepts({ articleId: 'refund-how', similar: ['发票寄月球'] }))
      expect(drafts).toMatchObject([
        { articleId: 'refund-how', content: { similar: ['退钱', '我要退款', '发票寄月球'] } },
      ])
    })

    it('is refused for what is settled, for what would change nothing, and for an article that is gone', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗')
      const { id, version } = await proposal()
      const accept = (choice: AcceptChoice, over = {}) => service.accept(id, choice, { ...li, ...over })
      await expect(service.replay(id)).rejects.toMatchObject({ code: 'not_found' })
      await expect(accept({ articleId: 'refund-gone' })).rejects.toMatchObject({ code: 'conflict' })
      await expect(accept({ articleId: 'refund-how', similar: ['退钱'] })).rejects.toMatchObject({
        code: 'conflict',
      })
      await expect(accept({}, { version: version + 1 })).rejects.toMatchObject({ code: 'conflict' })
      expect(await editing.drafts.list({}, { limit: 9 })).toEqual([])
      await accept({}, { version })
      await expect(accept({})).rejects.toMatchObject({ code: 'conflict' })
      expect(await service.propose(id)).toEqual({ edits: [], needsEditor: [] })
    })

    it('leaves no drafts behind when it is weighed anew at this moment', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗')
      const { id } = await proposal()
      const slow = openLearningServices(stage.database(), clock, {
        ...editing,
        publishing: {
          ...editing.publishing,
          evaluate: async (...asked) => {
            await stage
              .database()
              .query('update learning_proposals set version = version + 1 where id = $1', [id])
            return editing.publishing.evaluate(...asked)
          },
        },
      }).service
      await expect(slow.accept(id, {}, li)).rejects.toMatchObject({ code: 'conflict' })
      const states = async () => (await editing.drafts.list({}, { limit: 9 })).map(({ state }) => state)
      expect(await states()).toEqual(['discarded'])
      expect(await draftsOf(await service.accept(id, {}, li))).toMatchObject([{ state: 'draft' }])
    })

    it('is done once when two do it at once', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗')
      const { id } = await proposal()
      const both = await Promise.allSettled([service.accept(id, {}, li), service.accept(id, {}, wang)])
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const [accepted] = await contacts.proposals()
      expect(await draftsOf(accepted as Proposal)).toMatchObject([{ state: 'draft' }])
    })

    it('opens the proposal again when all its drafts are discarded', async () => {
      await asks('月球发票怎么寄', '发票能寄到月球吗', '月球能收发票吗')
      const { draftIds } = await accepts()
      for (const id of draftIds) await editing.drafts.move(id, 'discarded', undefined, wang)
      await contacts.assess()
      expect(await contacts.proposals()).toMatchObject([{ state: 'open', draftIds: [] }])
    })
  })
}
