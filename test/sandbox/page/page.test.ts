import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers, systemErrorText } from '../../../sandbox/index.ts'
import type { Exchange, TranscriptEntry } from '../../../sandbox/index.ts'
import { setPageStage } from './page-stage.ts'
import type { PageStage } from './page-stage.ts'

let stage: PageStage
beforeEach(async () => {
  stage = await setPageStage()
})
afterEach(() => stage.close())

const abai = demoUsers[0].openid
interface State {
  readonly revision: number
  readonly user: { readonly openid: string; readonly followed: boolean }
  readonly lines: readonly TranscriptEntry[]
  readonly windows: readonly { readonly action: string; readonly left: number }[]
  readonly exchanges: readonly { readonly id: number; readonly kind: string; readonly faults?: string[] }[]
  readonly switches: readonly { readonly name: string; readonly on: boolean }[]
  readonly signInUrl?: string
}
const state = async (openid = ''): Promise<State> =>
  (await (await stage.get(`api/state?openid=${openid}`)).json()) as State
const act = (input: unknown, openid: string = abai) => stage.post(`api/users/${openid}/acts`, input)
const toggle = (name: string, on: boolean) => stage.post('api/switches', { name, on })
/** Lines of other people, once there are `count`. */
const heard = async (count: number): Promise<readonly TranscriptEntry[]> => {
  const theirs = async () => (await state(abai)).lines.filter((line) => line.source !== 'user')
  await expect.poll(async () => (await theirs()).length).toBe(count)
  return theirs()
}

