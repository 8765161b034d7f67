// Secrets and personal data go through the whole product, by every channel that can be simulated, the desk, the API and
// faults of each; afterwards the log, what monitoring reads, every page of the API and the files on disk are searched.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { SimulatedClient } from '../../sandbox/simulator.ts'
import { openDemoClients, type DemoClients } from '../../src/app/demo-clients.ts'
import { freePort } from '../../src/app/free-port.ts'
import { maskConfig, parseConfig } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { createLog } from '../../src/log.ts'
import { startSteering, type Steering } from '../channels/wechaty/stage.ts'
import type { TestAgent } from '../support/agent.ts'
import { tongda } from '../support/command.ts'
import { account, startProduct, type Product } from '../support/product.ts'
import { serviceUrl } from '../support/services.ts'
import { createVisitor } from '../support/visitor.ts'

/** What contacts say of themselves; none of it is in the product but by their own words. */
const personal = {
  phone: '13712349876',
  idCard: '110101199003078515',
  card: '6222021001123456789',
  email: 'xiaobai.private@mail.example',
  name: '欧阳小白白',
  address: '朝阳区幸福路九十九号院',
  words: '这句暗号谁都不许记下来',
}
const sentence = `转人工，我叫${personal.name}，电话${personal.phone}，身份证${personal.idCard}，卡号${personal.card}，邮箱${personal.email}，住${personal.address}，${personal.words}`
const password = '种下的口令 planted-password-7'

const lines: string[] = []
const secrets = new Map<string, string>()
const folder = mkdtempSync(join(tmpdir(), 'tongda-leaks-'))
const bridgeDir = serviceUrl('wechaty-bridge')
const friend = 'wxid_planted_friend_0001'
let steering: Steering | undefined
let clients: DemoClients
let product: Product
let agent: TestAgent

/** Keeps what is a secret by the configuration's own word: what `tongda config` masks. */
const noteSecrets = (path: string, value: unknown, shown: unknown): void => {
  if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      const below: unknown =
        typeof shown === 'object' && shown !== null ? Reflect.get(shown, name) : undefined
      noteSecrets(`${path}.${name}`, inner, below)
    }
  else if (typeof value === 'string' && value.length >= 8 && shown === '***') secrets.set(path, value)
}

const allWith = <Kind extends string>(found: ReadonlyMap<Kind, string>, text: string): readonly Kind[] =>
  [...found].flatMap(([name, value]) => (text.includes(value) ? name : []))
const personalIn = (text: string): readonly string[] => allWith(new Map(Object.entries(personal)), text)

const clientOf = (channel: string): SimulatedClient => {
  const found = clients.clients.find(({ inbox }) => inbox.channel === channel)
  if (found === undefined) throw new Error(`${channel} is not there`)
  return found.simulator.client
}
const userOf = (channel: string): string => clientOf(channel).users()[0]?.key ?? ''
const simulated = ['weibo', 'wecom', 'telegram', 'botframework', 'api', 'email'] as const

/** Says the sentence and is answered; then says it again under every fault the provider knows. */
const sayOn = async (channel: (typeof simulated)[number]): Promise<void> => {
  const client = clientOf(channel)
  const key = userOf(channel)
  const answers = () => client.lines(key).filter(({ from }) => from === 'account').length
  client.act(key, { kind: 'text', text: sentence, subject: personal.words })
  await expect.poll(answers, { message: channel }).toBeGreaterThan(0)
  for (const { name } of client.faults()) {
    client.setFault(name, true)
    client.act(key, { kind: 'text', text: `${sentence} ${name}` })
    const own = () => client.lines(key).filter(({ from, state }) => from === 'user' && state === 'sending')
    await expect
      .poll(() => own().length, { message: `${channel} ${name}`, timeout: 5_000 })
      .toBe(0)
      .catch(() => undefined)
    client.setFault(name, false)
  }
}

/** The inbox of a real bridge with the mock puppet, where one is installed. */
const openBridge = async (): Promise<Record<string, object>> => {
  if (bridgeDir === undefined) return {}
  steering = await startSteering()
  const option = 'planted-puppet-option-5f1c'
  secrets.set('option of the puppet', option)
  return {
    'wechaty-real': {
      ...{ channel: 'wechaty', puppet: 'wechaty-puppet-mock', token: 'planted-puppet-token-81d0' },
      puppetOptions: { controlPort: steering.port, licence: option },
      ...{ bridgeDir, stateDir: join(folder, 'wechaty'), sendsPerSecond: 1_000 },
    },
  }
}

