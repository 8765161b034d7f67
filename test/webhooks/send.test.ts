import { randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOutgoing } from '../../channels/kit/index.ts'
import { createAddressFault, createPost } from '../../src/app/webhooks.ts'
import { createInProcessBus } from '../../src/bus/index.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { topics } from '../../src/core/bus.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { WebhookDelivery, WebhookWithSecret } from '../../src/core/webhook.ts'
import {
  createSealing,
  createWebhookDeliveries,
  createWebhookEndpoints,
  createWebhookQueue,
} from '../../src/store/index.ts'
import { nextWait, readRetryAfter, startWebhooks } from '../../src/webhooks/index.ts'
import { createMemoryLog, type LogLine } from '../http/world.ts'
import { tricks } from '../support/address-tricks.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'

interface Got {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let test: TestDatabase
let server: Server
let port: number
let got: Got[] = []
let answer: (response: ServerResponse) => void = () => undefined
let stop: (() => Promise<void>) | undefined
let log: LogLine[] = []
const sealing = createSealing(randomBytes(32))
const bus = createInProcessBus()

beforeAll(async () => {
  test = await openTestEmbedded()
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await bus.close()
  await test.dispose()
})
beforeEach(async () => {
  got = []
  log = []
  answer = (response) => response.writeHead(204).end()
  await test.database.query('truncate events, webhook_endpoints, webhook_deliveries')
})
afterEach(async () => {
  await stop?.()
  stop = undefined
})

const endpoints = () => createWebhookEndpoints(test.database, sealing)
const create = (url = `http://127.0.0.1:${String(port)}/hook`): Promise<WebhookWithSecret> =>
  endpoints().create({ url, description: '', types: [], createdBy: 'test', now: new Date() })

/** Starts to send. */
const send = async ({ loopbackHttp = true, timeoutMs = 10_000 } = {}): Promise<void> => {
  const outgoing = createOutgoing({ policy: { allow: [], loopbackHttp } })
  const end = await startWebhooks({
    queue: createWebhookQueue(test.database, sealing),
    post: createPost({ call: (url, request) => outgoing.call(url, request, { timeoutMs }) }),
    bus,
    clock: systemClock,
    log: createMemoryLog(log),
    disableAfterMs: 86_400_000,
    pollMs: 50,
  })
  let ended: Promise<void> | undefined
  stop = () => (ended ??= end().then(() => outgoing.close()))
}
/** Answers so, and makes no further attempt: on a slow machine that would come before the first is looked at. */
const answerOnce = (behave: (response: ServerResponse) => void): void => {
  answer = (response) => {
    void stop?.()
    behave(response)
  }
}
const happens = async (): Promise<void> => {
  await test.database.query(
    `insert into events (type, at, data) values ('ticket.opened', now(), '{"number":1001}'::jsonb)`,
  )
  bus.publish(topics.turn, {})
}
const delivery = async ({ endpoint }: WebhookWithSecret): Promise<WebhookDelivery | undefined> =>
  (await createWebhookDeliveries(test.database).list(endpoint.id, { limit: 1 }))[0]
const ends = async (webhook: WebhookWithSecret): Promise<WebhookDelivery> => {
  await expect.poll(async () => (await delivery(webhook))?.attempts).toBeGreaterThan(0)
  await expect
    .poll(async () => {
      const found = await delivery(webhook)
      return found?.lastStatus ?? found?.lastError
    })
    .toBeDefined()
  const found = await delivery(webhook)
  if (found === undefined) throw new Error('no delivery')
  return found
}
const waitOf = ({ nextAttemptAt, attemptedAt }: WebhookDelivery): number =>
  ((nextAttemptAt?.getTime() ?? 0) - (attemptedAt?.getTime() ?? 0)) / 1_000

describe('a webhook', () => {
  it('arrives signed, as the standard’s own library checks', async () => {
    const webhook = await create()
    const { secret: next } = await endpoints().change(webhook.endpoint.id, {
      rotate: { overlapMs: 60_000 },
      now: new Date(),
    })
    await send()
    await happens()
    await expect.poll(() => got.length).toBe(1)
    const [{ headers, body } = { headers: {}, body: '' }] = got
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
    )
    for (const secret of [webhook.secret, next])
      expect(new Webhook(secret).verify(body, signed)).toMatchObject({
        type: 'ticket.opened',
        data: { number: 1001 },
      })
    const wrong = `whsec_${randomBytes(32).toString('base64')}`
    expect(() => new Webhook(wrong).verify(body, signed)).toThrow()
    expect(headers['content-type']).toBe('application/json')
    await expect.poll(async () => (await delivery(webhook))?.state).toBe('delivered')
    expect((await delivery(webhook))?.id).toBe(headers['webhook-id'])
  })

  it.each([
    ['an error', 500, 'oops'],
    ['a redirect', 302, ''],
    ['a refusal', 400, 'no'],
    ['not modified', 304, ''],
  ])('that meets %s is tried again', async (_what, status, body) => {
    answerOnce((response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${String(port)}/x` }).end(body),
    )
    const webhook = await create()
    await send()
    await happens()
    const found = await ends(webhook)
    expect(found).toMatchObject({ state: 'pending', attempts: 1, lastStatus: status, lastBody: body })
    expect(waitOf(found)).toBeGreaterThan(4)
    // The redirect was not followed.
    expect(got).toHaveLength(1)
  })

  it('waits as long as the other side asks', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '120' }).end()
    const webhook = await create()
    await send()
    await happens()
    expect(waitOf(await ends(webhook))).toBeGreaterThan(119)
  })

  it.each([
    ['silent', (): void => undefined],
    ['slow', (response: ServerResponse): void => void response.writeHead(200).write('x')],
    ['broken', (response: ServerResponse): void => void response.destroy()],
    ['endless', (response: ServerResponse): void => void response.writeHead(200).end('x'.repeat(1_100_000))],
  ])('to a side that is %s is tried again', async (_what, behave) => {
    answer = behave
    const webhook = await create()
    await send({ timeoutMs: 300 })
    await happens()
    expect(await ends(webhook)).toMatchObject({
      state: 'pending',
      lastError: expect.stringMatching(/^no answer/),
    })
  })

  it('keeps the first 2 kB of the last answer, and no half characters', async () => {
    answer = (response) => response.writeHead(500).end('错'.repeat(5_000))
    const webhook = await create()
    await send()
    await happens()
    const { lastBody = '' } = await ends(webhook)
    expect(Buffer.byteLength(lastBody)).toBeLessThanOrEqual(2_048)
    expect(lastBody).toMatch(/^错+$/)
  })

  it('is ended by 410, and the log says so', async () => {
    answer = (response) => response.writeHead(410).end()
    const webhook = await create()
    await send()
    await happens()
    await expect.poll(async () => (await endpoints().get(webhook.endpoint.id)).disabledReason).toBe('gone')
    await expect
      .poll(() => log.some(({ level, event }) => level === 'warn' && event.includes('disabled')))
      .toBe(true)
  })

  it('comes again with the same id, and arrives in the end', async () => {
    // Not again by itself while the first attempt is looked at, however slow the machine.
    answer = (response) => response.writeHead(503, { 'retry-after': '3600' }).end()
    const webhook = await create()
    await send()
    await happens()
    await ends(webhook)
    answer = (response) => response.writeHead(200).end('ok')
    await test.database.query('update webhook_deliveries set next_attempt_at = now()')
    bus.publish(topics.webhooks, {})
    await expect.poll(async () => (await delivery(webhook))?.state).toBe('delivered')
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(got.map(({ body }) => body)).size).toBe(1)
    expect(got).toHaveLength(2)
  })

  it('goes nowhere inside, whatever the row says', async () => {
    const webhook = await create()
    await send({ loopbackHttp: false })
    await happens()
    await expect.poll(async () => (await delivery(webhook))?.state).toBe('dead')
    expect(got).toEqual([])
  })

  it('of a slow side does not hold up another', async () => {
    const quick = await create()
    const slow = await create(`http://127.0.0.1:${String(port)}/slow`)
    answer = (response) => {
      if (response.req.url === '/hook') response.writeHead(204).end()
    }
    await send()
    for (let n = 0; n < 8; n += 1) await happens()
    await expect
      .poll(async () => {
        const all = await createWebhookDeliveries(test.database).list(quick.endpoint.id, { limit: 20 })
        return all.filter(({ state }) => state === 'delivered').length
      })
      .toBe(8)
    expect((await delivery(slow))?.state).toBe('pending')
  })
})

describe('the schedule', () => {
  it('tries for three days, ever more rarely, spread out, and then gives up', () => {
    const waits = Array.from({ length: 12 }, (_, n) => nextWait(n + 1, 0, () => 0.5))
    const real = waits.filter((wait) => wait !== undefined)
    expect(waits.slice(real.length)).toEqual([undefined, undefined, undefined])
    expect(real).toEqual([...real].sort((one, other) => one - other))
    const days = real.reduce((sum, wait) => sum + wait, 0) / 86_400_000
    expect(days).toBeGreaterThan(2.8)
    expect(days).toBeLessThan(3.2)
    expect(nextWait(1, 0, () => 0)).toBeLessThan(nextWait(1, 0, () => 1) ?? 0)
    expect(nextWait(1, 60_000)).toBe(60_000)
  })

  it('reads Retry-After as seconds and as a date, and believes no week', () => {
    const now = new Date('2026-11-27T04:00:00Z')
    expect(readRetryAfter('7', now)).toBe(7_000)
    expect(readRetryAfter('Fri, 27 Nov 2026 04:01:00 GMT', now)).toBe(60_000)
    expect(readRetryAfter('Fri, 27 Nov 2020 04:01:00 GMT', now)).toBe(0)
    expect(readRetryAfter('999999', now)).toBe(86_400_000)
    for (const wrong of ['soon', '-5', '', undefined]) expect(readRetryAfter(wrong, now) ?? 0).toBe(0)
  })
})

describe('an address', () => {
  const configOf = (webhooks: object): Config => {
    const parsed = parseConfig({ webhooks })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    return parsed.config
  }

  it.each(tricks)('that leads inside is refused when it is given: %j', (trick) => {
    expect(createAddressFault(configOf({}))(trick.replace('PORT', '8787'))).toBeDefined()
  })

  it('that is public, or that the operator allows, is taken', () => {
    expect(createAddressFault(configOf({}))('https://crm.example.com/tongda')).toBeUndefined()
    const inside = createAddressFault(configOf({ allowPrivate: ['10.1.0.0/16'], loopbackHttp: true }))
    expect(inside('https://10.1.2.3/hook')).toBeUndefined()
    expect(inside('https://10.2.2.3/hook')).toBeDefined()
    expect(inside('http://127.0.0.1:9000/hook')).toBeUndefined()
  })
})
