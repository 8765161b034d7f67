import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHelpVotes } from '../../../src/store/index.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['knowledge:read'])
})
afterAll(() => world.stop())

it('tells editors which articles help, of some days and a language, page by page', async () => {
  const votes = createHelpVotes(world.database)
  const vote = { language: 'zh-CN', answer: 'helpful', day: '2026-11-28' } as const
  for (const articleId of ['vip-refund-apply', 'app-crash-start', 'vip-refund-apply'])
    await votes.add({ ...vote, articleId })
  await votes.add({ ...vote, articleId: 'vip-refund-apply', language: 'en', answer: 'not-helpful' })
  await votes.add({ ...vote, articleId: 'vip-refund-apply', day: '2026-10-01' })

  const first = await program.get('/knowledge/votes?limit=1&from=2026-11-01&until=2026-11-30')
  expect(first.json.data).toEqual([{ articleId: 'app-crash-start', helpful: 1, notHelpful: 0 }])
  const next = encodeURIComponent(String(first.json.next))
  const second = await program.get(`/knowledge/votes?limit=1&from=2026-11-01&until=2026-11-30&cursor=${next}`)
  expect(second.json).toEqual({ data: [{ articleId: 'vip-refund-apply', helpful: 2, notHelpful: 1 }] })
  const english = await program.get('/knowledge/votes?language=en')
  expect(english.json.data).toEqual([{ articleId: 'vip-refund-apply', helpful: 0, notHelpful: 1 }])
  const wrong = await program.get('/knowledge/votes?from=2026-02-30')
  expect([wrong.status, wrong.json.code]).toEqual([400, 'bad_input'])
})
