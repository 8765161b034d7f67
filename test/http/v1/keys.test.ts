import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { callApi, createProgram, type Program } from './program.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.stop())

describe('keys', () => {
  const admin = (): Promise<Program> => createProgram(world, ['admin'])

  it('are shown once, kept hashed, listed by their prefix, and work', async () => {
    const made = await (
      await admin()
    ).post('/keys', {
      name: '仓库',
      scopes: ['tickets:read'],
      expiresInDays: 90,
    })
    expect(made.status).toBe(201)
    const { token, prefix, id } = made.json as { token: string; prefix: string; id: string }
    expect(token).toMatch(/^tk_[\w-]{43}$/)
    expect(token.startsWith(prefix)).toBe(true)
    expect(made.headers.get('location')).toBe(`/api/v1/keys/${id}`)
    const listed = await (await admin()).get('/keys')
    expect(listed.text).not.toContain(token)
    expect(listed.json.data).toContainEqual(expect.objectContaining({ id, prefix, name: '仓库' }))
    const stored = JSON.stringify(await world.database.query('select * from api_keys where id = $1', [id]))
    expect(stored).not.toContain(token)
    const me = await callApi(world.origin, `Bearer ${token}`)('GET', '/me')
    expect(me.json).toMatchObject({ kind: 'key', id, permissions: ['ticket.read', 'media.read'] })
    // What is stored lets nobody in.
    const { token_hash: hash } =
      (
        await world.database.query<{ token_hash: string }>('select token_hash from api_keys where id = $1', [
          id,
        ])
      )[0] ?? {}
    expect((await callApi(world.origin, `Bearer ${hash ?? ''}`)('GET', '/me')).status).toBe(401)
  })

  it('end when they are revoked, and when their time is over', async () => {
    const revoked = await createProgram(world, ['tickets:read'])
    expect((await revoked.get('/me')).status).toBe(200)
    const gone = await (await admin()).call('DELETE', `/keys/${revoked.key.id}`)
    expect([gone.status, gone.json.revokedAt]).toEqual([200, expect.any(String)])
    expect((await revoked.get('/me')).json).toMatchObject({
      status: 401,
      detail: expect.stringContaining('revoked'),
    })
    expect((await (await admin()).call('DELETE', `/keys/${revoked.key.id}`)).json.revokedAt).toBe(
      gone.json.revokedAt,
    )
    const short = await createProgram(world, ['tickets:read'], new Date(world.clock.now().getTime() + 60_000))
    expect((await short.get('/me')).status).toBe(200)
    world.clock.advance(60_001)
    expect((await short.get('/me')).status).toBe(401)
  })

  it('write down their use once a minute', async () => {
    const program = await createProgram(world, ['tickets:read'])
    const lastUse = async () => (await world.keys.list()).find(({ id }) => id === program.key.id)?.lastUsedAt
    expect(await lastUse()).toBeUndefined()
    await program.get('/me')
    const first = await lastUse()
    expect(first).toBeInstanceOf(Date)
    // The minute runs on while the machine is slow.
    world.clock.advance(50_000)
    await program.get('/me')
    expect(await lastUse()).toEqual(first)
    world.clock.advance(11_000)
    await program.get('/me')
    expect(await lastUse()).not.toEqual(first)
  })

  it('give nothing beyond what their maker has', async () => {
    const maker = await createProgram(world, ['keys:manage', 'tickets:read'])
    expect((await maker.post('/keys', { name: 'x', scopes: ['tickets:read'] })).status).toBe(201)
    const beyond = await maker.post('/keys', { name: 'x', scopes: ['tickets:read', 'admin'] })
    expect([beyond.status, beyond.json.scopes]).toEqual([403, ['admin']])
  })
})
