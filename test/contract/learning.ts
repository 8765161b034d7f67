import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FailureKind, Proposal } from '../../src/core/learning.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openLearningWorld, type LearningWorld, type TurnFacts } from '../support/learning-world.ts'

const actor = { kind: 'agent', id: 'li', name: '李然' } as const
const dayMs = 86_400_000

const answered = (articleId: string): TurnFacts => ({
  ...{ kind: 'answer', rule: 'confident-answer', articleId },
  weighed: [
    { articleId, score: 0.8 },
    { articleId: 'refund-other', score: 0.1 },
  ],
})
const askedBack: TurnFacts = {
  ...{ kind: 'clarify', rule: 'clarify' },
  weighed: [
    { articleId: 'refund-how', score: 0.4 },
    { articleId: 'refund-time', score: 0.3 },
  ],
}
const nothing: TurnFacts = { kind: 'clarify', rule: 'nothing-found', weighed: [] }
const forPerson: TurnFacts = {
  ...{ kind: 'escalate', rule: 'asked-for-person' },
  reasons: [{ code: 'asked-for-person', values: {} }],
}
const notThis: TurnFacts = {
  ...{ kind: 'clarify', rule: 'corrected' },
  reasons: [{ code: 'corrected', values: { question: '怎么退' } }],
}
const thumbDown: TurnFacts = {
  ...{ kind: 'clarify', rule: 'corrected' },
  reasons: [{ code: 'thumbed-down', values: {} }],
}
const picks = (articleId: string): TurnFacts => ({
  ...{ kind: 'answer', rule: 'picked-option', articleId },
  reasons: [{ code: 'chose-question', values: { question: articleId } }],
})

