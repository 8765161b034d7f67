import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import { freePort } from '../../src/app/free-port.ts'
import { createMutate } from '../mutate.ts'
import { parseMutated } from '../parsers.ts'
import { question } from '../questions.ts'
import { createServerProcess } from '../server-process.ts'
import { createWechatClient } from '../wechat-client.ts'
import type { ClusterOptions } from './cluster.ts'
import { openWebhooks, type Webhook, type WebhookRequest } from './webhooks.ts'

/** How hard to be. */
export interface ParsersOptions extends Pick<ClusterOptions, 'learned' | 'databaseUrl'> {
  /** Of the mutations of requests. */
  readonly seed: number
  /** Mutated inputs of each reader. */
  readonly inputs: number
  /** Mutated requests to each webhook. */
  readonly requests: number
}

/** What one webhook said to requests. */
export interface WebhookFigures {
  /** As the provider makes them, and not taken. Must be 0, or what follows shows nothing. */
  readonly soundRefused: number
  /** Mutated ones whose content was still one. */
  readonly taken: number
  readonly refused: number
  /** Answered with 5xx. Must be 0. */
  readonly failed: number
  /** Not answered. Must be 0. */
  readonly unanswered: number
  readonly slowestMs: number
}

/** What came of mutated inputs. */
export interface ParsersResult {
  /** Over all readers. */
  readonly crashes: number
  readonly slowestMs: number
  readonly slowest: string
  readonly readers: number
  readonly webhooks: Readonly<Record<string, WebhookFigures>>
  /** Whether the product answers a contact after all that. */
  readonly answersAfter: boolean
}

const atOnce = 8
/** One of so many is spoilt outside: its proof does not fit it any more. */
const outsideEvery = 4
const tries = 10

type Reply = { readonly status: number | undefined; readonly ms: number }

const isTaken = ({ status = 0 }: Reply): boolean => status >= 200 && status < 300

const post = async (pool: Pool, { path, headers, body }: WebhookRequest): Promise<Reply> => {
  const startedAt = performance.now()
  const status = await pool
    .request({ path, method: 'POST', headers: { ...headers }, body })
    .then(async (response) => {
      await response.body.dump()
      return response.statusCode
    })
    .catch(() => undefined)
  return { status, ms: performance.now() - startedAt }
}

/** Sends mutated pushes of one provider, a few at once. */
const pushMutated = async (
  { seeds, seal }: Webhook,
  pool: Pool,
  { seed, requests }: ParsersOptions,
): Promise<WebhookFigures> => {
  const mutate = createMutate(seed)
  const sound: Reply[] = []
  for (const content of seeds) sound.push(await post(pool, seal(content)))
  const replies: Reply[] = []
  let sent = 0
  const requestOf = (n: number): WebhookRequest => {
    const content = seeds[n % seeds.length] ?? ''
    if (n % outsideEvery > 0) return seal(mutate(content))
    const sealed = seal(content)
    return { ...sealed, body: mutate(sealed.body) }
  }
  const send = async (): Promise<void> => {
    while (sent < requests) replies.push(await post(pool, requestOf(sent++)))
  }
  await Promise.all(Array.from({ length: atOnce }, send))
  const count = (from: number, to: number): number =>
    replies.filter(({ status = 0 }) => status >= from && status < to).length
  return {
    soundRefused: sound.filter((reply) => !isTaken(reply)).length,
    ...{ taken: replies.filter(isTaken).length, refused: count(400, 500), failed: count(500, 600) },
    unanswered: replies.filter(({ status }) => status === undefined).length,
    slowestMs: Math.round(Math.max(...replies.map(({ ms }) => ms))),
  }
}

/** Whether a contact who writes now is answered, what was taken before being answered first. */
const isAnswered = async (url: string): Promise<boolean> => {
  const client = createWechatClient(url, '/channels/torture/callback', 1)
  try {
    for (let n = 0; n < tries; n += 1) {
      const { reply } = await client.say(`oAfterwards${String(n)}`, question(n))
      if (reply !== undefined && reply !== '') return true
      await delay(1_000)
    }
    return false
  } catch {
    return false
  } finally {
    await client.close()
  }
}

const askProduct = async (
  options: ParsersOptions,
): Promise<Pick<ParsersResult, 'webhooks' | 'answersAfter'>> => {
  const port = await freePort()
  const base = `http://127.0.0.1:${String(port)}`
  const opened = await openWebhooks(base)
  const { databaseUrl, learned } = options
  const product = createServerProcess({
    port,
    config: { production: true, router: { settleMs: 0 }, inboxes: opened.inboxes },
    environment: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
    learned,
  })
  const pool = new Pool(base, { connections: atOnce, headersTimeout: 30_000 })
  try {
    await product.start()
    const webhooks: Record<string, WebhookFigures> = {}
    for (const webhook of opened.webhooks)
      webhooks[webhook.channel] = await pushMutated(webhook, pool, options)
    if (await product.hasEnded(0))
      throw new Error(
        `the product ended: ${readFileSync(join(product.folder, 'server.log'), 'utf8').slice(-2_000)}`,
      )
    return { webhooks, answersAfter: await isAnswered(base) }
  } finally {
    await pool.destroy()
    await product.dispose()
    await opened.close()
  }
}

/** Has every channel's reader read mutated inputs, then a running product get mutated pushes at each webhook. */
export const parsersRun = async (options: ParsersOptions): Promise<ParsersResult> => {
  const readers = await parseMutated(options.inputs)
  const [slowest] = [...readers].sort((one, other) => other.worstMs - one.worstMs)
  return {
    crashes: readers.reduce((sum, { crashes }) => sum + crashes, 0),
    ...{ slowestMs: slowest?.worstMs ?? Infinity, slowest: slowest?.channel ?? '', readers: readers.length },
    ...(await askProduct(options)),
  }
}