/** A friend of the account says it in every way; then the puppet prints, refuses and dies, and its lines are forged. */
const sayOnBridge = async ({ act, said, ups }: Steering): Promise<void> => {
  let messages = 0
  const says = (payload: object, more = {}): Promise<void> =>
    act({ do: 'message', id: `m-${String((messages += 1))}`, from: friend, payload, ...more })
  const logged = (event: RegExp) =>
    expect.poll(() => lines.filter((line) => line.includes('wechaty-real')).join('')).toMatch(event)
  await expect.poll(ups).toBe(1)
  await act({ do: 'contact', id: friend, name: personal.name })
  await act({ do: 'login' })
  await act({ do: 'refuse', on: true })
  await says({ type: 7, text: sentence })
  await logged(/a delivery (?:was refused|failed)/)
  await act({ do: 'refuse', on: false })
  await expect.poll(() => said.length).toBeGreaterThan(0)
  await says({ type: 7, text: `@Bot ${sentence}` }, { roomId: 'planted@chatroom', mentions: true })
  await says({ type: 99, text: sentence })
  await says({ type: 1 }, { content: { file: { name: `${personal.name}.txt`, base64: 'cGxhbnRlZA==' } } })
  await act({ do: 'print', text: sentence })
  await act({ do: 'raw', line: sentence })
  await act({ do: 'raw', line: JSON.stringify({ t: 'message', key: 'forged', message: { text: sentence } }) })
  await logged(/line of the bridge refused/)
  await act({ do: 'scan', qrcode: 'https://login.example/planted' })
  await act({ do: 'logout' })
  await logged(/wechat account signed out/)
  await act({ do: 'crash' })
  await logged(/wechaty bridge ended/)
  await expect.poll(ups).toBe(2)
}

