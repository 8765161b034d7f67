import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApiSimulator } from '../../../sandbox/index.ts'
import type { ApiSimulator } from '../../../sandbox/index.ts'
import { createMovableClock } from '../../../src/core/clock.ts'
import { TongdaError } from '../../../src/core/errors.ts'

const Pushed = z.looseObject({
  id: z.string(),
  thread: z.string(),
  contact: z.looseObject({ id: z.string() }),
  parts: z.array(z.looseObject({ kind: z.string() })),
})
interface Push {
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: z.output<typeof Pushed>
}

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const signature = (secret: string, id: string, seconds: string, body: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`${id}.${seconds}.${body}`)
    .digest('base64')}`

/** A simulator with a product that only listens. */
const open = async (statuses: number[] = []) => {
  const pushes: Push[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      pushes.push({ headers: request.headers, text, body: Pushed.parse(JSON.parse(text)) })
      response.writeHead(statuses.shift() ?? 200).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const clock = createMovableClock()
  const simulator = createApiSimulator({
    receiveUrl: () => `http://127.0.0.1:${port}/`,
    apiUrl: () => 'https://forum.example',
    clock,
    timing: { attemptTimeoutMs: 60_000, retryDelayMs: 5 },
  })
  opened.push(async () => {
    await simulator.close()
    server.closeAllConnections()
    server.close()
  })
  return { simulator, pushes, clock }
}

let sent = 0
const post = async (
  simulator: ApiSimulator,
  data: Readonly<Record<string, unknown>>,
  more: { id?: string; secret?: string; at?: Date } = {},
): Promise<Response> => {
  const id = more.id ?? `out-${(sent += 1)}`
  const body = JSON.stringify({
    type: 'message.created',
    timestamp: '2026-01-01T00:00:00.000Z',
    data: { id, inbox: 'forum', conversationId: 'c', author: 'bot', ...data },
  })
  const seconds = String(Math.floor((more.at ?? new Date()).getTime() / 1_000))
  return simulator.api.request('/webhook', {
    method: 'POST',
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': signature(more.secret ?? simulator.account.secret, id, seconds, body),
    },
  })
}

const member = 'member-1001'
const caller = '+8613800000001'
const toMember = { contact: { id: member }, part: { kind: 'text', text: '你好' } }

