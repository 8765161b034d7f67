import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildArticle } from '../../support/editing-world.ts'
import type { Browser } from '../client.ts'
import { decision, openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let agent: Browser
let program: Program
beforeAll(async () => {
  world = await openWorld()
  agent = await world.enter(await world.hire('agent', '李然'))
  program = await createProgram(world, ['tickets:read', 'tickets:write', 'knowledge:manage'])
  const content = buildArticle({ id: 'vip-auto-renew', question: '怎么关闭自动续费？' })
  expect((await program.post('/knowledge/drafts', { content, reason: '新文章' })).status).toBe(201)
})
afterAll(() => world.stop())

const key = () => ({ 'idempotency-key': randomUUID() })
/** A ticket in whose conversation the bot gave an article; and the message that it answered. */
const answered = async () => {
  const ticket = await world.arrive({ decision: { ...decision, kind: 'answer', articleId: 'vip-refund' } })
  const { json } = await agent.get(`/api/desk/tickets/${ticket.id}`)
  const messages = json.messages as readonly { readonly id: string; readonly decision?: unknown }[]
  return { ticket, id: messages.find((message) => message.decision !== undefined)?.id ?? '' }
}
const shown = async ({ id: ticketId }: { readonly id: string }, id: string): Promise<unknown> => {
  const { json } = await agent.get(`/api/desk/tickets/${ticketId}`)
  const messages = json.messages as readonly { readonly id: string; readonly verdict?: unknown }[]
  return messages.find((message) => message.id === id)?.verdict
}

describe('a verdict on an answer of the bot', () => {
  it('is given, changed, shown with who gave it, and taken back', async () => {
    const { ticket, id } = await answered()
    const place = `/api/v1/messages/${id}/verdict`
    expect(await shown(ticket, id)).toBeUndefined()
    expect(await agent.post(place, { verdict: 'right' }, key())).toMatchObject({
      status: 200,
      json: { messageId: id, articleId: 'vip-refund', verdict: 'right' },
    })
    expect(await shown(ticket, id)).toEqual({ verdict: 'right', byName: '李然' })
    const instead = { verdict: 'wrong', rightArticleId: 'vip-auto-renew' }
    expect(await agent.post(place, instead, key())).toMatchObject({ status: 200, json: instead })
    expect(await shown(ticket, id)).toEqual({ ...instead, byName: '李然' })
    const { json } = await program.get('/knowledge/verdicts?articleId=vip-refund')
    expect(json.data).toEqual([
      {
        ...{ articleId: 'vip-refund', right: 0, wrong: 1, share: 0 },
        instead: [{ articleId: 'vip-auto-renew', count: 1 }],
      },
    ])
    expect((await agent.call('DELETE', place)).json).toEqual({ done: true })
    expect(await shown(ticket, id)).toBeUndefined()
    expect((await program.get('/knowledge/verdicts')).json).toEqual({ data: [] })
  })

  it.each([
    [{ verdict: 'maybe' }, 400],
    [{ verdict: 'right', rightArticleId: 'vip-auto-renew' }, 400],
    [{ verdict: 'wrong', rightArticleId: 'vip-refund' }, 404],
    [{ verdict: 'wrong', rightArticleId: 'no-such-article' }, 404],
  ])('that cannot be meant is refused: %j', async (body, status) => {
    const { id } = await answered()
    expect((await agent.post(`/api/v1/messages/${id}/verdict`, body, key())).status).toBe(status)
  })

  it('is about an answer', async () => {
    const ticket = await world.arrive({ decision })
    const { json } = await agent.get(`/api/desk/tickets/${ticket.id}`)
    const [first] = json.messages as readonly { readonly id: string }[]
    const place = `/api/v1/messages/${first?.id ?? ''}/verdict`
    expect((await agent.post(place, { verdict: 'wrong' }, key())).status).toBe(400)
    const nowhere = `/api/v1/messages/${randomUUID()}/verdict`
    expect((await agent.post(nowhere, { verdict: 'wrong' }, key())).status).toBe(404)
  })
})