describe('the page and its files', () => {
  it.each(['sandbox', 'sandbox/'])('is served at /%s with its mount path filled in', async (path) => {
    const response = await fetch(`${stage.origin}/${path}`)
    const html = await response.text()
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(html).toContain('src="/sandbox/assets/main.js"')
    expect(html).not.toContain('{{')
  })

  it('has a strict policy: our own host only, nothing inline', async () => {
    const response = await fetch(`${stage.origin}/sandbox`)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const html = await response.text()
    expect(html).not.toMatch(/<script>|<style|\son\w+=|\sstyle=/)
  })

  it('lets a web chat of another origin be framed, and only that', async () => {
    const other = await setPageStage({ webChatUrl: 'https://chat.example:8443/page?x=1' })
    const response = await fetch(`${other.origin}/sandbox`)
    await response.text()
    expect(response.headers.get('content-security-policy')).toContain(
      "frame-src 'self' https://chat.example:8443;",
    )
    await other.close()
  })

  it.each([
    ['main.js', 'text/javascript'],
    ['theme.css', 'text/css'],
    ['zh-CN.json', 'application/json'],
    ['icon.svg', 'image/svg+xml'],
  ])('serves %s as %s', async (name, type) => {
    const response = await stage.get(`assets/${name}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain(type)
    expect((await response.text()).length).toBeGreaterThan(100)
  })

  it.each(['index.html', '..%2Fpage%2Fsandbox.ts', 'constructor', '%00', 'missing.js'])(
    'serves nothing else: %s',
    async (name) => {
      const response = await stage.get(`assets/${name}`)
      expect(response.status).toBe(404)
      await response.text()
    },
  )
})

describe('who may use the endpoints', () => {
  const headers = (changes: Record<string, string>) => ({ 'content-type': 'application/json', ...changes })
  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'not_json'],
    ['JSON as text', { 'content-type': 'text/plain' }, 'not_json'],
    ['no origin at all', headers({}), 'no_origin'],
    ['another origin', headers({ origin: 'https://evil.example' }), 'foreign_origin'],
    ['an opaque origin', headers({ origin: 'null' }), 'foreign_origin'],
    ['another port', headers({ origin: 'http://127.0.0.1:1' }), 'foreign_origin'],
    ['another site by the browser’s word', headers({ 'sec-fetch-site': 'same-site' }), 'foreign_origin'],
  ])('%s may change nothing', async (_name, given, code) => {
    const response = await stage.post(`api/users/${abai}/acts`, { kind: 'text', text: 'x' }, given)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code })
    expect((await state(abai)).lines).toEqual([])
  })

  it('the page itself may', async () => {
    const response = await stage.post(
      `api/users/${abai}/acts`,
      { kind: 'text', text: 'x' },
      headers({ 'sec-fetch-site': 'same-origin' }),
    )
    expect(response.status).toBe(202)
  })

  it('a name that points here by DNS reads nothing, an allowed one does', async () => {
    const { createSandbox } = await import('../../../sandbox/index.ts')
    const sandbox = createSandbox({
      simulators: { wechat: stage.simulator },
      inboxes: { wechat: 'w', web: 'b' },
      clock: stage.clock,
      trace: () => Promise.resolve([]),
      webChatUrl: '/w',
      deskUrl: '/d',
      demoData: { count: () => Promise.reject(new Error('unused')), clear: () => Promise.resolve() },
      hosts: ['try.example'],
    })
    const status = async (host: string) =>
      (await sandbox.app.request('http://x/api/state', { headers: { host } })).status
    expect(await status('rebound.example')).toBe(403)
    expect(await status('try.example:3000')).toBe(200)
    expect(await status('localhost:3000')).toBe(200)
    expect(await status('[::1]:3000')).toBe(200)
    expect(await status('192.168.1.5')).toBe(200)
    sandbox.close()
  })
})

describe('acting as a demo user', () => {
  it('a text goes through the callback and the answer appears', async () => {
    expect((await act({ kind: 'text', text: '大会员怎么退款' })).status).toBe(202)
    const [answer] = await heard(1)
    expect(answer).toMatchObject({ source: 'passive', content: { kind: 'text' } })
    const now = await state(abai)
    expect(now.lines[0]).toMatchObject({ state: 'answered', content: { text: '大会员怎么退款' } })
    expect(now.windows).toMatchObject([{ action: 'message', left: 5 }])
    expect((await state(demoUsers[1].openid)).lines).toEqual([])
  })

  it.each([
    [{ kind: 'voice', durationMs: 2_000, recognition: '我要找人工' }, 'Recognition', '我要找人工'],
    [{ kind: 'location', latitude: 31.3, longitude: 121.5, label: '上海' }, 'Label', '上海'],
    [{ kind: 'link', title: 'T', description: '', url: 'https://a.example/' }, 'Url', 'https://a.example/'],
    [{ kind: 'file', name: '账.xlsx', bytes: 5 }, 'Title', '账.xlsx'],
    [{ kind: 'click', key: 'MENU_FAQ', label: '常见问题' }, 'EventKey', 'MENU_FAQ'],
    [{ kind: 'view', url: 'https://a.example/', label: '官网' }, 'EventKey', 'https://a.example/'],
    [{ kind: 'menu-choice', id: '101', label: '满意' }, 'bizmsgmenuid', '101'],
  ])('%j reaches the account', async (input, field, value) => {
    expect((await act(input)).status).toBe(202)
    await expect.poll(() => stage.bot.received[0]?.field(field)).toBe(value)
  })

  it('the recording is a real AMR file in both bands', async () => {
    await act({ kind: 'voice', durationMs: 2_000 })
    await expect.poll(() => stage.bot.received.length).toBe(1)
    const bytes = (name: string) =>
      stage.simulator.findMedia(stage.bot.received[0]?.field(name) ?? '')?.bytes.toString('latin1')
    expect(bytes('MediaId')).toMatch(/^#!AMR\n\|{100}$/)
    expect(bytes('MediaId16K')).toMatch(/^#!AMR-WB\n\|{100}$/)
  })

  it('a picture can be looked at again, anything else is refused', async () => {
    const png = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1').toString('base64')
    expect((await act({ kind: 'image', data: png })).status).toBe(202)
    const { content } = (await state(abai)).lines[0] ?? {}
    const mediaId = content?.kind === 'image' ? content.mediaId : ''
    const picture = await stage.get(`api/media/${mediaId}`)
    expect(picture.headers.get('content-type')).toBe('image/png')
    expect(picture.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    const html = Buffer.from('<script>alert(1)</script>').toString('base64')
    expect(await (await act({ kind: 'image', data: html })).json()).toMatchObject({ code: 'not_a_picture' })
  })

  it('other files are only ever downloads', async () => {
    const voice = stage.simulator.upload('voice', Buffer.from('#!AMR\n<script>'))
    const response = await stage.get(`api/media/${voice.mediaId}`)
    await response.text()
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
  })

  it('who left must follow again first', async () => {
    await act({ kind: 'unsubscribe' })
    const refused = await act({ kind: 'text', text: 'x' })
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'not_following' }])
    await act({ kind: 'subscribe' })
    expect((await state(abai)).user.followed).toBe(true)
  })

  it.each([
    ['an unknown kind', { kind: 'hologram' }],
    ['a field too many', { kind: 'text', text: 'x', openid: 'y' }],
    ['an empty text', { kind: 'text', text: '' }],
    ['a huge text', { kind: 'text', text: 'x'.repeat(2_001) }],
    ['a script as address', { kind: 'view', url: 'javascript:alert(1)', label: 'x' }],
    ['a list', []],
  ])('%s is bad input', async (_name, input) => {
    expect(await (await act(input)).json()).toMatchObject({ code: 'bad_input' })
  })

  it('an unknown user and too large a body are refused', async () => {
    expect((await act({ kind: 'text', text: 'x' }, 'nobody')).status).toBe(404)
    expect((await act({ kind: 'image', data: 'A'.repeat(5_000_000) })).status).toBe(413)
  })
})

describe('behind the scenes', () => {
  it('shows the steps of a contact with decision, delivery, ticket and timing', async () => {
    await act({ kind: 'text', text: '转人工' })
    await heard(1)
    const steps = (await (await stage.get(`api/steps?channel=wechat&contact=${abai}`)).json()) as unknown[]
    expect(steps).toMatchObject([
      {
        said: '转人工',
        decision: { kind: 'escalate', rule: 'asked-for-person', classification: { confidence: 0.81 } },
        replies: [{ author: 'bot', delivery: { status: 'sent', via: 'passive' } }],
        tickets: ['T-1042'],
        journey: { attempts: 1, via: 'passive', callbackMs: expect.any(Number) },
      },
    ])
    expect(await (await stage.get('api/steps?channel=web&contact=v')).json()).toEqual([])
  })

  it('an exchange can be read whole and replayed', async () => {
    await act({ kind: 'text', text: '在吗' })
    await heard(1)
    const { id } = (await state(abai)).exchanges[0] ?? { id: 0 }
    const exchange = (await (await stage.get(`api/exchanges/${id}`)).json()) as Exchange
    expect(exchange).toMatchObject({ kind: 'push', encrypted: true, result: 'answered' })
    expect(exchange.kind === 'push' && exchange.plainBody).toContain('在吗')
    const replayed = await (await stage.post(`api/exchanges/${id}/replay`, {})).json()
    expect(replayed).toMatchObject({ result: 'answered', status: 200 })
    expect(stage.bot.received.length).toBe(2)
    expect((await stage.get('api/exchanges/999')).status).toBe(404)
    expect((await stage.post('api/exchanges/999/replay', {})).status).toBe(404)
  })

  it('the one-time link is shown while there is one', async () => {
    expect((await state()).signInUrl).toBeUndefined()
    stage.signIn.url = 'http://127.0.0.1/sign-in?token=x'
    expect((await state()).signInUrl).toBe('http://127.0.0.1/sign-in?token=x')
    // Nobody who is elsewhere may become the administrator: not through a proxy, not by an address of the network.
    for (const headers of [
      { 'x-forwarded-for': '203.0.113.9' },
      { forwarded: 'for=203.0.113.9' },
      { via: '1.1 proxy' },
    ]) {
      const response = await fetch(`${stage.origin}/sandbox/api/state`, { headers })
      expect(await response.text()).not.toContain('token=x')
    }
    const { port } = new URL(stage.origin)
    const readAs = async (host: string): Promise<string> => {
      const request = get(`${stage.origin}/sandbox/api/state`, { headers: { host } })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      return text(response)
    }
    expect(await readAs(`localhost:${port}`)).toContain('token=x')
    expect(await readAs(`192.168.1.5:${port}`)).not.toContain('token=x')
  })

  it('tells open pages at once that something changed', async () => {
    const response = await stage.get('api/live')
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const first = (await reader?.read())?.value
    expect(first).toMatch(/event: change\ndata: \d+\n/)
    await act({ kind: 'text', text: '在吗' })
    expect((await reader?.read())?.value).toContain('event: change')
    await reader?.cancel()
  })
})

describe('fault switches', () => {
  const faults = async () =>
    (await state(abai)).exchanges.flatMap((exchange) => exchange.faults ?? []).filter(Boolean)

  it.each([
    ['bad-signature', systemErrorText],
    ['duplicate', /退款/],
    ['lost-answer', /退款/],
    ['stale-timestamp', /退款/],
  ])('%s', async (name, expected) => {
    await toggle(name, true)
    await act({ kind: 'text', text: '大会员怎么退款' })
    const [line] = await heard(1)
    expect(line?.content.kind === 'text' || line?.content.kind === 'notice' ? line.content.text : '').toMatch(
      expected,
    )
    if (name !== 'lost-answer') expect(new Set(await faults())).toEqual(new Set([name]))
    // The first of several copies is answered while the others are on their way.
    const wanted = { 'bad-signature': 3, duplicate: 3, 'lost-answer': 2 }[name] ?? 1
    await expect.poll(() => stage.bot.received.length).toBe(wanted)
    await toggle(name, false)
    expect((await state()).switches.filter((each) => each.on)).toEqual([])
  })

  it('out of order holds the first text until the second has overtaken it', async () => {
    await toggle('out-of-order', true)
    await act({ kind: 'text', text: '先说的' })
    expect((await state(abai)).lines[0]?.state).toBe('held')
    expect(stage.bot.received).toEqual([])
    await act({ kind: 'text', text: '后说的' })
    await heard(2)
    expect(stage.bot.received.map((message) => message.field('Content'))).toEqual(['后说的', '先说的'])
  })

  it('switching it off lets the held one go', async () => {
    await toggle('out-of-order', true)
    await act({ kind: 'text', text: '先说的' })
    await toggle('out-of-order', false)
    await heard(1)
  })

  it.each([
    ['window-closed', 200, 45015],
    ['quota-used-up', 200, 45047],
    ['api-500', 500, undefined],
  ])('%s is what the API answers until it is switched off', async (name, status, errcode) => {
    const call = async () => {
      const response = await stage.simulator.api.request('/cgi-bin/message/custom/send', { method: 'POST' })
      const body: unknown = await response.json().catch(() => ({}))
      return [response.status, body]
    }
    await toggle(name, true)
    const expected = [status, errcode === undefined ? {} : { errcode }]
    expect([await call(), await call()]).toMatchObject([expected, expected])
    await toggle(name, false)
    expect(await call()).toMatchObject([200, { errcode: 41001 }])
  })

  it('the token can be made to expire', async () => {
    const { account, api } = stage.simulator
    const credentials = { grant_type: 'client_credential', appid: account.appId, secret: account.appSecret }
    const issued = await api.request('/cgi-bin/stable_token', {
      method: 'POST',
      body: JSON.stringify(credentials),
    })
    const { access_token: token } = (await issued.json()) as { access_token: string }
    await stage.post('api/tokens/expire', {})
    const answer = await api.request(`/cgi-bin/getcallbackip?access_token=${token}`)
    expect(await answer.json()).toMatchObject({ errcode: 42001 })
  })

  it('an unknown switch is bad input', async () => {
    expect((await toggle('everything', true)).status).toBe(400)
  })
})

describe('the reset', () => {
  it('counts what goes, and takes it away', async () => {
    await stage.post(`api/users/${abai}/acts`, { kind: 'text', text: '大会员怎么退款' })
    await expect.poll(() => stage.simulator.transcript(abai).length).toBe(2)
    await stage.post('api/switches', { name: 'duplicate', on: true })
    const counted: unknown = await (await stage.get('api/reset')).json()
    expect(counted).toEqual({
      ...{ conversations: 1, messages: 2, tickets: 0, files: 0, users: 1, lines: 2 },
      ...{ cannedReplies: 2, macros: 1 },
    })
    expect((await stage.post('api/reset', {}, { origin: 'https://evil.test' })).status).toBe(403)
    expect(stage.simulator.transcript(abai)).toHaveLength(2)

    const gone = await stage.post('api/reset', {})
    expect([gone.status, await gone.json()]).toEqual([200, counted])
    expect(stage.simulator.transcript(abai)).toEqual([])
    expect(stage.simulator.windows(abai)).toEqual([])
    expect(stage.messages).toEqual([])
    const state = (await (await stage.get('api/state')).json()) as { switches: { on: boolean }[] }
    expect(state.switches.some(({ on }) => on)).toBe(false)
  })
})
