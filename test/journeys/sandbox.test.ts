import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { createAgent } from '../support/agent.ts'

const State = z.looseObject({
  lines: z.array(z.looseObject({ source: z.string(), content: z.looseObject({ kind: z.string() }) })),
  windows: z.array(z.looseObject({ left: z.number() })),
})
const openid = 'oTongdaDemo_AbaiAbaiAbaiAb01'
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let folder: string
let config: Config
let app: App
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-sandbox-'))
  cpSync(inject('databaseTemplate'), join(folder, 'database'), { recursive: true })
  cpSync(inject('modelCache'), join(folder, 'cache'), { recursive: true })
  const parsed = parseConfig({ dataDir: folder, server: { port: await freePort() } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  ;({ config } = parsed)
  app = await startApp({ config, log: silentLog })
})
afterAll(async () => {
  await app.stop()
  rmSync(folder, { recursive: true, force: true })
})

const get = async (path: string): Promise<unknown> => (await fetch(`${app.url}/sandbox/api/${path}`)).json()
const post = async (path: string, body: unknown): Promise<unknown> => {
  const response = await fetch(`${app.url}/sandbox/api/${path}`, {
    method: 'POST',
    headers: { origin: app.url, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.ok).toBe(true)
  return response.json()
}
const state = async () => State.parse(await get(`state?openid=${openid}`))
const answers = async (): Promise<number> =>
  (await state()).lines.filter(({ source }) => source === 'passive' || source === 'api').length

describe('the demo', () => {
  it('shows after a restart what it showed before', async () => {
    await post(`users/${openid}/acts`, { kind: 'text', text: '转人工' })
    await expect.poll(answers, { timeout: 10_000 }).toBeGreaterThan(0)
    await post(`users/${openid}/acts`, { kind: 'image', data: png })
    await expect.poll(() => readdirSync(join(folder, 'media')).length, { timeout: 10_000 }).toBe(1)
    const before = await state()
    await app.stop()
    app = await startApp({ config, log: silentLog })
    const after = await state()
    expect(after.lines.map(({ content }) => content)).toEqual(before.lines.map(({ content }) => content))
    expect(after.windows.length).toBe(before.windows.length)
  })

  it('is cleared by one click, tickets and files included, and goes on from nothing', async () => {
    const agent = await createAgent(app.url, app.signInUrl ?? '')
    await agent.finds(/人工/)
    const counted = await get('reset')
    expect(counted).toMatchObject({ conversations: 1, tickets: 1, files: 1, users: 1 })
    expect(await post('reset', {})).toEqual(counted)
    expect(await get('reset')).toMatchObject({
      conversations: 0,
      messages: 0,
      tickets: 0,
      files: 0,
      lines: 0,
    })
    expect(await (await agent.get('/tickets?view=all')).json()).toMatchObject({ tickets: [] })
    expect(readdirSync(join(folder, 'media'))).toEqual([])
    expect(existsSync(join(folder, 'sandbox-wechat.json'))).toBe(true)

    await post(`users/${openid}/acts`, { kind: 'text', text: '弹幕发不出去是怎么回事' })
    await expect.poll(answers, { timeout: 10_000 }).toBeGreaterThan(0)
  })
})
