import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildArticle } from '../../support/editing-world.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['knowledge:manage'])
})
afterAll(() => world.stop())

const dataOf = ({ json }: { readonly json: Record<string, unknown> }) =>
  json.data as Record<string, unknown>[]

describe('articles over HTTP', () => {
  it('are the brand’s own words: numbers and addresses in them are edited as they are', async () => {
    const answer = '打 021-55667788，或写信到 zhou@example.com'
    const content = buildArticle({ id: 'call-us', question: '怎么打电话给你们', answer })
    const made = await program.post('/knowledge/drafts', { content, reason: '新文章' })
    expect([made.status, made.json]).toMatchObject([201, { content: { answer } }])
    const path = `/knowledge/drafts/${String(made.json.id)}`
    const { content: read } = (await program.get(path)).json
    expect(await program.call('PATCH', path, { body: { content: read } })).toMatchObject({
      ...{ status: 200, json: { content: { answer } } },
    })
  })

  it('are drafted, reviewed by a person, evaluated, published and rolled back', async () => {
    const content = buildArticle({ id: 'refund-http', question: '网上怎么退', similar: ['网上退'] })
    const made = await program.post('/knowledge/drafts', { content, reason: '新文章' })
    expect([made.status, made.json]).toMatchObject([
      201,
      { state: 'draft', articleId: 'refund-http', version: 1 },
    ])
    const path = `/knowledge/drafts/${String(made.json.id)}`
    expect(made.headers.get('location')).toBe(`/api/v1${path}`)
    const draftIds = [made.json.id]

    const seen = { 'if-match': '"1"' }
    const body = { reason: '补充' }
    expect((await program.call('PATCH', path, { body, headers: seen })).json).toMatchObject({
      version: 2,
      content,
    })
    const stale = await program.call('PATCH', path, { body, headers: seen })
    expect([stale.status, stale.json.code, stale.json.current]).toMatchObject([409, 'stale', { version: 2 }])

    expect((await program.post(`${path}/submit`, {})).json).toMatchObject({ state: 'in-review' })
    expect((await program.post(`${path}/approve`, {})).status).toBe(403)
    const editor = await world.enter(await world.hire('editor'))
    const approved = await editor.post(`/api/v1${path}/approve`, { note: '好' })
    expect([approved.status, approved.json]).toMatchObject([200, { state: 'approved', note: '好' }])
    expect((await editor.post('/api/v1/knowledge/versions', { draftIds, reason: 'x' })).status).toBe(403)

    const early = await program.post('/knowledge/versions', { draftIds, reason: '上线' })
    expect([early.status, early.json.detail]).toEqual([409, expect.stringContaining('not evaluated')])
    const findings = await program.post('/knowledge/check', { draftIds })
    expect(dataOf(findings).filter(({ level }) => level === 'error')).toEqual([])
    const evaluating = await program.post('/knowledge/evaluations', { draftIds, questions: ['网上退'] })
    expect(evaluating.status).toBe(202)
    const evaluation = await program.get(`/knowledge/evaluations/${String(evaluating.json.id)}`)
    expect(evaluation.json).toMatchObject({
      state: 'done',
      result: { tried: [{ before: { kind: 'none' }, after: { kind: 'answer', articleId: 'refund-http' } }] },
    })
    const published = await program.post('/knowledge/versions', { draftIds, reason: '上线' })
    expect([published.status, published.json]).toMatchObject([201, { kind: 'publish', reason: '上线' }])
    const { number } = published.json as { number: number }

    expect(dataOf(await program.get('/knowledge/articles?text=refund-http'))).toMatchObject([
      { articleId: 'refund-http', origin: 'published', conflict: false, drafts: [] },
    ])
    expect((await program.get('/knowledge/articles/refund-http')).json).toMatchObject({ live: content })
    const back = await program.post(`/knowledge/versions/${String(number - 1)}/rollback`, { reason: '错了' })
    expect(back.json).toMatchObject({ kind: 'rollback', restored: number - 1, number: number + 1 })
    expect((await program.get('/knowledge/articles/refund-http')).status).toBe(404)
    const diff = await program.get(`/knowledge/diff?from=${String(number)}&to=${String(number + 1)}`)
    expect(dataOf(diff)).toMatchObject([{ articleId: 'refund-http', kind: 'removed' }])
    const versions = await program.get('/knowledge/versions?limit=1')
    expect(versions.json).toMatchObject({ data: [{ number: number + 1 }], next: expect.any(String) })
    const older = await program.get(`/knowledge/versions?limit=1&cursor=${String(versions.json.next)}`)
    expect(dataOf(older)).toMatchObject([{ number }])
    expect((await program.get(`/knowledge/versions/${String(number)}`)).json).toMatchObject({
      changes: [{ articleId: 'refund-http', after: content }],
    })
  })

  it('are previewed by channel, listed page by page, and discarded', async () => {
    const content = buildArticle({ id: 'refund-other', answer: '长'.repeat(301) })
    const previews = await program.post('/knowledge/preview', { content })
    expect(dataOf(previews)).toMatchObject([
      {
        channel: 'weibo',
        messages: [{ characters: 300, bytes: 900 }, { characters: 1 }],
        limit: { max: 300 },
      },
    ])
    const { json } = await program.post('/knowledge/drafts', { content, reason: 'x' })
    await program.post('/knowledge/drafts', { content, reason: 'y' })
    const page = await program.get('/knowledge/drafts?article=refund-other&limit=1')
    expect(dataOf(page)).toMatchObject([{ reason: 'y' }])
    const next = await program.get(
      `/knowledge/drafts?article=refund-other&limit=1&cursor=${String(page.json.next)}`,
    )
    expect(dataOf(next)).toMatchObject([{ reason: 'x' }])
    const diff = await program.get(`/knowledge/drafts/${String(json.id)}/diff`)
    expect(diff.json.diff).toMatchObject({ kind: 'added' })
    const gone = await program.call('DELETE', `/knowledge/drafts/${String(json.id)}`)
    expect(gone.json).toMatchObject({ state: 'discarded' })
    const wrong = await program.post('/knowledge/drafts', {
      content: { ...content, from: 'soon' },
      reason: 'x',
    })
    expect([wrong.status, wrong.json.errors]).toMatchObject([400, [{ field: 'content.from' }]])
  })

  it('come in and go out as files', async () => {
    const table = '\uFEFFID,标准问,相似问,答案,分类\r\nrefund-file,文件怎么退,文件退,先看,refund\r\n'
    const data = Buffer.from(table).toString('base64')
    const read = await program.post('/knowledge/imports', { format: 'csv', name: '文章.csv', data })
    expect([read.status, read.json]).toMatchObject([201, { counts: { add: 1, faulty: 0 }, state: 'read' }])
    const path = `/knowledge/imports/${String(read.json.id)}`
    const applied = await program.post(`${path}/apply`, { reason: '批量' })
    expect(applied.json).toMatchObject({ state: 'applied', draftIds: [expect.any(String)] })
    expect((await program.post(`${path}/undo`, {})).json).toMatchObject({ state: 'undone' })
    expect((await program.get(path)).json).toMatchObject({ state: 'undone' })
    const written = await program.get('/knowledge/export?format=csv')
    expect(written.headers.get('content-type')).toContain('text/csv')
    expect(written.text).toContain('ID,标准问,相似问')
  })
})