/** What is learned from conversations that went wrong. */
export const learns = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: LearningWorld
  let people = 0
  beforeAll(async () => {
    test = await open()
  })
  beforeEach(async () => {
    world = await openLearningWorld(test.database)
  })
  afterEach(async () => {
    // What was said stays behind the place where reading goes on.
    await test.database.query(
      'truncate learning_questions, learning_proposals, feedback_spaces, knowledge_drafts',
    )
  })
  afterAll(() => test.dispose())

  const person = (): string => `oAsker${String((people += 1))}`
  /** Each turn by the same contact. */
  const talks = async (...turns: readonly (readonly [string, TurnFacts])[]): Promise<void> => {
    const key = person()
    for (const [text, turn] of turns) await world.says(key, text, turn)
  }
  /** Each by another contact. */
  const ask = async (turn: TurnFacts, ...texts: readonly string[]): Promise<void> => {
    for (const text of texts) await world.says(person(), text, turn)
    await world.learn()
  }
  const kept = () =>
    test.database.query<{
      kind: FailureKind
      sentence: string
      given: string | null
      right_article: string | null
    }>('select kind, sentence, given, right_article from learning_questions order by sentence')
  const only = async (): Promise<Proposal> => {
    const [first, ...more] = await world.proposals()
    if (first === undefined || more.length > 0) throw new Error(`there are ${String(more.length)} more`)
    return first
  }
  const get = (id: string) => world.stores.proposals.get(id, world.clock.now())
  const act = (
    id: string,
    change: Parameters<LearningWorld['stores']['proposals']['act']>[1],
    version?: number,
  ) => world.stores.proposals.act(id, change, { actor, version }, world.clock.now())
  const told = async (): Promise<readonly (readonly [string, unknown])[]> =>
    (
      await test.database.query<{ type: string; change: unknown }>(
        `select type, data ->> 'change' as change from events where type like 'proposal.%' order by id`,
      )
    ).map(({ type, change }) => [type, change])

  describe('collecting', () => {
    it.each<[string, FailureKind, readonly (readonly [string, TurnFacts])[], object]>([
      ['nothing was found', 'unanswered', [['月球发票', nothing]], {}],
      [
        'nothing was found, whereupon a person was asked for',
        'unanswered',
        [
          ['月球发票', nothing],
          ['转人工', forPerson],
        ],
        { given: null },
      ],
      [
        'it was taken for foreign',
        'refused',
        [
          ['月球发票', { kind: 'chat', rule: 'out-of-scope' }],
          ['转人工', forPerson],
        ],
        {},
      ],
      ['the bot asked back', 'unsure', [['月球发票', askedBack]], {}],
      [
        'the first option was chosen',
        'confirmed',
        [
          ['月球发票', askedBack],
          ['1', picks('refund-how')],
        ],
        { right_article: 'refund-how' },
      ],
      [
        'another option was chosen',
        'unsure',
        [
          ['月球发票', askedBack],
          ['2', picks('refund-time')],
        ],
        { right_article: 'refund-time' },
      ],
      [
        'the answer was another question’s',
        'corrected',
        [
          ['月球发票', answered('refund-how')],
          ['不是这个', notThis],
        ],
        { given: 'refund-how', right_article: null },
      ],
      [
        'what was meant was chosen then',
        'corrected',
        [
          ['月球发票', answered('refund-how')],
          ['不是这个', notThis],
          ['1', picks('refund-time')],
        ],
        { given: 'refund-how', right_article: 'refund-time' },
      ],
      [
        'the answer got a thumb down',
        'thumbed-down',
        [
          ['月球发票', answered('refund-how')],
          ['👎', thumbDown],
        ],
        { given: 'refund-how', right_article: null },
      ],
      [
        'a person was asked for after the answer',
        'turned-down',
        [
          ['月球发票', answered('refund-how')],
          ['转人工', forPerson],
        ],
        { given: 'refund-how' },
      ],
      [
        'the contact was handed over after the answer',
        'escalated',
        [
          ['月球发票', answered('refund-how')],
          ['气死了', { kind: 'escalate', rule: 'angry-contact', reasons: [] }],
        ],
        { given: 'refund-how' },
      ],
    ])('keeps a question of which %s', async (_why, kind, turns, facts) => {
      await talks(...turns)
      await world.collect()
      expect(await kept()).toMatchObject([{ kind, sentence: '月球发票', ...facts }])
    })

    it('keeps nothing of answers that were taken, of small talk and of who asks for a person first', async () => {
      await talks(['月球发票', answered('refund-how')], ['谢谢', { kind: 'chat', rule: 'chat' }])
      await talks(['转人工', forPerson])
      await talks(['在吗', { kind: 'clarify', rule: 'vague' }])
      await talks(
        ['月球发票', answered('refund-how')],
        ['谢谢', { kind: 'chat', rule: 'chat' }],
        ['转人工', forPerson],
      )
      expect(await world.collect()).toBe(0)
    })

    it('keeps each once, adds what is learned later, and goes on where a crash broke it off', async () => {
      const key = person()
      await world.says(key, '月球发票', askedBack)
      expect(await world.collect()).toBe(1)
      const before = await world.stores.intake.place()
      await world.says(key, '1', picks('refund-how'))
      expect(await world.collect()).toBe(1)
      const stale = { before, after: before, failures: [], cleared: [] }
      expect(await world.stores.intake.keep(stale, world.clock.now())).toBeUndefined()
      // Even if the place were lost.
      await test.database.query(`update event_readers set place = $1 where name = 'learning'`, [before])
      await world.collect()
      expect(await kept()).toMatchObject([{ kind: 'confirmed', right_article: 'refund-how' }])
    })

    it('masks what tells who wrote it', async () => {
      await talks(['我的手机 13800138000 收不到月球发票', nothing])
      await world.collect()
      await talks([`月球${'很'.repeat(188)}远 13800138000 收不到`, nothing])
      await talks([`月球${'很'.repeat(194)}远 13800138000 收不到`, nothing])
      await talks(['月球打 +81 90-1234-5678 也不通', nothing])
      await world.collect()
      expect((await kept()).map(({ sentence }) => sentence.replace(/很+/, '很')).toSorted()).toEqual(
        [
          '我的手机 [电话] 收不到月球发票',
          '月球很远 [电话] 收不到',
          '月球很远',
          '月球打 [电话] 也不通',
        ].toSorted(),
      )
    })

    it('takes a reviewer’s word over the contact’s', async () => {
      const key = person()
      const { pending } = await world.says(key, '月球发票', answered('refund-how'))
      await world.says(key, '转人工', forPerson)
      await test.database.query(
        `insert into events (type, at, data) values ('quality.bot-answer-wrong', now(), $1::jsonb)`,
        [
          JSON.stringify({
            messageId: pending[0]?.id,
            articleId: 'refund-how',
            rightArticleId: 'refund-time',
          }),
        ],
      )
      await world.collect()
      expect(await kept()).toMatchObject([
        { kind: 'reviewed-wrong', given: 'refund-how', right_article: 'refund-time' },
      ])
    })
  })

  describe('proposals', () => {
    it('come of enough questions that mean the same, with what speaks for them', async () => {
      await ask(nothing, '月球发票怎么寄', '发票寄月球')
      expect(await world.proposals()).toEqual([])
      await ask(nothing, '月球能收发票吗', '退款呢')
      expect(await only()).toMatchObject({
        ...{ kind: 'new_article', state: 'open', count: 3, contacts: 3, draftIds: [] },
        channels: [{ channel: 'wechat', count: 3 }],
        examples: ['月球能收发票吗', '发票寄月球', '月球发票怎么寄'],
        evidence: { failures: [{ kind: 'unanswered', count: 3 }], closest: [], sampled: 3 },
        trend: { weeks: [0, 0, 0, 0, 0, 0, 0, 3], rising: false },
      })
      expect(await told()).toContainEqual(['proposal.created', null])
    })

    it('name the article that is near', async () => {
      world.knows = () => [{ articleId: 'refund-how', score: 0.15 }]
      await ask(nothing, '月球发票怎么寄', '发票寄月球', '月球能收发票吗')
      expect(await only()).toMatchObject({
        ...{ kind: 'new_similar_question', articleId: 'refund-how' },
        evidence: { closest: [{ articleId: 'refund-how', score: 0.15, question: '怎么refund-how' }] },
      })
    })

    it('do not name the article that was given and turned down', async () => {
      world.knows = () => [{ articleId: 'refund-how', score: 0.8 }]
      for (const text of ['月球发票怎么寄', '发票寄月球', '月球能收发票吗'])
        await talks([text, answered('refund-how')], ['转人工', forPerson])
      await world.learn()
      expect(await only()).toMatchObject({
        kind: 'new_article',
        evidence: { given: [{ articleId: 'refund-how', count: 3 }] },
      })
    })

    it('tell of a line that is too high, with the numbers that say so', async () => {
      for (const text of ['月球发票怎么寄', '发票寄月球', '月球能收发票吗'])
        await talks([text, askedBack], ['1', picks('refund-how')])
      await world.learn()
      expect(await only()).toMatchObject({
        ...{ kind: 'wrong_threshold', articleId: 'refund-how' },
        evidence: { threshold: { answerAt: 0.5, count: 3, mean: 0.4, lowest: 0.4, fourOfFiveAt: 0.4 } },
      })
    })

    it('tell of two articles that answer the same', async () => {
      for (const text of ['月球发票怎么寄', '发票寄月球', '月球能收发票吗'])
        await talks([text, answered('refund-how')], ['不是这个', notThis], ['1', picks('refund-time')])
      await world.learn()
      expect(await only()).toMatchObject({
        ...{ kind: 'contradiction', articleId: 'refund-time' },
        evidence: { corrections: [{ from: 'refund-how', to: 'refund-time', count: 3 }] },
      })
    })

    it('go on under their id through a refinement', async () => {
      await ask(nothing, '月球发票怎么寄', '发票寄月球', '月球能收发票吗', '退款一', '退款二', '退款三')
      const before = (await world.proposals()).map(({ id, count }) => [id, count])
      await world.refine()
      await world.assess()
      expect((await world.proposals()).map(({ id, count }) => [id, count])).toEqual(before)
    })
  })

  describe('what people do', () => {
    const moon = ['月球发票怎么寄', '发票寄月球', '月球能收发票吗'] as const

    it('dismisses one, which comes back only when it has grown clearly', async () => {
      await ask(nothing, ...moon)
      const { id, version } = await only()
      const gone = await act(id, { act: 'dismiss', reason: '月球没有业务' }, version)
      expect(gone).toMatchObject({ state: 'dismissed', reason: '月球没有业务', settledBy: actor })
      await ask(nothing, '月球一', '月球二')
      expect(await get(id)).toMatchObject({ state: 'dismissed', count: 5 })
      await ask(nothing, '月球三')
      expect(await get(id)).toMatchObject({ state: 'open', count: 6 })
      expect(await told()).toEqual(expect.arrayContaining([['proposal.changed', 'reopened']]))
    })

    it('merges two, moves a question, and names one', async () => {
      await ask(nothing, ...moon, '退款一', '退款二', '退款三')
      const [one, other] = await world.proposals()
      if (one === undefined || other === undefined) throw new Error('there are not two')
      const [question] = await world.stores.proposals.questions(other.id, { limit: 1 })
      const moved = await world.stores.proposals.move(
        question?.id ?? '',
        one.id,
        { actor },
        world.clock.now(),
      )
      expect(moved).toMatchObject({ proposalId: one.id, placedBy: 'person' })
      expect([(await get(one.id)).count, (await get(other.id)).count]).toEqual([4, 2])
      await act(one.id, { act: 'merge', from: other.id })
      await act(one.id, { act: 'name', name: '月球退款' })
      await world.refine()
      expect(await get(one.id)).toMatchObject({ count: 6, label: '月球退款' })
      expect(await get(other.id)).toMatchObject({ mergedInto: one.id })
      await expect(act(other.id, { act: 'reopen' })).rejects.toMatchObject({ code: 'conflict' })
    })

    it('refuses a stale version, what is not there, and what is settled', async () => {
      await ask(nothing, ...moon)
      const { id, version } = await only()
      const dismiss = { act: 'dismiss', reason: '不做' } as const
      await expect(act(id, dismiss, version + 1)).rejects.toMatchObject({ code: 'conflict' })
      await expect(act(randomUUID(), dismiss)).rejects.toMatchObject({ code: 'not_found' })
      await act(id, dismiss)
      await expect(act(id, dismiss)).rejects.toMatchObject({ code: 'conflict' })
      expect(await act(id, { act: 'reopen' })).toMatchObject({ state: 'open' })
    })

    it('is done when its drafts are published; new questions open it again', async () => {
      await ask(nothing, ...moon)
      const { id } = await only()
      const draftId = randomUUID()
      await test.database.query(
        `insert into knowledge_drafts (id, article_id, action, reason, state, author, base_version, created_at, updated_at)
         values ($1, 'refund-new', 'retire', 'x', 'draft', '{"kind":"system"}', 0, $2, $2)`,
        [draftId, world.clock.now()],
      )
      await act(id, { act: 'accept', draftIds: [draftId], evaluationId: randomUUID() })
      await world.assess()
      expect(await get(id)).toMatchObject({ state: 'accepted', draftIds: [draftId] })
      await test.database.query(`update knowledge_drafts set state = 'published'`)
      await world.assess()
      expect(await get(id)).toMatchObject({ state: 'done' })
      world.clock.advance(2 * dayMs)
      await ask(nothing, '月球一', '月球二')
      expect(await get(id)).toMatchObject({ state: 'done', count: 5 })
      await ask(nothing, '月球三')
      expect(await get(id)).toMatchObject({ state: 'open', draftIds: [], evidence: { sampled: 3 } })
    })

    it('finds what a person replied to one of the questions', async () => {
      await world.says(person(), '月球发票怎么寄', nothing)
      await test.database.query(
        `insert into agents (id, name, email, role) values ('li', '李然', 'li@tongda.example', 'agent') on conflict do nothing`,
      )
      const key = person()
      await world.says(key, '发票寄月球', nothing)
      await world.says(key, '在吗', { ...forPerson, reply: '好的' })
      await world.says(key, '还在吗', { ...forPerson, reply: '月球的发票由火箭寄送，约三天到。' })
      await ask(nothing, '月球能收发票吗')
      await test.database.query(`update messages set agent_id = 'li' where author = 'agent'`)
      expect(await world.stores.making.repliesTo((await only()).id)).toMatchObject([
        { sentence: '发票寄月球', reply: '月球的发票由火箭寄送，约三天到。', agentName: '李然' },
      ])
    })
  })
}
