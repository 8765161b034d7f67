import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLearningWorld, type LearningWorld } from '../../support/learning-world.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let contacts: LearningWorld
let program: Program
beforeAll(async () => {
  world = await openWorld()
  contacts = await openLearningWorld(world.database, new Date(world.clock.now().getTime() - 3_600_000))
  program = await createProgram(world, ['knowledge:manage'])
})
afterAll(() => world.stop())

const rowsOf = ({ json }: { readonly json: Record<string, unknown> }) =>
  json.data as Record<string, unknown>[]
let people = 0
/** Each by another contact. */
const ask = async (...texts: readonly string[]): Promise<void> => {
  for (const text of texts) await contacts.says(`oAsker${String((people += 1))}`, text)
  await contacts.learn()
}
const proposalOf = async (word: string): Promise<Record<string, unknown>> => {
  const found = rowsOf(await program.get('/knowledge/proposals')).find(({ label }) =>
    String(label).includes(word),
  )
  if (found === undefined) throw new Error(`nothing is proposed about ${word}`)
  return found
}

const content = {
  ...{ id: 'refund-moon', topic: 'refund', question: '月球发票怎么寄', similar: ['月球发票'] },
  answer: '由火箭寄送。',
}

describe('proposals over HTTP', () => {
  it('are listed, read with their questions, accepted, replayed and done with', async () => {
    await ask('月球发票怎么寄', '发票寄月球', '月球能收发票吗')
    const { id } = await proposalOf('月球')
    const path = `/knowledge/proposals/${String(id)}`
    expect((await program.get(path)).json).toMatchObject({ kind: 'new_article', state: 'open', count: 3 })
    expect(rowsOf(await program.get('/knowledge/proposals?state=open&kind=new_article'))).toHaveLength(1)
    expect(rowsOf(await program.get('/knowledge/proposals?kind=contradiction,wrong_threshold'))).toEqual([])
    const first = await program.get(`${path}/questions?limit=2`)
    expect(rowsOf(first).map(({ sentence }) => sentence)).toEqual(['月球能收发票吗', '发票寄月球'])
    const rest = await program.get(`${path}/questions?limit=2&cursor=${String(first.json.next)}`)
    expect(rowsOf(rest).map(({ sentence }) => sentence)).toEqual(['月球发票怎么寄'])
    expect((await program.get(`${path}/replay`)).status).toBe(404)

    const stale = await program.post(`${path}/accept`, { content }, { 'if-match': '"99"' })
    expect([stale.status, stale.json.code]).toEqual([409, 'stale'])
    const accepted = await program.post(`${path}/accept`, { content })
    expect([accepted.status, accepted.json]).toMatchObject([
      200,
      { state: 'accepted', draftIds: [expect.any(String)], settledBy: { kind: 'key' } },
    ])
    expect((await program.get(`${path}/replay`)).json).toMatchObject({
      ...{ state: 'done', draftIds: accepted.json.draftIds },
      result: { conversations: { messages: 3, replay: { of: 3, gained: 1, lost: 0 } } },
    })
    const [draftId] = accepted.json.draftIds as readonly string[]
    expect((await program.get(`/knowledge/drafts/${String(draftId)}`)).json).toMatchObject({
      ...{ articleId: 'refund-moon', source: { kind: 'proposal', id } },
    })
    const again = await program.post(`${path}/accept`, { content })
    expect([again.status, again.json.detail]).toEqual([409, expect.stringContaining('settled')])
    expect((await program.post(`${path}/reopen`, {})).json).toMatchObject({ state: 'open', draftIds: [] })
  })

  it('show no personal data of who asked, whatever is kept, and take none masked for a name', async () => {
    await ask('弹幕发到 13800138000 收不到', '弹幕发不出', '弹幕没了')
    const { id } = await proposalOf('弹幕')
    const path = `/knowledge/proposals/${String(id)}`
    const shown = [path, `${path}/questions`, `${path}/edits`]
    for (const one of shown) expect((await program.get(one)).text).not.toContain('13800138000')
    const said = '弹幕发到13800138000'
    await world.database.query('update learning_proposals set label = $2 where id = $1', [id, said])
    await world.database.query('update learning_questions set sentence = $2 where theme_id = $1', [id, said])
    for (const one of [path, `${path}/questions`, '/knowledge/proposals']) {
      const { text } = await program.get(one)
      expect(text).toContain('弹幕发到138****8000')
      expect(text).not.toContain('13800138000')
    }
    const named = await program.call('PATCH', path, { body: { name: '弹幕发到138****8000' } })
    expect(named.status).toBe(400)
    expect((await program.post(`${path}/dismiss`, { reason: 'x' })).text).toContain('138****8000')
  })

  it('are dismissed with a reason, named, merged, and filled by hand', async () => {
    await ask('退款要几天', '退款多久', '退款怎么还没到', '倍速怎么调', '倍速在哪', '倍速没了')
    const [refund, speed] = [await proposalOf('退款'), await proposalOf('倍速')]
    const path = `/knowledge/proposals/${String(refund.id)}`
    const named = await program.call('PATCH', path, { body: { name: '退款时间' } })
    expect(named.json).toMatchObject({ label: '退款时间' })
    const [question] = rowsOf(await program.get(`/knowledge/proposals/${String(speed.id)}/questions`))
    const moved = await program.call('PATCH', `/knowledge/questions/${String(question?.id)}`, {
      body: { proposalId: refund.id },
    })
    expect(moved.json).toMatchObject({ proposalId: refund.id, placedBy: 'person' })
    expect((await program.post(`${path}/merge`, { from: speed.id })).json).toMatchObject({ count: 6 })
    expect((await program.get(`/knowledge/proposals/${String(speed.id)}`)).json).toMatchObject({
      mergedInto: refund.id,
    })
    expect((await program.post(`${path}/dismiss`, { reason: '已有公告' })).json).toMatchObject({
      ...{ state: 'dismissed', reason: '已有公告' },
    })
    expect((await program.get(`${path}/edits`)).json).toEqual({ edits: [], needsEditor: [] })
  })

  it.each([
    ['GET', '/knowledge/proposals?state=lost', undefined],
    ['GET', '/knowledge/proposals?cursor=x', undefined],
    ['POST', `/knowledge/proposals/${randomUUID()}/dismiss`, {}],
    ['POST', `/knowledge/proposals/${randomUUID()}/accept`, { similar: [] }],
    ['POST', `/knowledge/proposals/${randomUUID()}/accept`, { content, articleId: 'refund-how' }],
    ['POST', `/knowledge/proposals/${randomUUID()}/accept`, { content: { ...content, id: '有空格 的' } }],
    ['POST', `/knowledge/proposals/${randomUUID()}/merge`, { from: 'x' }],
    ['PATCH', `/knowledge/proposals/${randomUUID()}`, { name: ' ' }],
    ['PATCH', `/knowledge/questions/${randomUUID()}`, { proposalId: 1 }],
  ] as const)('refuse bad input: %s %s', async (method, path, body) => {
    const { status } = await program.call(method, path, body === undefined ? {} : { body })
    expect([400, 422]).toContain(status)
  })

  it.each([
    ['GET', `/knowledge/proposals/${randomUUID()}`, undefined],
    ['GET', `/knowledge/proposals/${randomUUID()}/questions`, undefined],
    ['POST', `/knowledge/proposals/${randomUUID()}/dismiss`, { reason: 'x' }],
    ['POST', `/knowledge/proposals/${randomUUID()}/accept`, {}],
    ['PATCH', `/knowledge/questions/${randomUUID()}`, { proposalId: randomUUID() }],
  ] as const)('do not know what is not there: %s %s', async (method, path, body) => {
    const { status } = await program.call(method, path, body === undefined ? {} : { body })
    expect(status).toBe(404)
  })
})
