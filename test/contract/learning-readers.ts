import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { createReaderLearner } from '../../src/learning/index.ts'
import { maskPersonal } from '../../src/text/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openLearningWorld, type LearningWorld } from '../support/learning-world.ts'

/** What is learned from readers of the help centre whom an article did not help. */
export const learnsFromReaders = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: LearningWorld
  beforeAll(async () => {
    test = await open()
  })
  beforeEach(async () => {
    await test.database.query('truncate learning_questions, learning_proposals, feedback_spaces')
    world = await openLearningWorld(test.database)
  })
  afterAll(() => test.dispose())

  const learner = (weigh: () => Promise<readonly { articleId: string; score: number }[]>) =>
    createReaderLearner({
      ...{ intake: world.stores.readers, mask: maskPersonal, clock: world.clock, log: silentLog },
      ...{ weigh, answerAt: () => 0.5, newId: randomUUID },
    })
  const weighed = () => Promise.resolve([{ articleId: 'refund-how', score: 0.8 }])
  const search = async (...typed: readonly string[]): Promise<void> => {
    for (const one of typed) await learner(weighed)({ typed: one, articleId: 'refund-how' })
  }

  describe('a search that an article did not answer', () => {
    it('is proposed together with what contacts ask, and belongs to nobody', async () => {
      await search('月球发票怎么寄', '发票寄月球')
      await world.says('oMoon', '月球能收发票吗', { weighed: [] })
      await world.learn()
      const [proposal, ...more] = await world.proposals()
      expect(more).toEqual([])
      expect(proposal).toMatchObject({
        ...{ kind: 'new_article', count: 3, contacts: 3 },
        channels: [
          { channel: 'web', count: 2 },
          { channel: 'wechat', count: 1 },
        ],
        evidence: {
          failures: [
            { kind: 'unanswered', count: 1 },
            { kind: 'thumbed-down', count: 2 },
          ],
          given: [{ articleId: 'refund-how', count: 2 }],
        },
      })
      const questions = await world.stores.proposals.questions(proposal?.id ?? '', { limit: 10 })
      const ofReaders = questions.filter(({ conversationId }) => conversationId === undefined)
      expect(ofReaders).toHaveLength(2)
      for (const { id, messageId } of ofReaders) expect(messageId).toBe(id)
      expect(ofReaders[0]).toMatchObject({ given: 'refund-how', answerAt: 0.5, channel: 'web' })
    })

    it('is kept masked, and only where something is left of it', async () => {
      await search('  月球 13800138000  发票 ', ' ', '')
      expect(await test.database.query('select sentence from learning_questions')).toEqual([
        { sentence: '月球 [电话] 发票' },
      ])
    })

    it('is lost rather than in the way when it cannot be weighed', async () => {
      const lost = learner(() => Promise.reject(new Error('away')))
      await expect(lost({ typed: '月球发票', articleId: 'refund-how' })).resolves.toBeUndefined()
      expect(await test.database.query('select id from learning_questions')).toEqual([])
    })
  })
}
