import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStaff, type Staff } from '../staff.ts'
import type { World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let staff: Staff
let world: World
let program: Program
beforeAll(async () => {
  staff = await openStaff()
  ;({ world } = staff)
  program = await createProgram(world, ['tickets:read'])
})
afterAll(() => world.stop())

const reply = (id: string, text: string, solve: boolean) =>
  staff
    .as('agent')
    .post(`/api/desk/tickets/${id}/reply`, { text, solve }, { 'idempotency-key': randomUUID() })

it('suggests live articles for what the contact said last, at most three, best first', async () => {
  const { id } = await world.arrive({ text: '大会员怎么退款' })
  const { status, json } = await program.get(`/tickets/${id}/suggested-articles`)
  expect(status).toBe(200)
  const data = json.data as readonly { articleId: string; score: number; text: string }[]
  expect(data.length).toBeGreaterThan(0)
  expect(data.length).toBeLessThanOrEqual(3)
  expect(data[0]).toMatchObject({
    articleId: expect.stringContaining('vip-refund'),
    text: expect.any(String),
  })
  const scores = data.map(({ score }) => score)
  expect(scores).toEqual([...scores].sort((one, other) => other - one))
})

it('suggests nothing where the contact wrote no words', async () => {
  const { id } = await world.arrive({ parts: [{ kind: 'location', latitude: 1, longitude: 2 }] })
  const { status, json } = await program.get(`/tickets/${id}/suggested-articles`)
  expect([status, json.data instanceof Array]).toEqual([200, true])
})

it('finds settled tickets that began alike, with their answers and without personal data', async () => {
  const past = await world.arrive({ title: '投稿一直在审核 13800138000' })
  const other = await world.arrive({ title: '直播间进不去' })
  const open = await world.arrive({ title: '投稿一直在审核中' })
  const ticket = await world.arrive({ title: '投稿一直在审核呀' })
  await reply(past.id, '审核最长三天', true)
  await reply(other.id, '请更新客户端', true)
  await reply(open.id, '在看了', false)
  const { json } = await program.get(`/tickets/T-${ticket.number}/similar`)
  const data = json.data as readonly { number: number; title: string; likeness: number }[]
  expect(data).toEqual([
    expect.objectContaining({ number: past.number, answer: '审核最长三天', solvedAt: expect.any(String) }),
  ])
  expect(data[0]?.title).not.toContain('13800138000')
  expect(data[0]?.likeness).toBeGreaterThan(0.3)
})

it('does not tell an answer that was taken back', async () => {
  const past = await world.arrive({ title: '弹幕发不出去了' })
  const ticket = await world.arrive({ title: '弹幕发不出去了吗' })
  const { json } = await reply(past.id, '说错了', false)
  const { undo } = json as { readonly undo: { readonly messageId: string } }
  await staff.as('agent').post(`/api/desk/messages/${undo.messageId}/withdraw`)
  await staff.as('agent').post(`/api/desk/tickets/${past.id}/solve`)
  const found = (await program.get(`/tickets/${ticket.id}/similar`)).json.data as readonly object[]
  expect(found).toHaveLength(1)
  expect(found[0]).not.toHaveProperty('answer')
})
