import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser } from '../client.ts'
import { openWorld, useLink, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let auditor: Program
beforeAll(async () => {
  world = await openWorld()
  auditor = await createProgram(world, ['audit:read'])
})
afterAll(() => world.stop())

const lines = async (query: string) =>
  (await auditor.get(`/audit?${query}`)).json.data as readonly Record<string, unknown>[]

describe('the audit log', () => {
  it('tells who made a key, from which address', async () => {
    const admin = await createProgram(world, ['admin'])
    const { json } = await admin.call('POST', '/keys', {
      body: { name: '仓库', scopes: ['tickets:read'] },
      headers: { 'x-forwarded-for': '203.0.113.9' },
    })
    await admin.call('DELETE', `/keys/${String(json.id)}`)
    expect(await lines(`object=${String(json.id)}`)).toMatchObject([
      { act: 'key.revoked', actor: { kind: 'key', id: admin.key.id, name: 'admin' } },
      { act: 'key.created', actor: { id: admin.key.id, address: '203.0.113.9' }, detail: { name: '仓库' } },
    ])
  })

  it('tells of sign-ins, and of those that were refused', async () => {
    const agent = await world.hire('agent', '李然')
    const { path } = await world.signIn.createLink(agent.id, 15)
    await useLink(createBrowser(world.origin), path)
    await useLink(createBrowser(world.origin), path)
    await createBrowser(world.origin).post('/api/desk/session/password', {
      email: agent.email,
      password: 'wrong',
    })
    expect(await lines(`act=session.started&object=${agent.id}`)).toMatchObject([
      { actor: { kind: 'agent', id: agent.id, name: '李然', address: '127.0.0.1' }, detail: { by: 'link' } },
    ])
    const [byPassword, byLink] = await lines('act=session.refused')
    expect(byPassword).toMatchObject({ object: { kind: 'agent', id: agent.id }, detail: { by: 'password' } })
    expect(byLink).toMatchObject({ detail: { by: 'link' }, actor: { address: '127.0.0.1' } })
  })

  it('is not flooded by who guesses links', async () => {
    const before = (await lines('act=session.refused&limit=200')).length
    const browser = createBrowser(world.origin)
    for (let n = 0; n < 80; n += 1)
      await browser.post('/api/desk/session/link', {
        token: `${'x'.repeat(40)}${String(n).padStart(3, '0')}`,
      })
    expect((await lines('act=session.refused&limit=200')).length - before).toBeLessThanOrEqual(60)
  })

  it('is read page by page and as CSV, in which nothing is a formula; that is written down', async () => {
    const admin = await createProgram(world, ['admin'])
    const { json } = await admin.post('/keys', { name: '=1+1', scopes: ['tickets:read'] })
    const first = await auditor.get('/audit?limit=1')
    const second = await auditor.get(`/audit?limit=1&cursor=${String(first.json.next)}`)
    const numberOf = ({ json: { data } }: typeof first) => (data as readonly { number: number }[])[0]?.number
    expect(numberOf(second)).toBe((numberOf(first) ?? 0) - 1)
    const csv = await auditor.get(`/audit?format=csv&object=${String(json.id)}`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.text.split('\r\n')).toHaveLength(3)
    expect(csv.text).toContain(',key.created,key,')
    expect(await lines('act=audit.exported')).toMatchObject([{ actor: { id: auditor.key.id } }])
  })
})
