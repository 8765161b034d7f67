import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Proposal } from '../../src/core/learning.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openLearningWorld, type LearningWorld, type TurnFacts } from '../support/learning-world.ts'

const actor = { kind: 'agent', id: 'li', name: '李然' } as const
const moon = ['月球发票怎么寄', '发票寄月球', '月球能收发票吗'] as const
const dayMs = 86_400_000

/** How groups of questions are kept up with what happens around them. */
export const looksAtGroupsAnew = (open: () => Promise<TestDatabase>): void => {
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
    await test.database.query('truncate learning_questions, learning_proposals, feedback_spaces')
  })
  afterAll(() => test.dispose())

  /** Each by another contact. */
  const ask = async (...texts: readonly string[]): Promise<void> => {
    for (const text of texts) await world.says(`oAgain${String((people += 1))}`, text)
    await world.learn()
  }
  /** Each time the first option was another article than the one that was given. */
  const correct = async (right: string): Promise<void> => {
    for (const text of moon) {
      const key = `oAgain${String((people += 1))}`
      await world.says(key, text, { kind: 'answer', rule: 'confident-answer', articleId: 'refund-how' })
      await world.says(key, '不是这个', notThis)
      await world.says(key, '1', { kind: 'answer', rule: 'picked-option', articleId: right })
    }
    await world.learn()
  }
  const notThis: TurnFacts = {
    ...{ kind: 'clarify', rule: 'corrected' },
    reasons: [{ code: 'corrected', values: { question: '怎么退' } }],
  }
  const first = async (): Promise<Proposal> => {
    const [proposal] = await world.proposals()
    if (proposal === undefined) throw new Error('nothing is proposed')
    return proposal
  }
  const waiting = (limit = 100) => world.stores.making.changed(world.clock.now(), limit)

  describe('groups of questions', () => {
    it('are what other nodes and people made of them since they were last read', async () => {
      const groups = async () => {
        const rows = await test.database.query<{ count: number }>(
          'select count from learning_proposals where ended_at is null order by count',
        )
        return rows.map(({ count }) => count)
      }
      await ask(...moon)
      const hear = async (text: string) => {
        await world.says(`oAgain${String((people += 1))}`, text)
        await world.collect()
      }
      await hear('退款一')
      await world.placeElsewhere()
      await hear('月球四')
      await world.placeElsewhere()
      await ask('退款二', '月球五')
      expect(await groups()).toEqual([2, 5])
      await hear('退款三')
      await world.placeElsewhere()
      await ask('退款四')
      expect(await groups()).toEqual([4, 5])
    })

    it('are looked at again when people change them while they are weighed', async () => {
      await ask(...moon)
      const { id } = await first()
      await ask('月球一')
      world.clock.advance(1_000)
      world.knows = async () => {
        world.knows = () => []
        world.clock.advance(1_000)
        await world.stores.proposals.act(id, { act: 'name', name: '月球' }, { actor }, world.clock.now())
        world.clock.advance(1_000)
        return []
      }
      await world.assess()
      world.clock.advance(1_000)
      expect(await waiting()).toEqual([id])
      await world.assess()
      world.clock.advance(1_000)
      expect(await waiting()).toEqual([])
    })

    it('propose nothing about an article that is gone', async () => {
      await correct('refund-time')
      expect(await first()).toMatchObject({ kind: 'contradiction', articleId: 'refund-time' })
      world.inUse.delete('refund-time')
      world.clock.advance(2 * dayMs)
      await world.assess()
      const proposal = await first()
      expect(proposal).toMatchObject({ kind: 'new_article', state: 'open', count: 3 })
      expect(proposal).not.toHaveProperty('articleId')
      expect(proposal.evidence).not.toHaveProperty('corrections')
    })

    it('wait for each other the grown ones first, and the small ones for more questions', async () => {
      await ask(...moon, '退款一', '退款二', '退款三', '倍速')
      world.clock.advance(1_000)
      await world.assess()
      expect(await waiting()).toEqual([])
      world.clock.advance(2 * dayMs)
      expect(await waiting()).toHaveLength(2)
      const speed = async () =>
        (
          await test.database.query<{ theme_id: string }>(
            `select theme_id from learning_questions where sentence = '倍速' limit 1`,
          )
        )[0]?.theme_id
      await world.says('oSpeed', '倍速在哪')
      await world.collect()
      await world.place()
      expect(await waiting(1)).toEqual([await speed()])
    })
  })
}
