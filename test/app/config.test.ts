import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'prettier'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configJsonSchema, configReference } from '../../src/app/config-reference.ts'
import { explainFaults, readConfigSources } from '../../src/app/config-source.ts'
import { partsReference } from '../../src/app/parts-reference.ts'
import { maskConfig, parseConfig } from '../../src/config.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const wechat = {
  channel: 'wechat',
  appId: 'wx0a1b2c3d4e5f6071',
  token: 'plantedToken01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
}

/** Reads a file and an environment as the command does; the configuration or the explanation of its faults. */
const load = (yaml: string, environment: Record<string, string> = {}) => {
  const path = join(folder, 'tongda.yaml')
  writeFileSync(path, yaml)
  const sources = readConfigSources(path, environment)
  const parsed = parseConfig(sources.raw)
  const faults = [...sources.faults, ...('faults' in parsed ? parsed.faults : [])]
  return faults.length === 0 && 'config' in parsed ? parsed.config : explainFaults(faults).message
}
const loaded = (yaml: string, environment: Record<string, string> = {}) => {
  const config = load(yaml, environment)
  if (typeof config === 'string') throw new Error(config)
  return config
}

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(loaded('')).toMatchObject({
      dataDir: 'data',
      server: { port: 8787 },
      router: { settleMs: 1_200 },
      inboxes: [],
    })
  })

  it('leads readers of the help centre to a chat that is there', () => {
    const inboxes = 'inboxes:\n  shop: { channel: web }\n  line: { channel: web }\n'
    expect(load(`help: { chatInbox: chat }\n${inboxes}`)).toContain(
      'help.chatInbox: found "chat"; expected the name of a web inbox; there is: shop, line',
    )
    expect(loaded(`help: { chatInbox: line }\n${inboxes}`).help.chatInbox).toBe('line')
    expect(loaded('help: { chatInbox: web-demo }').help.chatInbox).toBe('web-demo')
  })

  it('names every fault at once, each with key, value, expectation and example', () => {
    const faults = load(
      'server:\n  port: 99999\n  publicUrl: support.example.com\nrouter: { settleMs: soon }\nlogLvel: info\n' +
        `inboxes:\n  main: { channel: wechat, appId: nonsense, token: ${wechat.token} }\n  Bad Name: { channel: web }\n`,
    )
    expect(faults).toContain('server.port: found 99999')
    expect(faults).toContain(
      'server.publicUrl: found "support.example.com"; expected must be scheme://host[:port]',
    )
    expect(faults).toContain('for example "https://support.example.com"')
    expect(faults).toContain('router.settleMs: found "soon"')
    expect(faults).toContain('logLvel: found (unknown key)')
    expect(faults).toMatch(/Bad Name/)
  })

  it('checks each inbox by its channel, and never shows a secret', () => {
    const faults = load(
      `inboxes:\n  main: { channel: wechat, appId: wx12, token: "no!", encodingAesKey: plantedKey }\n`,
    )
    expect(faults).toContain('inboxes.main.token: found (hidden)')
    expect(faults).toContain('inboxes.main.encodingAesKey: found (hidden)')
    expect(faults).not.toContain('planted')
    expect(faults).not.toContain('no!')
  })

  it('shows no secret of a section that was written as something else', () => {
    const faults = load(
      'inboxes:\n  - { channel: wechat, appSecret: plantedSecret }\ndatabase: [plantedUrl]\n',
    )
    expect(faults).toContain('inboxes: found a list')
    expect(faults).not.toContain('planted')
  })

  it('does not start without the file that was named', () => {
    const { faults } = readConfigSources(join(folder, 'tongda.ymal'), {})
    expect(faults).toMatchObject([{ value: 'no file' }])
  })

  it('says where YAML is broken', () => {
    expect(load('server:\n  port: [1\n')).toMatch(/tongda\.yaml:\d+/)
    expect(load('- a\n- b\n')).toContain('expected keys with values')
    expect(load('dataDir: a\ndataDir: b\n')).toContain('Map keys must be unique')
  })

  it('lets the environment win, takes values from files, and fills references', () => {
    writeFileSync(join(folder, 'url'), 'postgres://tongda:planted@db/x\n')
    const config = loaded(
      `server: { port: 1 }\ninboxes: { main: { channel: wechat, appId: wx12, token: "\${WX_TOKEN}", mode: plain } }\n`,
      {
        TONGDA_PORT: '9000',
        TONGDA_PRODUCTION: '1',
        DATABASE_URL_FILE: join(folder, 'url'),
        WX_TOKEN: 'plantedToken01',
      },
    )
    expect(config).toMatchObject({
      server: { port: 9000 },
      production: true,
      database: { url: 'postgres://tongda:planted@db/x' },
    })
    expect(config.inboxes[0]?.section.token).toBe('plantedToken01')
  })

  it('names a reference to a variable that is not set, and a file that is not there', () => {
    expect(load('dataDir: "${NOWHERE}"\n')).toContain(
      'the environment variable NOWHERE or NOWHERE_FILE to be set',
    )
    expect(() => load('', { DATABASE_URL_FILE: '/nowhere' })).toThrow(/DATABASE_URL_FILE names \/nowhere/)
  })

  it('lets invitations leave by an inbox for mail alone', () => {
    expect(load('signIn: { mailInbox: chat }\ninboxes: { chat: { channel: web } }\n')).toContain(
      'signIn.mailInbox',
    )
    expect(load('signIn: { mailInbox: nowhere }\n')).toContain('the name of an inbox of channel email')
  })

  it('keeps prototype keys out', () => {
    load('__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('is printed with its defaults and without its secrets', () => {
    const parsed = parseConfig({
      masterKey: 'ab'.repeat(32),
      database: { url: 'postgres://tongda:planted@db/x' },
      signIn: {
        oidc: {
          staff: {
            ...{ issuer: 'https://login.example.com', clientId: 'tongda', clientSecret: 'plantedClient' },
            label: { zh: '公司账号', en: 'company account' },
          },
        },
      },
      inboxes: { main: { ...wechat, appSecret: 'plantedSecret' }, chat: { channel: 'web' } },
    })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    const printed = JSON.stringify(maskConfig(parsed.config))
    expect(printed).not.toMatch(/planted|abab|Zm9y/)
    expect(printed).toContain('"appId":"wx0a1b2c3d4e5f6071"')
    expect(printed).toContain('"passiveBudgetMs":4200')
    expect(printed).toContain('"publicUrl":"http://127.0.0.1:8787"')
  })

  it('is documented as it is: run npm run docs after a change', async () => {
    const docs = new URL('../../docs/', import.meta.url)
    const read = (name: string) => readFileSync(new URL(name, docs), 'utf8')
    expect(read('configuration.md')).toBe(
      await format(configReference(), { parser: 'markdown', printWidth: 110 }),
    )
    expect(read('parts.md')).toBe(await format(partsReference(), { parser: 'markdown', printWidth: 110 }))
    expect(read('tongda.schema.json')).toBe(
      await format(JSON.stringify(configJsonSchema()), { parser: 'json', printWidth: 110 }),
    )
  })
})