describe('the simulated forum', () => {
  it('pushes posts, signed by the specification', async () => {
    const { simulator, pushes } = await open()
    simulator.client.act(member, { kind: 'text', text: '一直在审核中', subject: '审核' })
    await simulator.settled()
    const [push] = pushes
    expect(push?.body).toMatchObject({
      contact: { id: member },
      thread: expect.stringMatching(/^topic-\d+$/),
      parts: [{ text: '审核\n一直在审核中' }],
    })
    const header = (name: string): string => String(push?.headers[name])
    expect(header('webhook-signature')).toBe(
      signature(
        simulator.account.secret,
        header('webhook-id'),
        header('webhook-timestamp'),
        push?.text ?? '',
      ),
    )
    expect(simulator.client.lines(member)).toMatchObject([
      { from: 'user', state: 'delivered', subject: '审核' },
    ])
  })

  it('opens a topic for a subject, and goes on in it without one', async () => {
    const { simulator, pushes } = await open()
    simulator.client.act(member, { kind: 'text', text: '一', subject: '甲' })
    simulator.client.act(member, { kind: 'text', text: '二' })
    simulator.client.act(member, { kind: 'text', text: '三', subject: '乙' })
    const first = simulator.client.lines(member)[0]?.id ?? ''
    simulator.client.act(member, { kind: 'text', text: '四', replyTo: first })
    await simulator.settled()
    const [one, two, three, four] = pushes.map(({ body }) => body.thread)
    expect([two, four]).toEqual([one, one])
    expect(three).not.toBe(one)
  })

  it('shows an answer once, below what it answers', async () => {
    const { simulator, pushes } = await open()
    simulator.client.act(member, { kind: 'text', text: '一', subject: '甲' })
    await simulator.settled()
    const [line] = simulator.client.lines(member)
    const thread = pushes[0]?.body.thread
    const answers = [
      await post(simulator, { ...toMember, thread }, { id: 'out-x' }),
      await post(simulator, { ...toMember, thread }, { id: 'out-x' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await answers[0]?.json()).toEqual(await answers[1]?.json())
    expect(simulator.client.lines(member).filter(({ from }) => from === 'account')).toMatchObject([
      { text: '你好', replyTo: line?.id },
    ])
  })

  it('believes no wrong proof', async () => {
    const { simulator } = await open()
    expect(
      (await post(simulator, toMember, { secret: `whsec_${Buffer.alloc(32).toString('base64')}` })).status,
    ).toBe(401)
    expect((await post(simulator, toMember, { at: new Date(Date.now() - 400_000) })).status).toBe(401)
    expect((await simulator.api.request('/webhook', { method: 'POST', body: '{}' })).status).toBe(401)
    expect(simulator.client.lines(member)).toEqual([])
  })

  it('refuses what the format does not know, and people it does not', async () => {
    const { simulator } = await open()
    expect((await post(simulator, { ...toMember, extra: 1 })).status).toBe(400)
    const stranger = await post(simulator, { ...toMember, contact: { id: 'nobody' } })
    expect([stranger.status, await stranger.json()]).toEqual([422, { error: 'unreachable' }])
  })

  it('keeps pictures where they can be fetched, and sends small files along', async () => {
    const { simulator, pushes } = await open()
    simulator.client.act(member, { kind: 'image', bytes: Buffer.from('picture') })
    simulator.client.act(member, { kind: 'file', name: 'a.txt', bytes: Buffer.from('words') })
    await simulator.settled()
    const url = z.object({ url: z.string() }).parse(pushes[0]?.body.parts[0]?.['media']).url
    const path = url.replace('https://forum.example', '')
    expect(await (await simulator.api.request(path)).text()).toBe('picture')
    expect(pushes[1]?.body.parts[0]).toMatchObject({ name: 'a.txt', media: { base64: 'd29yZHM=' } })
  })
})

describe('the simulated telephone system', () => {
  it('logs calls with transcript and recording, and wants no answer', async () => {
    const { simulator, pushes } = await open()
    simulator.client.act(caller, { kind: 'voice', durationMs: 61_000, recognition: '我想退款' })
    await simulator.settled()
    expect(pushes[0]?.body).toMatchObject({
      wantsReply: false,
      parts: [{ name: 'call-ended' }, { transcript: { text: '我想退款' } }, { kind: 'link' }],
    })
  })

  it('lets callers ask to be called back', async () => {
    const { simulator, pushes } = await open()
    const [greeting] = simulator.client.lines(caller)
    simulator.client.act(caller, { kind: 'choice', lineId: greeting?.id ?? '', choiceId: 'callback' })
    await simulator.settled()
    expect(pushes[0]?.body.parts).toEqual([{ kind: 'event', name: 'callback-requested', value: caller }])
  })

  it('has no form for pictures, nor the forum for calls', async () => {
    const { simulator } = await open()
    const picture = { kind: 'image', bytes: Buffer.from('x') } as const
    expect(() => simulator.client.act(caller, picture)).toThrow(TongdaError)
    expect(() => simulator.client.act(member, { kind: 'voice', durationMs: 1 })).toThrow(TongdaError)
    expect(() => simulator.client.act('nobody', picture)).toThrow(TongdaError)
  })
})

describe('faults', () => {
  it.each([
    ['api-500', 500],
    ['api-429', 429],
    ['window-closed', 422],
    ['quota-used-up', 422],
  ])('%s answers %i', async (name, status) => {
    const { simulator } = await open()
    simulator.client.setFault(name, true)
    expect((await post(simulator, toMember)).status).toBe(status)
    simulator.client.setFault(name, false)
    expect((await post(simulator, toMember)).status).toBe(200)
    expect(() => simulator.client.setFault('no-such', true)).toThrow(TongdaError)
  })

  it('sends again under the same id what got no good answer', async () => {
    const { simulator, pushes } = await open([500, 503])
    simulator.client.act(member, { kind: 'text', text: '一' })
    await simulator.settled()
    expect(new Set(pushes.map(({ text, headers }) => `${String(headers['webhook-id'])} ${text}`)).size).toBe(
      1,
    )
    expect(pushes).toHaveLength(3)
    expect(simulator.client.lines(member)[0]?.state).toBe('delivered')
  })

  it('gives up on a refusal at once, and on failures after three', async () => {
    const { simulator, pushes } = await open([400, 500, 500, 500])
    simulator.client.act(member, { kind: 'text', text: '一' })
    simulator.client.act(member, { kind: 'text', text: '二' })
    await simulator.settled()
    expect(pushes).toHaveLength(4)
    expect(simulator.client.lines(member).map(({ state }) => state)).toEqual(['failed', 'failed'])
  })

  it('makes bad signatures, old ones, copies, lost answers and the wrong order', async () => {
    const { simulator, pushes } = await open()
    const say = async (text: string): Promise<void> => {
      simulator.client.act(member, { kind: 'text', text })
      await simulator.settled()
    }
    const during = async (fault: string, work: () => Promise<void>): Promise<readonly Push[]> => {
      const before = pushes.length
      simulator.client.setFault(fault, true)
      await work()
      simulator.client.setFault(fault, false)
      return pushes.slice(before)
    }
    const isSigned = (
      { headers, text }: Push | undefined = {
        headers: {},
        text: '',
        body: Pushed.parse({ id: '', thread: '', contact: { id: '' }, parts: [] }),
      },
    ): boolean =>
      headers['webhook-signature'] ===
      signature(
        simulator.account.secret,
        String(headers['webhook-id']),
        String(headers['webhook-timestamp']),
        text,
      )
    const [bad] = await during('bad-signature', () => say('一'))
    expect(isSigned(bad)).toBe(false)
    const [old] = await during('stale-timestamp', () => say('二'))
    expect(isSigned(old)).toBe(true)
    expect(Date.now() / 1_000 - Number(old?.headers['webhook-timestamp'])).toBeGreaterThan(600)
    expect(await during('duplicate', () => say('三'))).toHaveLength(3)
    expect(await during('lost-answer', () => say('四'))).toHaveLength(2)
    const swapped = await during('out-of-order', async () => {
      await say('五')
      expect(simulator.client.lines(member).at(-1)?.state).toBe('held')
      await say('六')
    })
    expect(swapped.map(({ body }) => body.parts[0]?.['text'])).toEqual(['六', '五'])
  })

  it('keeps what went over the wire', async () => {
    const { simulator } = await open()
    const heard: number[] = []
    const stop = simulator.client.onChange(() => heard.push(1))
    simulator.client.act(member, { kind: 'text', text: '一' })
    await simulator.settled()
    await post(simulator, toMember)
    stop()
    expect(heard.length).toBeGreaterThan(2)
    expect(simulator.client.exchanges(member).map(({ kind, status }) => [kind, status])).toEqual([
      ['api', '200'],
      ['push', '200'],
    ])
    expect(JSON.stringify(simulator.client.exchanges(member))).not.toContain(
      simulator.account.secret.slice(6),
    )
  })
})
