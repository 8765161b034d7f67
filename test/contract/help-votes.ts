import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { HelpVote, HelpVotes } from '../../src/core/help.ts'
import { createHelpVotes } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'

/** What every store of readers' votes does. */
export const itIsAHelpVoteStore = (open: () => Promise<TestDatabase>): void => {
  let opened: TestDatabase
  let votes: HelpVotes
  beforeAll(async () => {
    opened = await open()
    votes = createHelpVotes(opened.database)
  })
  afterAll(() => opened.dispose())
  beforeEach(() => opened.database.query('delete from help_votes'))

  const cast = async (over: Partial<HelpVote> = {}, times = 1): Promise<void> => {
    const vote: HelpVote = {
      ...{ articleId: 'vip-refund-apply', language: 'zh-CN', answer: 'helpful', day: '2026-11-28' },
      ...over,
    }
    await Promise.all(Array.from({ length: times }, () => votes.add(vote)))
  }

  it('counts all votes, those of one moment too', async () => {
    await cast({}, 20)
    await cast({ answer: 'not-helpful' }, 3)
    await cast({ language: 'en', day: '2026-11-27' })
    expect(await votes.count({ limit: 10 })).toEqual([
      { articleId: 'vip-refund-apply', helpful: 21, notHelpful: 3 },
    ])
  })

  it('counts those of some days, and of a language', async () => {
    for (const day of ['2026-11-26', '2026-11-27', '2026-11-28']) await cast({ day })
    await cast({ language: 'en', day: '2026-11-27' }, 4)
    const count = async (query: Partial<Parameters<HelpVotes['count']>[0]>) =>
      (await votes.count({ limit: 10, ...query }))[0]?.helpful
    expect(await count({ from: '2026-11-27', until: '2026-11-27' })).toBe(5)
    expect(await count({ from: '2026-11-27' })).toBe(6)
    expect(await count({ until: '2026-11-26' })).toBe(1)
    expect(await count({ language: 'zh-CN' })).toBe(3)
    expect(await count({ from: '2027-01-01' })).toBeUndefined()
  })

  it('goes on behind an article', async () => {
    for (const articleId of ['c', 'a', 'b-b', 'b']) await cast({ articleId })
    const ids = async (after?: string): Promise<readonly string[]> =>
      (await votes.count({ limit: 2, after })).map(({ articleId }) => articleId)
    expect(await ids()).toEqual(['a', 'b'])
    expect(await ids('b')).toEqual(['b-b', 'c'])
    expect(await ids('c')).toEqual([])
  })
}
