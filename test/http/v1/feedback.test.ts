import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { brandMonth } from '../../support/brand-day.ts'
import { openSuggestionWorld, type SuggestionWorld } from '../../support/suggestion-world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let suggestions: SuggestionWorld
let program: Program
beforeAll(async () => {
  world = await openWorld()
  suggestions = await openSuggestionWorld(world.database, new Date())
  program = await createProgram(world, ['feedback:manage', 'events:read'])
})
afterAll(() => world.stop())

type Json = Record<string, unknown>
const dataOf = ({ json }: { readonly json: Json }): readonly Json[] => json.data as readonly Json[]
const add = async (sentence: string, more: Json = {}): Promise<Json> =>
  (await program.post('/feedback/items', { sentence, ...more })).json
const themeOf = async (text: string): Promise<Json> => {
  const [item] = dataOf(await program.get(`/feedback/items?text=${encodeURIComponent(text)}`))
  return (await program.get(`/feedback/themes/${String(item?.themeId)}`)).json
}

describe('suggestions over the API', () => {
  it('are added masked, once a key, listed in pages, filtered and read', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const draft = { sentence: '倍速要更细，我的电话13800138000', saidAt: '2026-11-01T00:00:00Z' }
    const made = await program.post('/feedback/items', draft, key)
    expect([made.status, made.json.sentence]).toEqual([201, '倍速要更细，我的电话[电话]'])
    expect((await program.post('/feedback/items', draft, key)).json.id).toBe(made.json.id)
    for (const text of ['夜间自动', '收藏搜索', '弹幕更小']) await add(text)
    const first = await program.get('/feedback/items?limit=3')
    const rest = await program.get(`/feedback/items?limit=3&cursor=${String(first.json.next)}`)
    expect([...dataOf(first), ...dataOf(rest)].map(({ sentence }) => sentence)).toEqual([
      ...['弹幕更小', '收藏搜索', '夜间自动', '倍速要更细，我的电话[电话]'],
    ])
    expect(rest.json.next).toBeUndefined()
    expect(dataOf(await program.get('/feedback/items?theme=none'))).toHaveLength(4)
    expect(dataOf(await program.get('/feedback/items?since=2026-11-15T00:00:00Z'))).toHaveLength(3)
    expect((await program.get(`/feedback/items/${String(made.json.id)}`)).json).toEqual(made.json)
    const unknown = await program.post('/feedback/items', { sentence: '倍速', contactId: randomUUID() })
    expect([unknown.status, unknown.json.code]).toEqual([404, 'not_found'])
  })

  it('are sorted into themes that people name, merge and split on the version they saw', async () => {
    await suggestions.place()
    const speed = await themeOf('倍速要更细')
    const path = `/feedback/themes/${String(speed.id)}`
    const seen = { 'if-match': `"${String(speed.version)}"` }
    const named = await program.call('PATCH', path, { body: { name: '播放速度' }, headers: seen })
    expect(named.json).toMatchObject({ label: '播放速度', labelledBy: 'person' })
    const stale = await program.call('PATCH', path, { body: { name: '速度' }, headers: seen })
    expect([stale.status, stale.json.code]).toEqual([409, 'stale'])
    expect(stale.json).toMatchObject({ current: { label: '播放速度' }, yours: { changes: { name: '速度' } } })
    const night = await themeOf('夜间自动')
    const merged = await program.post(`${path}/merge`, { from: night.id })
    expect(merged.json).toMatchObject({ id: speed.id, count: 2 })
    const [item] = dataOf(await program.get('/feedback/items?text=夜间'))
    const split = await program.post(`${path}/split`, { itemIds: [item?.id], name: '夜间' })
    expect(split.json).toMatchObject({ label: '夜间', count: 1, examples: ['夜间自动'] })
    const back = await program.call('PATCH', `/feedback/items/${String(item?.id)}`, {
      body: { themeId: speed.id },
    })
    expect(back.json).toMatchObject({ themeId: speed.id, placedBy: 'person' })
    const history = dataOf(await program.get(`${path}/history`))
    expect(history.map(({ change, actor }) => [change, actor])).toEqual([
      ...[
        ['rename', 'key'],
        ['merge', 'key'],
        ['split', 'key'],
        ['moved-in', 'key'],
      ],
    ])
    const pinned = await program.post(`${path}/pin`)
    expect(pinned.json.isHeld).toBe(true)
    const found = dataOf(await program.get('/feedback/themes?status=collected&text=播放'))
    expect(found.map(({ id }) => id)).toEqual([speed.id])
  })

  it('ship with public words; the dry run says who would be told, and changes nothing', async () => {
    await suggestions.says('oNews', '建议投屏')
    await suggestions.collect()
    await suggestions.place()
    const { id } = await themeOf('建议投屏')
    const path = `/feedback/themes/${String(id)}`
    const none = await program.get(`${path}/telling`)
    expect([none.status, none.json.code]).toEqual([409, 'conflict'])
    expect((await program.get(`${path}/telling?status=shipped`)).json).toMatchObject({ people: 1, now: 1 })
    expect((await program.post(`${path}/status`, { status: 'shipped' })).status).toBe(400)
    const shipped = { status: 'shipped', wording: { zh: '可以投屏了' } }
    expect((await program.post(`${path}/status`, shipped)).json).toMatchObject(shipped)
    expect(dataOf(await program.get(`${path}/notices`))).toMatchObject([{ state: 'planned' }])
    await suggestions.tell(String(id))
    expect(dataOf(await program.get(`${path}/notices`))).toMatchObject([
      { state: 'told', way: 'now', delivery: 'queued' },
    ])
    const again = await program.post(`${path}/telling`)
    expect([again.status, again.json.planned]).toEqual([202, 0])
    const planned = await program.post(`${path}/status`, { status: 'planned' })
    expect(planned.json).toMatchObject({ status: 'planned' })
  })

  it('tell programs outside what happens', async () => {
    const types = 'feedback.collected,feedback.theme-changed,feedback.told'
    await expect
      .poll(async () => {
        const events = dataOf(await program.get(`/events?types=${types}&limit=200`))
        return new Set(events.map(({ type }) => type))
      })
      .toEqual(new Set(types.split(',')))
  })

  it('are reported by the month, as JSON, CSV and Markdown', async () => {
    const month = brandMonth(new Date())
    await add('=HYPERLINK("http://evil") 弹幕|大小', { themeId: (await themeOf('弹幕更小')).id })
    const report = await program.get(`/feedback/report?month=${month}`)
    expect(report.json).toMatchObject({ month, timeZone: 'Asia/Shanghai', shipped: [] })
    expect(report.json.mostAsked).not.toEqual([])
    const csv = await program.get(`/feedback/report?month=${month}&format=csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.text).toContain('播放速度')
    expect(csv.text).not.toMatch(/(?:^|,)=/m)
    const markdown = await program.get(`/feedback/report?month=${month}&format=markdown`, {
      'accept-language': 'en',
    })
    expect(markdown.text).toContain('## Asked for most')
    expect((await program.get('/feedback/report?month=2099-01')).status).toBe(400)
  })

  it('may be said to be none', async () => {
    const { id } = await add('不是建议')
    const path = `/feedback/items/${String(id)}`
    expect((await program.call('DELETE', path)).json).toEqual({ discarded: true })
    expect((await program.get(path)).status).toBe(404)
  })
})
