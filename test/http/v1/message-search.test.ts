import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMessageFeed } from '../../../src/search/index.ts'
import { createEventLog, createMessageIntake } from '../../../src/store/index.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['tickets:read'])
  const long = `${'啊'.repeat(110)}13800138000${'嗯'.repeat(115)}`
  for (const text of [
    ...['大会员多扣了 25 元', '大會員的发票呢', '弹幕发不出去', `退货地址${long}`],
    '手机 +86 13912345678，邮箱 zhangwei@qq.com 快递到了',
  ])
    await world.arrive({ text })
  const intake = createMessageIntake(world.database)
  const feed = createMessageFeed({ events: createEventLog(world.database), intake })
  while (await feed());
})
afterAll(() => world.stop())

const search = (query: Record<string, string>) =>
  program.get(`/messages?${String(new URLSearchParams(query))}`)

describe('searching messages over the API', () => {
  it('tells where the words stand, and which ticket it was', async () => {
    const { json } = await search({ q: '会员 25' })
    expect(json.data).toMatchObject([
      {
        ...{ author: 'contact', direction: 'in', channel: 'wechat', contactName: '阿白1' },
        ticketNumber: expect.any(Number) as number,
        snippet: {
          text: '大会员多扣了 25 元',
          matches: [
            { from: 1, to: 3 },
            { from: 7, to: 9 },
          ],
        },
      },
    ])
  })

  it('comes in pages and is narrowed', async () => {
    const first = await search({ q: '大会员', limit: '1' })
    const rest = await search({ q: '大会员', limit: '1', cursor: String(first.json.next) })
    const said = [first, rest].flatMap(({ json }) => json.data as { snippet: { text: string } }[])
    expect(said.map(({ snippet }) => snippet.text)).toEqual(['大會員的发票呢', '大会员多扣了 25 元'])
    expect(rest.json.next).toBeUndefined()
    expect((await search({ q: '工单', author: 'bot' })).json.data).toHaveLength(5)
    expect((await search({ q: '工单', channel: 'weibo' })).json.data).toEqual([])
    expect((await search({ q: '大会员', until: '2020-01-01T00:00:00Z' })).json.data).toEqual([])
  })

  it('says what is wrong with a question that finds nothing', async () => {
    const { status, json } = await search({ q: 'x' })
    expect([status, json.detail]).toEqual([400, expect.stringContaining('at least one Chinese character')])
    expect((await search({ q: '退款', channel: 'fax' })).status).toBe(400)
    expect((await search({ q: '款'.repeat(101) })).status).toBe(400)
    expect((await search({ q: '退款', cursor: 'nonsense' })).status).toBe(400)
    const far = { at: '0000-01-01T00:00:00.000Z', id: '0198c0de-0000-7000-8000-00000000000d' }
    const cursor = Buffer.from(JSON.stringify({ list: 'message-search', place: far })).toString('base64url')
    for (const query of [
      { cursor },
      { from: far.at },
      { until: '9999-12-31T23:59:59-14:00' },
      { inbox: '\0' },
    ])
      expect((await search({ q: '退款', ...query })).status, JSON.stringify(query)).toBe(400)
    expect((await search({ q: '退\0款' })).status).toBe(200)
  })

  it('shows personal data masked, also where it cuts', async () => {
    const { text, json } = await search({ q: '退货' })
    expect(text).not.toMatch(/1380013|138001|13800/)
    expect((json.data as { snippet: { cutAfter: boolean } }[])[0]?.snippet.cutAfter).toBe(true)
    const [hit] = (await search({ q: '快递' })).json.data as {
      snippet: { text: string; matches: { from: number; to: number }[] }
    }[]
    const { snippet } = hit ?? { snippet: { text: '', matches: [] } }
    expect(snippet.text).toBe('手机 139****5678，邮箱 z***@qq.com 快递到了')
    expect(snippet.matches.map(({ from, to }) => snippet.text.slice(from, to))).toEqual(['快递'])
  })

  it('finds personal data by what is shown of it and by all of it, never digit by digit', async () => {
    const found = async (q: string): Promise<number> => ((await search({ q })).json.data as unknown[]).length
    for (const q of ['5678', '139', '13912345678', 'qq.com', 'zhangwei@qq.com'])
      expect(await found(q), q).toBe(1)
    for (const q of ['1391', '1234', '39123456', '45678', '8613912', 'zha', 'wei@qq.com', 'angwei@qq.com'])
      expect(await found(q), q).toBe(0)
    const { json } = await search({ q: '13912345678' })
    const [{ snippet }] = json.data as [
      { snippet: { text: string; matches: { from: number; to: number }[] } },
    ]
    expect(snippet.matches.map(({ from, to }) => snippet.text.slice(from, to))).toEqual(['139****5678'])
  })
})
