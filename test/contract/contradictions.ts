import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ArticleContent } from '../../src/core/article.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import type { EditorModel } from '../../src/core/editing-help.ts'
import { TongdaError } from '../../src/core/errors.ts'
import { createContradictions, createRunCheck } from '../../src/editing/index.ts'
import { createContradictionChecks, createContradictionStore } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { buildArticle } from '../support/editing-world.ts'

const actor = { kind: 'agent', id: 'li', name: '李然' } as const
const never = new AbortController().signal
const overBudget = () => new TongdaError('model_over_budget', 'the day’s tokens are used up')
const unjudged = (outcome: string, status?: number) =>
  new TongdaError('model_unavailable', 'no answer', { outcome, ...(status === undefined ? {} : { status }) })
const away = () => new TongdaError('model_unavailable', 'no answer')

/** Looks for contradictions go on where they stood, and what was dismissed stays so. */
export const itFindsContradictions = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  beforeEach(async () => {
    for (const table of ['pairs', 'refusals', 'contradictions', 'checks'])
      await test.database.query(`delete from knowledge_${table}`)
  })
  afterAll(() => test.dispose())

  const stage = () => {
    const clock = createMovableClock()
    const store = createContradictionStore(test.database)
    const checks = createContradictionChecks(test.database)
    const articles: ArticleContent[] = ['a', 'b', 'c', 'd'].map((id) =>
      buildArticle({ id: `refund-${id}`, question: `怎么退款 ${id}`, answer: `${id} 天到账。` }),
    )
    const asked: string[] = []
    /** What becomes of each question, in order; afterwards nothing is found. */
    const answers: (Error | 'found')[] = []
    const judge: EditorModel['judge'] = (first, second) => {
      asked.push(`${first.articleId} ${second.articleId}`)
      const next = answers.shift()
      if (next instanceof Error) return Promise.reject(next)
      const places = { firstQuote: first.answer, secondQuote: second.answer }
      const judgement = { ...places, firstText: 'answer', secondText: 'en', why: '几天到账' }
      return Promise.resolve({ found: next === 'found' ? judgement : undefined, model: 'test/model' })
    }
    const shared = { store, checks, clock, articles: () => Promise.resolve(articles) }
    const runWith = (models: string) =>
      createRunCheck({
        ...{ ...shared, model: { judge }, models },
        near: () => Promise.resolve(articles.map(({ id }) => id)),
      })
    const run = runWith('test/model')
    const desk = createContradictions({ ...shared, enqueue: () => Promise.resolve() })
    const look = async (by = run) => {
      const { id } = await desk.start(actor)
      await by(id, never)
      return desk.check()
    }
    return { clock, articles, asked, answers, run, runWith, desk, look, store }
  }

  describe('a look at all articles', () => {
    it('stops where the budget ends and goes on from there', async () => {
      const { asked, answers, look, desk } = stage()
      answers.push('found', overBudget())
      expect(await look()).toMatchObject({ state: 'paused', why: 'budget', pairs: 6, judged: 1, found: 1 })
      expect(await look()).toMatchObject({ state: 'done', pairs: 6, judged: 6, found: 0 })
      expect(asked.slice(2)).not.toContain(asked[0])
      expect(asked).toHaveLength(7)
      expect(await desk.list('open')).toMatchObject([{ firstId: 'refund-a', secondId: 'refund-b' }])
    })

    it('passes over what the model does not answer, and stops when it answers nothing', async () => {
      const { asked, answers, look } = stage()
      answers.push(away())
      expect(await look()).toMatchObject({ state: 'paused', why: 'model', judged: 5 })
      expect(await look()).toMatchObject({ state: 'done', judged: 6 })
      expect(asked).toHaveLength(7)
      const other = stage()
      await test.database.query('delete from knowledge_pairs')
      other.answers.push(away(), away(), away())
      expect(await other.look()).toMatchObject({ state: 'paused', why: 'model', judged: 0 })
      expect(other.asked).toHaveLength(3)
    })

    it('goes on past pairs that the model will not judge, however many', async () => {
      const { answers, look } = stage()
      const faults = ['filtered', 'malformed', 'truncated', 'refused'].map(
        (outcome) => new TongdaError('model_unavailable', 'no answer', { outcome, status: 400 }),
      )
      answers.push(...faults, 'found')
      expect(await look()).toMatchObject({ state: 'done', pairs: 6, judged: 2, found: 1 })
    })

    it('leaves pairs alone that the model will not judge, until they change or somebody says so', async () => {
      const { articles, asked, answers, look, desk, runWith } = stage()
      answers.push(unjudged('filtered'), away(), unjudged('refused', 400), unjudged('refused', 401))
      expect(await look()).toMatchObject({ state: 'paused', why: 'model', judged: 2 })
      const [first, second, third, fourth] = asked
      expect(await desk.refused()).toMatchObject([
        { firstId: 'refund-a', secondId: 'refund-d', why: 'refused', firstQuestion: '怎么退款 a' },
        { firstId: 'refund-a', secondId: 'refund-b', why: 'filtered', secondQuestion: '怎么退款 b' },
      ])
      // What was away is asked again, what was refused is not.
      expect(await look()).toMatchObject({ state: 'done', pairs: 6, judged: 4 })
      expect(asked.slice(6)).toEqual([second, fourth])
      expect(await look()).toMatchObject({ state: 'done', judged: 4 })
      expect(asked).toHaveLength(8)

      articles[3] = buildArticle({ ...articles[3], answer: '九天到账。' })
      expect((await desk.refused()).map(({ secondId }) => secondId)).toEqual(['refund-b'])
      await look()
      expect(asked.slice(8)).toContain(third)
      expect(asked.slice(8)).not.toContain(first)

      // Another model may take what one did not; so may the same one, where somebody wants it.
      answers.push(unjudged('malformed'))
      await look(runWith('other/model'))
      expect(asked.slice(11)).toEqual([first])
      expect(await desk.refused()).toMatchObject([{ why: 'malformed', models: 'other/model' }])
      const { id } = await desk.retry(actor)
      await runWith('other/model')(id, never)
      expect(asked.slice(12)).toEqual([first])
      expect([await desk.refused(), await desk.check()]).toMatchObject([[], { state: 'done', judged: 6 }])
    })

    it('compares the texts of one article with each other, and again when one of them changes', async () => {
      const { articles, asked, answers, look, desk } = stage()
      articles.splice(1)
      articles[0] = buildArticle({ ...articles[0], channels: { weibo: '七天到账' } })
      answers.push('found')
      expect(await look()).toMatchObject({ state: 'done', pairs: 1, judged: 1, found: 1 })
      expect(await desk.list('open')).toMatchObject([
        { firstId: 'refund-a', secondId: 'refund-a', firstText: 'answer', secondText: 'en' },
      ])
      await look()
      expect(asked).toHaveLength(1)
      const [article] = articles
      for (const change of [
        { channels: { weibo: '八天' } },
        { en: { question: 'When?', answer: 'In 3 days' } },
      ]) {
        articles[0] = buildArticle({ ...article, ...change })
        await look()
      }
      expect(asked).toHaveLength(3)
    })

    it('that was broken off goes on as the same one', async () => {
      const { asked, answers, run, desk } = stage()
      const broken = new AbortController()
      const { id } = await desk.start(actor)
      answers.push('found', new Error('the node stops'))
      broken.signal.addEventListener('abort', () => undefined)
      const half = run(id, broken.signal)
      await expect(half).rejects.toThrow('the node stops')
      expect(await desk.check()).toMatchObject({ id, state: 'failed' })
      await run(id, never)
      expect(await desk.check()).toMatchObject({ id, state: 'done', judged: 6, found: 1 })
      expect(asked).toHaveLength(7)
      broken.abort()
      await expect(run(id, broken.signal)).rejects.toThrow()
    })

    it('is begun once, unless it has died', async () => {
      const { clock, desk, run, asked } = stage()
      const first = await desk.start(actor)
      expect((await desk.start(actor)).id).toBe(first.id)
      expect(await desk.check()).toMatchObject({ id: first.id, state: 'waiting' })
      clock.advance(180_000)
      expect(await desk.check()).toMatchObject({ id: first.id, state: 'failed' })
      const second = await desk.start(actor)
      expect(second.id).not.toBe(first.id)
      await run(first.id, never)
      expect(asked).toEqual([])
    })
  })

  describe('a contradiction', () => {
    it('is dismissed until one of the texts changes; wordings are no text', async () => {
      const { answers, articles, asked, look, desk } = stage()
      answers.push('found')
      await look()
      const [found] = await desk.list('open')
      const by = { actor, version: found?.version }
      expect(await desk.settle(String(found?.id), 'dismissed', by)).toMatchObject({
        ...{ state: 'dismissed', settledBy: actor, version: 2 },
      })
      await expect(desk.settle(String(found?.id), 'open', by)).rejects.toMatchObject({ code: 'conflict' })
      await look()
      expect([asked.length, await desk.list('open')]).toEqual([6, []])
      articles[0] = buildArticle({ ...articles[0], similar: ['另一种问法'] })
      await look()
      expect([asked.length, (await desk.list('dismissed')).length]).toEqual([6, 1])
      articles[0] = buildArticle({ ...articles[0], answer: '七天到账。' })
      expect(await desk.list('dismissed')).toEqual([])
      answers.push('found')
      await look()
      expect(asked).toHaveLength(9)
      expect(await desk.list('open')).toMatchObject([{ firstQuote: '七天到账。', state: 'open' }])
    })

    it('that is not there is said so', async () => {
      const { desk } = stage()
      for (const id of [randomUUID(), 'x'])
        await expect(desk.settle(id, 'dismissed', { actor, version: undefined })).rejects.toMatchObject({
          code: 'not_found',
        })
    })
  })
}
