import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { createMovableClock } from '../../src/core/clock.ts'
import { freePort } from '../../src/app/free-port.ts'
import { createEmailSimulator } from '../../sandbox/index.ts'
import type { EmailSimulator } from '../../sandbox/index.ts'

const account = {
  name: '店',
  address: 'support@shop.example',
  user: 'support',
  password: 'code-1',
  receiverUser: 'mx',
  receiverPassword: 'door-1',
  authservId: 'mx1.shop.example',
}
const lei = { key: 'lei@qq.example', name: '王磊' }

/** A product's receiver that keeps what it is handed, or answers as told. */
const startReceiver = async (port: number) => {
  const taken: { from: string; to: string; raw: string }[] = []
  let answers: number[] = []
  const server = new SMTPServer({
    lmtp: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    closeTimeout: 50,
    onAuth: ({ username, password }, _session, callback) =>
      username === account.receiverUser && password === account.receiverPassword
        ? callback(null, { user: username })
        : callback(Object.assign(new Error('no'), { responseCode: 535 })),
    onData: (stream, session, callback) => {
      let raw = ''
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString('utf8')
      })
      stream.on('end', () => {
        const code = answers.shift()
        const { mailFrom, rcptTo } = session.envelope
        if (code !== undefined) {
          callback(Object.assign(new Error('later'), { responseCode: code }))
          return
        }
        taken.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo[0]?.address ?? '', raw })
        callback()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  return {
    taken,
    answer: (...codes: number[]) => {
      answers = codes
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

let simulator: EmailSimulator
let receiver: Awaited<ReturnType<typeof startReceiver>>
let smtpPort: number
beforeEach(async () => {
  const receiverPort = await freePort()
  smtpPort = await freePort()
  receiver = await startReceiver(receiverPort)
  simulator = createEmailSimulator({
    account,
    smtpPort,
    receiverPort: () => receiverPort,
    clock: createMovableClock(),
    users: [lei],
    timing: { retriesMs: [20, 20], bounceMs: 10, timeoutMs: 60_000 },
  })
  await simulator.ready
})
afterEach(async () => {
  await simulator.close()
  await receiver.close()
})

const states = () => simulator.client.lines(lei.key).map(({ state }) => state)

const submit = async (
  change: { to?: string; password?: string; inReplyTo?: string; patienceMs?: number } = {},
): Promise<unknown> => {
  const transport = createTransport({
    host: '127.0.0.1',
    port: smtpPort,
    ignoreTLS: true,
    auth: { user: account.user, pass: change.password ?? account.password },
    socketTimeout: change.patienceMs ?? 60_000,
  })
  return transport
    .sendMail({
      from: account.address,
      to: change.to ?? lei.key,
      replyTo: 'support+token@shop.example',
      subject: 'Re: 订单',
      text: '已发货',
      messageId: '<out.1.x@shop.example>',
    })
    .then(
      () => 250,
      (error: unknown): unknown => {
        const code: unknown = Reflect.get(Object(error), 'responseCode')
        return code ?? 'no answer'
      },
    )
}

describe('a simulated mail provider', () => {
  it('hands a user’s mail to the product', async () => {
    simulator.client.act(lei.key, { kind: 'text', text: '在吗', subject: '订单' })
    await expect.poll(states).toEqual(['delivered'])
    expect(receiver.taken[0]).toMatchObject({ from: lei.key, to: account.address })
    expect(receiver.taken[0]?.raw).toContain(Buffer.from('在吗').toString('base64').slice(0, 8))
  })

  it('shows the account’s mail to the user, who answers with history and to the reply address', async () => {
    expect(await submit()).toBe(250)
    expect(simulator.client.lines(lei.key)).toMatchObject([
      { from: 'account', subject: 'Re: 订单', text: '已发货' },
    ])
    simulator.client.act(lei.key, { kind: 'text', text: '收到' })
    await expect.poll(() => receiver.taken).toHaveLength(1)
    expect(receiver.taken[0]?.to).toBe('support+token@shop.example')
    expect(receiver.taken[0]?.raw).toMatch(/In-Reply-To: <out\.1\.x@shop\.example>/i)
  })

  it('signs the product in and knows who has a mailbox', async () => {
    expect(await submit({ password: 'wrong' })).toBe(535)
    expect(await submit({ to: 'nobody@qq.example' })).toBe(550)
    expect(simulator.client.lines(lei.key)).toEqual([])
  })

  it('tries again when the product is busy, and gives up when it refuses', async () => {
    receiver.answer(451, 451)
    simulator.client.act(lei.key, { kind: 'text', text: '一', subject: 'a' })
    await expect.poll(states).toEqual(['delivered'])
    receiver.answer(550)
    simulator.client.act(lei.key, { kind: 'text', text: '二', subject: 'b' })
    await expect.poll(states).toEqual(['delivered', 'failed'])
    expect(receiver.taken).toHaveLength(1)
    expect(simulator.client.exchanges(lei.key).map(({ status }) => status)).toEqual([
      '550',
      '250',
      '451',
      '451',
    ])
  })

  it.each([
    ['api-500', 451],
    ['api-429', 450],
    ['token-expired', 535],
    ['api-hang', 'no answer'],
    ['lost-answer', 'no answer'],
  ])('answers %s with %s', async (fault, expected) => {
    simulator.client.setFault(fault, true)
    expect(await submit(fault === 'api-hang' ? { patienceMs: 500 } : {})).toBe(expected)
    expect(simulator.client.lines(lei.key)).toHaveLength(fault === 'lost-answer' ? 1 : 0)
    simulator.client.setFault(fault, false)
    expect(await submit()).toBe(250)
    expect(simulator.client.lines(lei.key)).toHaveLength(1)
  })

  it('returns what it took as undeliverable', async () => {
    simulator.client.setFault('bounce', true)
    expect(await submit()).toBe(250)
    await expect.poll(() => receiver.taken).toHaveLength(1)
    expect(receiver.taken[0]).toMatchObject({ from: '', to: account.address })
    expect(receiver.taken[0]?.raw).toMatch(
      /report-type=delivery-status[\s\S]*Status: 5\.1\.1[\s\S]*out\.1\.x/,
    )
  })

  it('answers by itself where the user is on holiday', async () => {
    simulator.client.setFault('auto-reply', true)
    await submit()
    await expect.poll(() => receiver.taken).toHaveLength(1)
    expect(receiver.taken[0]?.raw).toMatch(/^Auto-Submitted: auto-replied/m)
  })

  it('hands over twice, the wrong way round, over a broken line or with a wrong password on demand', async () => {
    simulator.client.setFault('duplicate', true)
    simulator.client.act(lei.key, { kind: 'text', text: '一', subject: 'a' })
    await expect.poll(() => receiver.taken).toHaveLength(2)
    simulator.client.setFault('duplicate', false)
    simulator.client.setFault('out-of-order', true)
    for (const subject of ['first', 'second'])
      simulator.client.act(lei.key, { kind: 'text', text: 'x', subject })
    await expect.poll(() => receiver.taken).toHaveLength(4)
    expect(receiver.taken.slice(2).map(({ raw }) => /^Subject: (\w+)/m.exec(raw)?.[1])).toEqual([
      'second',
      'first',
    ])
    simulator.client.setFault('out-of-order', false)
    simulator.client.setFault('lost-connection', true)
    simulator.client.act(lei.key, { kind: 'text', text: 'x', subject: 'third' })
    await expect.poll(() => states().at(-1)).toBe('delivered')
    simulator.client.setFault('lost-connection', false)
    simulator.client.setFault('bad-signature', true)
    simulator.client.act(lei.key, { kind: 'text', text: 'x', subject: 'fourth' })
    await expect.poll(() => states().at(-1)).toBe('failed')
  })

  it('refuses what mail has no form for', () => {
    expect(() => simulator.client.act(lei.key, { kind: 'follow' })).toThrow(/mail has no follow/)
    expect(() => simulator.client.act('x@y.example', { kind: 'text', text: 'x' })).toThrow(/no such/)
    expect(() => simulator.client.setFault('hologram', true)).toThrow(/no fault/)
  })
})
