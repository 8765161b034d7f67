import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfigSources } from '../../src/app/config-source.ts'
import { parseConfig } from '../../src/config.ts'
import { tongda } from '../support/command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-inbox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: string[]) => tongda(args, { dataDir: join(folder, 'data'), cwd: folder })
const file = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** The inboxes as the product would read them from what was written. */
const written = () => {
  const { raw, faults } = readConfigSources(join(folder, 'tongda.yaml'), parseEnv(file('.env')))
  const parsed = parseConfig(raw)
  if ('faults' in parsed) throw new Error(JSON.stringify([...faults, ...parsed.faults]))
  return parsed.config.inboxes
}

const appId = 'appId=wx0a1b2c3d4e5f6071'

describe('tongda inbox add', () => {
  it('writes the section, makes token and key, and keeps secrets in .env for this user alone', async () => {
    const added = await run('inbox', 'add', 'wechat', '--set', appId, '--set', `appSecret=p#'"=\`lanted`)
    // No quoting of .env carries all three kinds of quotes.
    expect([added.status, added.stderr]).toEqual([2, expect.stringContaining('WECHAT_APP_SECRET_FILE')])
    expect(existsSync(join(folder, 'tongda.yaml'))).toBe(false)

    const secret = `p#lanted 'secret' = $HOME`
    const { status, stdout, stderr } = await run(
      'inbox',
      'add',
      'wechat',
      '-s',
      appId,
      '-s',
      `appSecret=${secret}`,
    )
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('/channels/wechat/callback')
    expect(stdout).toContain('WECHAT_APP_SECRET, WECHAT_TOKEN, WECHAT_ENCODING_AES_KEY')
    expect(stdout).not.toContain('lanted')
    expect(file('tongda.yaml')).not.toContain('lanted')
    expect(statSync(join(folder, '.env')).mode & 0o077).toBe(0)
    expect(written()).toMatchObject([
      {
        inboxId: 'wechat',
        section: {
          appSecret: secret,
          token: expect.stringMatching(/^\w{32}$/),
          encodingAesKey: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
        },
      },
    ])
    expect(JSON.parse((await run('inbox', 'list', '--json')).stdout)).toEqual([
      { inboxId: 'wechat', channel: 'wechat', state: 'unknown' },
    ])
  })

  it('keeps comments and order of the file and what .env holds', async () => {
    const before =
      '# ours\nserver: # where we are\n  publicUrl: https://support.example.com\ninboxes:\n  # the first\n  chat: { channel: web } # keep\nlogLevel: warn # last\n'
    writeFileSync(join(folder, 'tongda.yaml'), before)
    writeFileSync(join(folder, '.env'), 'OTHER=1')
    chmodSync(join(folder, '.env'), 0o644)
    const { status, stdout, stderr } = await run(
      'inbox',
      'add',
      'wechat',
      '-n',
      'main',
      '-s',
      appId,
      '--json',
    )
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      inboxId: 'main',
      variables: ['MAIN_TOKEN', 'MAIN_ENCODING_AES_KEY'],
      addresses: ['https://support.example.com/channels/main/callback'],
    })
    const after = file('tongda.yaml')
    const lines = before.trimEnd().split('\n')
    expect(after.split('\n').filter((line) => lines.includes(line))).toEqual(lines)
    expect(after.indexOf('main:')).toBeLessThan(after.indexOf('logLevel'))
    expect(file('.env')).toMatch(/^OTHER=1\nMAIN_TOKEN=/)
    expect(statSync(join(folder, '.env')).mode & 0o077).toBe(0)
    expect(written().map(({ inboxId }) => inboxId)).toEqual(['chat', 'main'])
  })

  it('never writes over an inbox or a variable, and finds a free name by itself', async () => {
    writeFileSync(join(folder, 'tongda.yaml'), '# only a comment\n')
    expect((await run('inbox', 'add', 'web')).status).toBe(0)
    expect(file('tongda.yaml')).toBe('# only a comment\ninboxes:\n  web:\n    channel: web\n')
    const again = await run('inbox', 'add', 'web', '--name', 'web')
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('inbox web exists')])
    expect((await run('inbox', 'add', 'web')).stdout).toContain('web-2')
    writeFileSync(join(folder, '.env'), 'MAIN_TOKEN=older\n')
    const taken = await run('inbox', 'add', 'wechat', '-n', 'main', '-s', appId)
    expect([taken.status, taken.stderr]).toEqual([1, expect.stringContaining('MAIN_TOKEN')])
    expect(file('.env')).toBe('MAIN_TOKEN=older\n')
    expect(file('tongda.yaml')).not.toContain('main')
  })

  it('asks nothing without a terminal and names what is missing', async () => {
    const { status, stderr } = await run('inbox', 'add', 'wechat')
    expect(status).toBe(2)
    expect(stderr).toContain('--set appId=')
    expect(stderr).not.toContain('--set token=')
    expect(existsSync(join(folder, '.env'))).toBe(false)
  })

  it.each([
    [['inbox', 'add', 'fax'], 'wechat, wecom, web'],
    [['inbox', 'add', 'web', '--name', 'Bad Name'], 'lower-case'],
    [['inbox', 'add', 'wechat', '-s', appId, '-s', 'colour=red'], 'no setting colour'],
    [['inbox', 'add', 'wechat', '-s', 'appSecret plantedSecret'], 'key=value'],
    [['inbox', 'add', 'wechat', '-s', appId, '-s', 'token=plantedSecret!'], '3–32 letters and digits'],
    [['inbox', 'add', 'wechat', '-s', appId, '-s', 'mode=open'], 'mode'],
  ])('refuses %j and says what to do', async (args, words) => {
    const { status, stderr } = await run(...args)
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)])
    expect(stderr).not.toContain('planted')
    expect(existsSync(join(folder, 'tongda.yaml'))).toBe(false)
  })

  it('reads numbers, switches, lists and nested keys', async () => {
    await run('inbox', 'add', 'wechat', '-s', appId, '-s', 'menus=yes', '-s', 'allowances.message.count=4')
    await run('inbox', 'add', 'web', '-s', 'origins=https://a.example, https://b.example')
    expect(written()).toMatchObject([
      { section: { menus: true, allowances: { message: { count: 4 } } } },
      { section: { origins: ['https://a.example', 'https://b.example'] } },
    ])
  })
})
