import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld({}, [], {
    addressFault: (url) => (url.startsWith('https://') ? undefined : 'use https'),
  })
  program = await createProgram(world, ['webhooks:manage'])
})
afterAll(() => world.stop())

const url = 'https://crm.example.com/tongda'
const create = async (body: object = {}, headers: Record<string, string> = {}) => {
  const made = await program.post('/webhooks', { url, ...body }, headers)
  return { ...made, id: String(made.json.id), secret: String(made.json.secret) }
}

describe('webhooks', () => {
  it('are made with a secret that is shown this once', async () => {
    const { id, secret, status, headers } = await create({ types: ['ticket.opened'] })
    expect([status, headers.get('etag'), headers.get('location')]).toEqual([
      201,
      '"1"',
      `/api/v1/webhooks/${id}`,
    ])
    expect(secret).toMatch(/^whsec_/)
    const read = await program.get(`/webhooks/${id}`)
    expect(read.json).toMatchObject({ id, url, types: ['ticket.opened'], version: 1 })
    expect(read.text + (await program.get('/webhooks')).text).not.toContain(secret)
  })

  it('are made once, with the same secret, when a crash swallowed the answer', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const first = await create({}, headers)
    await world.database.query(
      "update idempotent_requests set status = null, answer = null, lease_until = now() - interval '1 second'",
    )
    const again = await create({}, headers)
    expect([again.id, again.secret]).toEqual([first.id, first.secret])
  })

  it('refuse an address that may not be called', async () => {
    const answer = await program.post('/webhooks', { url: 'http://127.0.0.1/' })
    expect(answer.json).toMatchObject({ status: 400, errors: [{ field: 'url' }] })
    const { id } = await create()
    const changed = await program.call('PATCH', `/webhooks/${id}`, { body: { url: 'ftp://x' } })
    expect(changed.status).toBe(400)
  })

  it('answer a stale write with both versions', async () => {
    const { id } = await create()
    const patch = (body: object, tag?: string) =>
      program.call('PATCH', `/webhooks/${id}`, {
        body,
        headers: tag === undefined ? {} : { 'if-match': tag },
      })
    const first = await patch({ description: 'CRM' }, '"1"')
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"'])
    const stale = await patch({ description: 'ERP' }, '"1"')
    expect(stale.status).toBe(409)
    expect(stale.headers.get('etag')).toBe('"2"')
    expect(stale.json).toMatchObject({
      code: 'stale',
      current: { id, description: 'CRM', version: 2 },
      yours: { version: 1, changes: { description: 'ERP' } },
    })
    expect((await patch({ description: 'any' })).status).toBe(200)
    expect((await patch({}, 'W/"x"')).status).toBe(400)
  })

  it('are tested, listed and sent again', async () => {
    const { id } = await create()
    const key = { 'idempotency-key': randomUUID() }
    const tested = await program.post(`/webhooks/${id}/test`, {}, key)
    expect(tested.status).toBe(202)
    expect(tested.json).toMatchObject({ type: 'webhook.test', state: 'pending' })
    expect((await program.post(`/webhooks/${id}/test`, {}, key)).json.id).toBe(tested.json.id)
    await program.post(`/webhooks/${id}/test`)
    const page = await program.get(`/webhooks/${id}/deliveries?limit=1`)
    const rest = await program.get(`/webhooks/${id}/deliveries?limit=1&cursor=${String(page.json.next)}`)
    expect((rest.json.data as { id: string }[])[0]?.id).toBe(tested.json.id)
    expect(rest.json.next).toBeUndefined()
    await world.database.query("update webhook_deliveries set status = 'dead'")
    expect((await program.post(`/webhooks/${id}/replay`)).json).toEqual({ replayed: 2 })
    expect((await program.post(`/webhooks/${id}/replay`, { deliveryId: randomUUID() })).status).toBe(404)
    expect((await program.post(`/webhooks/${id}/replay`, { deliveryId: tested.json.id })).json).toEqual({
      replayed: 1,
    })
    expect((await program.get(`/webhooks/${id}/deliveries?state=dead`)).json.data).toEqual([])
  })

  it('change their secret, are disabled and deleted', async () => {
    const { id, secret } = await create()
    const rotated = await program.post(`/webhooks/${id}/rotate-secret`)
    expect(rotated.json.secret).not.toBe(secret)
    expect(rotated.json.oldSecretUntil).toBeDefined()
    const disabled = await program.call('PATCH', `/webhooks/${id}`, { body: { disabled: true } })
    expect(disabled.json).toMatchObject({ disabledReason: 'operator' })
    expect((await program.call('DELETE', `/webhooks/${id}`)).json).toEqual({ done: true })
    expect((await program.get(`/webhooks/${id}`)).status).toBe(404)
  })
})