const signIn = async (): Promise<void> => {
  const headers = { 'content-type': 'application/json', origin: product.app.url }
  const tries = [
    { path: 'password', body: { email: personal.email, password } },
    { path: 'link', body: { token: `planted-link-${'x'.repeat(30)}` } },
    { path: 'password', body: { email: personal.email, password, more: personal.name } },
  ]
  for (const { path, body } of tries)
    await fetch(`${product.app.url}/api/desk/session/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
  await fetch(`${product.app.url}/api/v1/tickets?q=${encodeURIComponent(sentence)}`, {
    headers: { authorization: `Bearer planted-bearer-${'y'.repeat(30)}` },
  })
}

const work = async (): Promise<void> => {
  const { id } = await agent.finds(/./)
  await agent.takes(id)
  await agent.notes(id, sentence)
  await agent.replies(id, sentence)
  const Ticket = z.looseObject({ contactId: z.string() })
  const { contactId } = Ticket.parse(await agent.reads(`/tickets/${id}`))
  await agent.calls('POST', `/contacts/${contactId}/export`, { reason: '本人来信要求复制' })
  // Faults of input, in which people's words come back to us.
  await agent.post(`/tickets/${id}/reply`, { text: sentence, more: sentence })
  await agent.get(`/tickets?view=${encodeURIComponent(sentence)}`)
  const key = await agent.calls('POST', '/keys', { name: '种下', scopes: ['tickets:read'] })
  secrets.set('key of the API', String(key.token))
  const hook = await agent.calls('POST', '/webhooks', {
    url: 'https://hooks.example.com/in',
    types: ['ticket.opened'],
  })
  secrets.set('secret of a webhook', String(hook.secret))
}

beforeAll(async () => {
  const port = await freePort()
  const base = `http://127.0.0.1:${String(port)}`
  clients = await openDemoClients({
    base,
    clock: systemClock,
    folder,
    log: silentLog,
    names: [personal.name],
  })
  const further = clients.clients.filter(({ inbox }) => inbox.channel !== 'wechaty')
  const sections = {
    ...Object.fromEntries(
      further.map(({ inbox: { inboxId, channel, section } }) => [inboxId, { channel, ...section }]),
    ),
    ...(await openBridge()),
  }
  const { appId, appSecret, originalId, token, encodingAesKey, mode } = account
  const wechat = { channel: 'wechat', ...{ appId, appSecret, originalId, token, encodingAesKey, mode } }
  const masterKey = 'c0ffee'.repeat(10) + 'beef'
  const parsed = parseConfig({ masterKey, inboxes: { wechat, ...sections } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const shown = maskConfig(parsed.config)
  noteSecrets('config', { masterKey }, shown)
  for (const { inboxId, section } of parsed.config.inboxes)
    noteSecrets(inboxId, section, Reflect.get(shown.inboxes ?? {}, inboxId))
  const log = createLog({ level: 'debug', to: { write: (line) => void lines.push(line) } })
  product = await startProduct({ masterKey, dataDir: folder, port, furtherInboxes: sections }, log)
  secrets.set('sign-in link', new URL(product.app.signInUrl ?? '').hash.replace('#token=', ''))
  agent = await product.agent()
})
afterAll(async () => {
  await product.dispose()
  steering?.close()
  await clients.stop()
  rmSync(folder, { recursive: true, force: true })
})

const sayEverywhere = async (): Promise<void> => {
  const contact = product.contact('oPlantedOpenId0000000000001')
  await contact.says(sentence)
  await contact.hears(/T-\d+/)
  const visitor = await createVisitor(product.app.url)
  visitor.says(sentence)
  await visitor.hears(/T-\d+/)
  for (const channel of simulated) await sayOn(channel)
  if (steering !== undefined) await sayOnBridge(steering)
  await signIn()
  await work()
}
let said: Promise<void> | undefined
beforeEach(async () => {
  // Once for all, in whatever order they run.
  said ??= sayEverywhere()
  await said
}, 480_000)

describe('after personal data and secrets went everywhere', () => {
  it('there is something to look for, and much was logged', () => {
    expect([...secrets.keys()]).toEqual(
      expect.arrayContaining([
        'wechat.appSecret',
        'wechat.encodingAesKey',
        'key of the API',
        'config.masterKey',
      ]),
    )
    for (const channel of simulated)
      expect([channel, [...secrets.keys()].filter((name) => name.includes('-demo.')).length > 6]).toEqual([
        channel,
        true,
      ])
    expect(lines.length).toBeGreaterThan(20)
    expect(lines.join('')).toMatch(/webhook refused/)
    if (bridgeDir !== undefined)
      expect([...secrets.keys()]).toEqual(
        expect.arrayContaining(['wechaty-real.token', 'option of the puppet']),
      )
  })

  it('the log holds no personal data: neither words, nor names, nor addresses of contacts', () => {
    const keys = new Map([
      ['wechat', 'oPlantedOpenId0000000000001'],
      ['wechaty', friend],
      ...simulated.map((channel) => [channel, userOf(channel)] as const),
    ])
    for (const line of lines) {
      expect([line, personalIn(line)]).toEqual([line, []])
      expect([line, allWith(keys, line)]).toEqual([line, []])
    }
  })

  it('every line of the log is one JSON object with a level and an event', () => {
    for (const line of lines) {
      expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1).toBe(true)
      expect(z.looseObject({ level: z.string(), msg: z.string() }).safeParse(JSON.parse(line)).success).toBe(
        true,
      )
      expect(line).not.toContain('\u001b')
    }
  })

  it('the log holds no secret', () => {
    for (const line of lines) expect([line, allWith(secrets, line)]).toEqual([line, []])
    expect(lines.join('')).not.toMatch(/planted-(?:password|link|bearer)/)
  })

  it('monitoring reads neither', async () => {
    for (const path of ['/metrics', '/healthz', '/readyz']) {
      const text = await (await fetch(`${product.app.url}${path}`)).text()
      expect([path, personalIn(text), allWith(secrets, text)]).toEqual([path, [], []])
    }
  })

  it('the command line shows neither', async () => {
    const commands = [
      ['inbox', 'list'],
      ['jobs', 'list'],
      ['jobs', 'dead', '--json'],
      ['replay', '--json'],
      ['audit', 'verify', '--json'],
      ['top', '--url', product.app.url, '--once'],
      ['top', '--url', product.app.url, '--json'],
    ]
    for (const args of commands) {
      const { status, stdout, stderr } = await tongda(args, { dataDir: folder })
      const text = stdout + stderr
      expect([args, status, personalIn(text), allWith(secrets, text)]).toEqual([args, 0, [], []])
    }
  })

  it('no page of the API shows a secret to an administrator', async () => {
    const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    const document = Document.parse(await (await fetch(`${product.app.url}/api/v1/openapi.json`)).json())
    const plain = Object.entries(document.paths).flatMap(([path, methods]) =>
      'get' in methods && !path.includes('{') && !path.includes('stream') ? path : [],
    )
    expect(plain.length).toBeGreaterThan(30)
    for (const path of plain) {
      const address = path.replace(/^\/api\/v1/, '')
      const response = await agent.get(`/../v1${address}`)
      if (response.headers.get('content-type')?.includes('event-stream') === true) {
        await response.body?.cancel()
        continue
      }
      const text = await response.text()
      expect([path, allWith(secrets, text)]).toEqual([path, []])
      expect([path, /planted-(?:password|link|bearer)/.test(text)]).toEqual([path, false])
    }
  })

  it('the audit log holds no words of contacts', async () => {
    const text = JSON.stringify(await agent.reads('/audit?limit=200'))
    expect(text).toContain('key.created')
    expect(personalIn(text)).toEqual([])
  })

  it('an error shows neither, nor where in the code it came to be', async () => {
    const asked = await agent.get(`/tickets/${encodeURIComponent(sentence)}`)
    const text = await asked.text()
    expect([asked.status >= 400, personalIn(text)]).toEqual([true, []])
    expect(text).not.toMatch(/\.ts:|at \w+ \(|node_modules/)
  })

  it('the files on disk hold no key, link or secret that opens anything', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    // What the simulated providers keep for their own screens is theirs.
    const ours = files.filter(({ name }) => name !== 'sandbox-clients.json')
    expect(ours.length).toBeGreaterThan(20)
    const found = ours.flatMap((one) => {
      const path = join(one.parentPath, one.name)
      const bytes = readFileSync(path)
      return [...secrets].flatMap(([name, value]) => (bytes.includes(value) ? `${name} in ${path}` : []))
    })
    expect(found).toEqual([])
  })
})
