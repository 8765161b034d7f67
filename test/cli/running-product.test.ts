import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { lockDataFolder } from '../../src/store/data-folder-lock.ts'
import { createAgent } from '../support/agent.ts'
import { tongda } from '../support/command.ts'
import { newDataFolder } from '../support/data-folder.ts'

const Address = z.looseObject({ port: z.number(), key: z.string() })
const addressIn = (folder: string) =>
  Address.parse(JSON.parse(readFileSync(join(folder, 'control.json'), 'utf8')))

let dataDir: string
let app: App
beforeAll(async () => {
  dataDir = newDataFolder('running')
  const parsed = parseConfig({ dataDir, server: { port: await freePort() } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  app = await startApp({ config: parsed.config, log: silentLog })
})
afterAll(async () => {
  await app.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const linkIn = (text: string): string => /^http\S+\/desk\/sign-in#token=[\w-]{20,}$/m.exec(text)?.[0] ?? ''

describe('the command line beside a running product', () => {
  it('adds people with a link that lets them in', async () => {
    const added = await tongda(['user', 'add', 'chen@example.com', '--name', '陈曦'], { dataDir })
    expect(added.status, added.stderr).toBe(0)
    expect(linkIn(added.stdout)).toContain(app.url)
    const agent = await createAgent(app.url, linkIn(added.stdout))
    expect((await agent.get('/tickets')).status).toBe(200)

    const list = await tongda(['user', 'list', '--json'], { dataDir })
    expect(JSON.parse(list.stdout)).toContainEqual(
      expect.objectContaining({ name: '陈曦', email: 'chen@example.com', role: 'agent' }),
    )
  })

  it('says the same of a taken or unknown address as beside a stopped one', async () => {
    await tongda(['user', 'add', 'two@example.com', '--name', '甲'], { dataDir })
    const again = await tongda(['user', 'add', 'two@example.com', '--name', '乙'], { dataDir })
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('exists already')])
    const unknown = await tongda(['user', 'link', 'nobody@example.com'], { dataDir })
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('tongda user list')])
  })

  it('invites people by a link of seven days', async () => {
    const invited = await tongda(['user', 'invite', 'lin@example.com', '--role', 'senior'], { dataDir })
    expect(invited.status, invited.stderr).toBe(0)
    const token = /^http\S+\/desk\/sign-in#invitation=([\w-]{43})$/m.exec(invited.stdout)?.[1]
    const answer = await fetch(`${app.url}/api/desk/session/invitation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: app.url },
      body: JSON.stringify({ token, name: '林', password: 'correct horse 白马' }),
    })
    expect(answer.status).toBe(200)
    const again = await tongda(['user', 'invite', 'lin@example.com'], { dataDir })
    expect([again.status, again.stderr]).toEqual([
      1,
      expect.stringContaining('signs in with this mail address'),
    ])
  })

  it('takes a second step down, where there is one', async () => {
    await tongda(['user', 'add', 'three@example.com', '--name', '丙'], { dataDir })
    const none = await tongda(['user', 'reset-totp', 'three@example.com'], { dataDir })
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('no second step')])
    const unknown = await tongda(['user', 'reset-totp', 'nobody@example.com'], { dataDir })
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('tongda user list')])
  })

  it('replaces the administrator’s link of the start', async () => {
    const before = app.signInUrl
    expect(before).toBeDefined()
    const { stdout } = await tongda(['user', 'link', 'admin@localhost'], { dataDir })
    expect(linkIn(stdout)).not.toBe(before)
    expect(app.signInUrl).toBeUndefined()
    await createAgent(app.url, linkIn(stdout))
  })

  it('lets doctor report the running product', async () => {
    const { status, stdout } = await tongda(['doctor'], { dataDir, environment: { TONGDA_PORT: '0' } })
    expect(stdout).toContain(`the product is running (${app.url}`)
    expect(stdout).not.toContain('✗')
    expect(status).toBe(0)
  })
})

describe('the control endpoint', () => {
  it('answers only who holds the key, which only this user can read', async () => {
    const { port, key } = addressIn(dataDir)
    expect(statSync(join(dataDir, 'control.json')).mode & 0o077).toBe(0)
    const ask = (authorization: string | undefined, body: string) =>
      fetch(`http://127.0.0.1:${String(port)}/`, {
        method: 'POST',
        headers: authorization === undefined ? {} : { authorization },
        body,
      })
    const request = JSON.stringify({ act: 'list-people' })
    for (const wrong of [
      undefined,
      '',
      'Bearer ',
      `Bearer ${key}x`,
      `Bearer ${key.slice(1)}`,
      `Basic ${key}`,
    ])
      expect((await ask(wrong, request)).status).toBe(401)
    expect((await ask(`Bearer ${key}`, request)).status).toBe(200)
    for (const strange of ['', '{', '{"act":"drop"}', '{"act":"status","extra":1}', 'x'.repeat(20_000)])
      expect((await ask(`Bearer ${key}`, strange)).status).toBe(400)
  })

  it('leaves nothing behind when the product stops', async () => {
    const folder = newDataFolder('running')
    const parsed = parseConfig({ dataDir: folder, server: { port: await freePort() } })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    const other = await startApp({ config: parsed.config, log: silentLog })
    const { port } = addressIn(folder)
    await other.stop()
    expect(existsSync(join(folder, 'control.json'))).toBe(false)
    await expect(fetch(`http://127.0.0.1:${String(port)}/`)).rejects.toThrow()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is not believed when another process holds the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongda-stale-'))
    const unlock = await lockDataFolder(folder)
    // Left by a product that was killed; its port may be anybody's now.
    writeFileSync(
      join(folder, 'control.json'),
      JSON.stringify({ ...addressIn(dataDir), pid: process.pid + 1 }),
    )
    const { status, stderr } = await tongda(['user', 'list'], { dataDir: folder })
    expect([status, stderr]).toEqual([1, expect.stringContaining(`process ${String(process.pid)}`)])
    const doctor = await tongda(['doctor'], { dataDir: folder, environment: { TONGDA_PORT: '0' } })
    expect(doctor.stdout).toMatch(/✗ .*embedded database/)
    unlock()
    rmSync(folder, { recursive: true, force: true })
  })
})
