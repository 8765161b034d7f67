import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createEventLog } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openLearningWorld, type LearningWorld, type TurnFacts } from '../support/learning-world.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const by = { kind: 'agent', id: 'li', name: '李然' } as const
const answered: TurnFacts = {
  ...{ kind: 'answer', rule: 'confident-answer', articleId: 'refund-how' },
  weighed: [{ articleId: 'refund-how', score: 0.8 }],
}
const forPerson: TurnFacts = {
  ...{ kind: 'escalate', rule: 'asked-for-person' },
  reasons: [{ code: 'asked-for-person', values: {} }],
}

/** What every database must do for verdicts on the bot's answers. */
export const itKeepsVerdicts = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: LearningWorld
  let people = 0
  beforeAll(async () => {
    test = await open()
  })
  beforeEach(async () => {
    await test.database.query(
      'truncate learning_questions, learning_proposals, feedback_spaces, answer_verdicts',
    )
    world = await openLearningWorld(test.database)
    // What was said before is behind the place where reading goes on.
    await world.collect()
    await test.database.query('truncate learning_questions, learning_proposals')
  })
  afterAll(() => test.dispose())

  const verdicts = () => world.stores.verdicts
  const now = () => world.clock.now()
  /** A contact asks; gives the id of the message. */
  const asks = async (text: string, turn = answered, key = `oJudged${String((people += 1))}`) => {
    const { conversationId } = await world.says(key, text, turn)
    const [row] = await test.database.query<{ id: string }>(
      `select id from messages where conversation_id = $1 and direction = 'in' order by seq desc limit 1`,
      [conversationId],
    )
    return { id: row?.id ?? '', key, conversationId }
  }
  const kept = () =>
    test.database.query(
      'select kind, sentence, given, right_article from learning_questions where discarded_at is null',
    )

  it('counts them by article, the latest of each answer', async () => {
    const [one, two] = [await asks('月球怎么退'), await asks('月球退款')]
    await verdicts().give(one.id, { verdict: 'wrong', rightArticleId: 'refund-time' }, by, now())
    await verdicts().give(one.id, { verdict: 'right' }, by, now())
    await verdicts().give(two.id, { verdict: 'wrong', rightArticleId: 'refund-time' }, by, now())
    expect(await verdicts().count({ limit: 10 })).toEqual([
      { articleId: 'refund-how', right: 1, wrong: 1, instead: [{ articleId: 'refund-time', count: 1 }] },
    ])
    expect(await verdicts().count({ limit: 10, articleId: 'refund-time' })).toEqual([])
    expect(await verdicts().count({ limit: 10, after: 'refund-how' })).toEqual([])
    await verdicts().withdraw(one.id, now())
    await verdicts().withdraw(one.id, now())
    expect(await verdicts().count({ limit: 10 })).toMatchObject([{ right: 0, wrong: 1 }])
  })

  it('refuses what is no answer', async () => {
    const { id } = await asks('我要人工', forPerson)
    await expect(verdicts().give(id, { verdict: 'wrong' }, by, now())).rejects.toMatchObject({
      code: 'bad_input',
    })
    const own = await asks('月球怎么退')
    const itself = { verdict: 'wrong', rightArticleId: 'refund-how' } as const
    await expect(verdicts().give(own.id, itself, by, now())).rejects.toMatchObject({ code: 'bad_input' })
    const nowhere = '0198c0de-0000-7000-8000-000000000000'
    await expect(verdicts().give(nowhere, { verdict: 'right' }, by, now())).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(verdicts().withdraw(nowhere, now())).rejects.toMatchObject({ code: 'not_found' })
  })

  it('tells of each change once', async () => {
    const { id } = await asks('月球怎么退')
    const events = createEventLog(test.database)
    await untilEventsAreReadable(test.database)
    const after = await events.newest()
    await verdicts().give(id, { verdict: 'right' }, by, now())
    await verdicts().give(id, { verdict: 'right' }, by, now())
    await verdicts().withdraw(id, now())
    await untilEventsAreReadable(test.database)
    const told = await events.read({ after, types: ['knowledge.answer-judged'], limit: 10 })
    expect(told.map(({ data }) => data.verdict)).toEqual(['right', 'withdrawn'])
  })

  it('has learning keep the questions of wrong answers, and forget them when that is taken back', async () => {
    const { id } = await asks('月球怎么退')
    await verdicts().give(id, { verdict: 'wrong', rightArticleId: 'refund-time' }, by, now())
    await world.learn()
    expect(await kept()).toEqual([
      { kind: 'reviewed-wrong', sentence: '月球怎么退', given: 'refund-how', right_article: 'refund-time' },
    ])
    await verdicts().withdraw(id, now())
    await world.learn()
    expect(await kept()).toEqual([])
    await verdicts().give(id, { verdict: 'wrong' }, by, now())
    await world.learn()
    expect(await kept()).toHaveLength(1)
  })

  it('lets an answer that was found right stand against what the contact did', async () => {
    const { id, key } = await asks('月球怎么退')
    await world.says(key, '转人工', forPerson)
    await world.learn()
    expect(await kept()).toMatchObject([{ kind: 'turned-down' }])
    await verdicts().give(id, { verdict: 'right' }, by, now())
    await world.learn()
    expect(await kept()).toEqual([])
    const later = await asks('月球怎么退')
    await verdicts().give(later.id, { verdict: 'right' }, by, now())
    await world.says(later.key, '转人工', forPerson)
    await world.learn()
    expect(await kept()).toEqual([])
  })

  it('brings proposals about', async () => {
    for (const text of ['月球怎么退', '月球退款', '退月球的款']) {
      const { id } = await asks(text)
      await verdicts().give(id, { verdict: 'wrong', rightArticleId: 'refund-time' }, by, now())
    }
    await world.learn()
    expect(await world.proposals()).toMatchObject([{ count: 3, articleId: 'refund-time' }])
  })
}
