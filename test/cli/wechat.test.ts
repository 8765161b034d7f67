import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { startApp, type App } from '../../src/app.ts'
import { freePort } from '../../src/app/free-port.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { tongda } from '../support/command.ts'
import { follower, startPlatform, type Platform } from '../support/platform.ts'
import { fillDataFolder } from '../support/data-folder.ts'

let folder: string
let platform: Platform
let app: App
const run = (...args: string[]) =>
  tongda(['-c', join(folder, 'tongda.yaml'), ...args], { dataDir: join(folder, 'data') })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-wechat-'))
  const dataDir = join(folder, 'data')
  fillDataFolder(dataDir)
  const port = await freePort()
  platform = await startPlatform({}, () => `http://127.0.0.1:${String(port)}/channels/main/callback`)
  const menu = [{ name: '转人工', type: 'click', key: 'TALK_TO_PERSON' }]
  const raw = {
    dataDir,
    server: { port },
    router: { settleMs: 0 },
    inboxes: { main: { channel: 'wechat', ...platform.section, menu }, chat: { channel: 'web' } },
  }
  writeFileSync(join(folder, 'tongda.yaml'), stringify(raw))
  const parsed = parseConfig(raw)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  app = await startApp({ config: parsed.config, log: silentLog })
})
afterAll(async () => {
  await app.stop()
  platform.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('tongda wechat', () => {
  it('applies, shows and deletes the declared menu', async () => {
    const applied = await run('wechat', 'menu', 'apply', 'main')
    expect(applied.status, applied.stderr).toBe(0)
    expect((await run('wechat', 'menu', 'show', 'main')).stdout).toContain('TALK_TO_PERSON')
    expect((await run('wechat', 'menu', 'delete', 'main')).status).toBe(0)
    expect(JSON.parse((await run('wechat', 'menu', 'show', 'main', '--json')).stdout)).toEqual({})
  })

  it('makes QR codes', async () => {
    const { stdout } = await run(
      'wechat',
      'qr',
      'create',
      'main',
      '--scene',
      's1',
      '--temporary',
      '60',
      '--json',
    )
    expect(JSON.parse(stdout)).toMatchObject({ url: expect.stringContaining('http'), expiresInSeconds: 60 })
    const wrong = await run('wechat', 'qr', 'create', 'main', '--scene', 's1', '--temporary', '9999999')
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('2592000')])
  })

  it('lists templates and sends notices, and says what WeChat refuses', async () => {
    const { stdout } = await run('wechat', 'template', 'list', 'main')
    const template = stdout.split(' ')[0] ?? ''
    const to = ['wechat', 'template', 'send', 'main', '--to', follower, '--template', template]
    const sent = await run(...to, '-s', 'character_string1=T-1', '-s', 'thing2=好', '-s', 'time3=2026-11-26')
    expect([sent.status, sent.stdout]).toEqual([0, expect.stringContaining('msgid')])
    const refused = await run(...to, '-s', 'thing2=好')
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('character_string1')])
  })

  it('says which inboxes there are', async () => {
    expect((await run('wechat', 'menu', 'show', 'nobody')).stderr).toContain('main')
    expect(await run('wechat', 'menu', 'show', 'chat')).toMatchObject({ status: 2 })
  })
})

describe('tongda inbox beside the running product', () => {
  it('lists how each inbox fares', async () => {
    const { stdout } = await run('inbox', 'list', '--json')
    expect(JSON.parse(stdout)).toEqual([
      { inboxId: 'main', channel: 'wechat', state: 'running' },
      { inboxId: 'chat', channel: 'web', state: 'running' },
    ])
  })

  it('checks an inbox from its address to its first reply', async () => {
    const before = await run('inbox', 'check', 'main')
    expect(before.status).toBe(1)
    expect(before.stdout.match(/✗/g)).toHaveLength(2)
    expect(before.stdout).toContain('✗ 收到第一条消息')
    await platform.simulator.push(follower, { kind: 'text', text: '转人工' })
    await expect
      .poll(async () => (await run('inbox', 'check', 'main')).stdout, { interval: 500, timeout: 90_000 })
      .not.toContain('✗')
    const chat = await run('inbox', 'check', 'chat', '--json')
    expect(JSON.parse(chat.stdout)).toMatchObject([
      { passed: true },
      { passed: true },
      { passed: true },
      { passed: true },
      { passed: true },
      {},
      {},
    ])
  })

  it('has the doctor try the credentials of every inbox', async () => {
    const { stdout } = await run('doctor')
    expect(stdout).toMatch(/✓ main: 微信凭证/)
    expect(stdout).toMatch(/✓ chat: 网页聊天地址/)
  })

  it('tries them when an inbox is added, where it is asked to', async () => {
    const file = join(folder, 'added.yaml')
    const settings = Object.entries({ ...platform.section, appSecret: 'plantedSecret' })
    const set = settings.flatMap(([key, value]) => ['--set', `${key}=${value}`])
    const add = (name: string, ...more: string[]) =>
      tongda(['-c', file, 'inbox', 'add', 'wechat', '--name', name, '--json', ...set, ...more], {
        dataDir: join(folder, 'elsewhere'),
        cwd: folder,
      })
    writeFileSync(file, '')
    const tried = await add('tried', '--check')
    expect(JSON.parse(tried.stdout)).toMatchObject({
      inboxId: 'tried',
      checks: [{ passed: false, fix: expect.stringContaining('AppSecret 不对') }],
    })
    expect(tried.stdout).not.toContain('planted')
    expect(JSON.parse((await add('untried')).stdout)).not.toHaveProperty('checks')
  })

  it('says what is wrong with credentials, without them, and that a new section waits for a restart', async () => {
    const section = { channel: 'wechat', ...platform.section, appSecret: 'plantedSecret' }
    const file = join(folder, 'other.yaml')
    const port = Number(new URL(app.url).port)
    writeFileSync(file, stringify({ server: { port }, inboxes: { other: section } }))
    const { status, stdout } = await tongda(['-c', file, 'inbox', 'check', 'other'], {
      dataDir: join(folder, 'data'),
    })
    expect(status).toBe(1)
    expect(stdout).toContain('restart the product')
    expect(stdout).toContain('set appSecret')
    expect(stdout).toMatch(/✗ .*\/channels\/other\/callback answers \(404\)/)
    expect(stdout).not.toContain('planted')
    expect((await run('inbox', 'check', 'nobody')).stderr).toContain('main, chat')
  })
})
