import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { callApi, createProgram, type Program } from './program.ts'

let world: World
let admin: Program
beforeAll(async () => {
  world = await openWorld()
  admin = await createProgram(world, ['admin'])
})
afterAll(() => world.stop())

const wanted = { name: 'x', scopes: ['tickets:read'] }
const keyed = (key: string = randomUUID()) => ({ 'idempotency-key': key })
const keyCount = async () => (await world.keys.list()).length

describe('refusals', () => {
  it('are problems with a stable type, a code and the request id', async () => {
    const answer = await admin.get('/nothing', { 'x-request-id': 'my-own-id-4711' })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('x-request-id')).toBe('my-own-id-4711')
    expect(answer.json).toMatchObject({
      type: 'urn:tongda:problem:not_found',
      status: 404,
      code: 'not_found',
      requestId: 'my-own-id-4711',
    })
  })

  it('name the fields and where they stand, never what was in them', async () => {
    const answer = await admin.post('/keys', { name: 'planted-secret', scopes: ['root'], more: 1 })
    expect(answer.status).toBe(400)
    expect(answer.json.errors).toContainEqual(expect.objectContaining({ in: 'body', field: 'scopes.0' }))
    expect(answer.text).not.toContain('planted-secret')
    expect((await admin.get('/tickets?limit=x')).json.errors).toEqual([
      expect.objectContaining({ in: 'query', field: 'limit' }),
    ])
    expect((await admin.get('/tickets/abc')).status).toBe(400)
    expect((await admin.get('/tickets?unknown=1')).status).toBe(400)
  })

  it.each([
    ['no JSON', '{', {}, 400],
    ['another type', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['too much', JSON.stringify({ name: 'x'.repeat(300_000) }), {}, 413],
    ['compressed', '{}', { 'content-encoding': 'gzip' }, 415],
  ])('meet a body that is %s', async (_what, body, headers, status) => {
    const answer = await admin.call('POST', '/keys', { body, headers })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
  })

  it('take a request id of ours for one that could be an attack', async () => {
    const answer = await admin.get('/me', { 'x-request-id': 'a b<c>' })
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a request with an idempotency key', () => {
  it('takes effect once and is answered the same', async () => {
    const before = await keyCount()
    const headers = keyed()
    const first = await admin.post('/keys', wanted, headers)
    const again = await admin.post('/keys', wanted, headers)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.text).toBe(first.text)
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect([first, again].map(({ headers: got }) => got.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(await keyCount()).toBe(before + 1)
  })

  it('is another request for another caller and on another route', async () => {
    const headers = keyed()
    const other = await createProgram(world, ['admin'])
    const [one, two] = [
      await admin.post('/keys', wanted, headers),
      await other.post('/keys', wanted, headers),
    ]
    expect(one.json.id).not.toBe(two.json.id)
  })

  it('is refused with another body', async () => {
    const headers = keyed()
    await admin.post('/keys', wanted, headers)
    const other = await admin.post('/keys', { ...wanted, name: 'y' }, headers)
    expect([other.status, other.json.code]).toEqual([422, 'key_reused'])
  })

  it('keeps its key when it was refused', async () => {
    const headers = keyed()
    expect((await admin.post('/keys', { name: '' }, headers)).status).toBe(400)
    expect((await admin.post('/keys', wanted, headers)).status).toBe(201)
  })

  it('takes effect once when fifty come together', async () => {
    const before = await keyCount()
    const headers = keyed()
    const answers = await Promise.all(Array.from({ length: 50 }, () => admin.post('/keys', wanted, headers)))
    expect(await keyCount()).toBe(before + 1)
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true)
    const busy = answers.find(({ status }) => status === 409)
    if (busy !== undefined)
      expect([busy.json.code, busy.headers.get('retry-after')]).toEqual(['in_progress', '1'])
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1)
  })

  it('doubles nothing when a crash came between effect and answer', async () => {
    const before = await keyCount()
    const headers = keyed()
    const first = await admin.post('/keys', wanted, headers)
    // As a crash leaves it: the effect is there, the answer is not, and nobody works on it any more.
    await world.database.query(
      "update idempotent_requests set status = null, answer = null, lease_until = now() - interval '1 second'",
    )
    const again = await admin.post('/keys', wanted, headers)
    expect([again.status, again.json.id]).toEqual([201, first.json.id])
    expect(await keyCount()).toBe(before + 1)
    const works = await callApi(world.origin, `Bearer ${String(again.json.token)}`)('GET', '/me')
    expect(works.status).toBe(200)
  })

  it('waits for who works on it', async () => {
    const headers = keyed()
    await admin.post('/keys', wanted, headers)
    await world.database.query(
      "update idempotent_requests set status = null, answer = null, lease_until = now() + interval '1 minute'",
    )
    expect((await admin.post('/keys', wanted, headers)).json.code).toBe('in_progress')
  })

  it('keeps no secret in the clear', async () => {
    const made = await admin.post('/keys', wanted, keyed())
    const kept = JSON.stringify(await world.database.query('select * from idempotent_requests'))
    expect(kept).not.toContain(String(made.json.token))
  })

  it.each(['short', 'x'.repeat(129), 'with space here'])('is refused with the key %j', async (key) => {
    expect((await admin.post('/keys', wanted, keyed(key))).status).toBe(400)
  })
})

describe('the description', () => {
  const describeWith = () => callApi(world.origin, undefined)

  it('is served as OpenAPI 3.1 and as a page on which nothing runs', async () => {
    const { json } = await describeWith()('GET', '/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    const page = await describeWith()('GET', '/docs')
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(page.text).not.toMatch(/<script|https?:\/\/(?!opensource)[^"]*\.js/)
    // The style is the one the policy lets in.
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page.text) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`)
    for (const operation of ['listTickets', 'createApiKey', 'streamEvents'])
      expect(page.text).toContain(`id="${operation}"`)
  })
})
