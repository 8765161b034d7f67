import { setTimeout as delay } from 'node:timers/promises'
import { quantile } from '../load.ts'
import { question } from '../questions.ts'
import { createWechatClient, type Sealed } from '../wechat-client.ts'
import { startNodes, type ClusterOptions } from './cluster.ts'
import { buildWithKillPoints, removeBuild } from './kill-points/build.ts'
import { slowDown } from './kill-points/order.ts'
import { startPlainPlatform } from './plain-platform.ts'

/** How hard to be. */
export interface RetryStormOptions extends Pick<
  ClusterOptions,
  'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  /** Pushes a second, repeated ones among them. */
  readonly perSecond: number
  readonly seconds: number
  /** Milliseconds that thinking about a message takes meanwhile. */
  readonly thinkMs: number
}

/** What came of a platform that pushed everything three times while answers took long. */
export interface RetryStormResult {
  readonly pushes: number
  /** Messages: each was pushed three times, and is its contact's only one. */
  readonly messages: number
  /** Pushes, those before the storm too, that were answered with anything but an acknowledgement. */
  readonly refused: number
  readonly acknowledgeP50Ms: number
  readonly acknowledgeP99Ms: number
  readonly acknowledgeMaxMs: number
  /** Acknowledged messages whose answer never came. */
  readonly lost: number
  /** Answers beyond the first to the same message. */
  readonly repeats: number
  /** From the end of the storm, when thinking is quick again, until everything was answered. */
  readonly settledMs: number
}

/** A platform that hears nothing asks three times, five seconds apart. */
const attempts = 3
const apartMs = 5_000
/** A storm comes over nodes that are at work: before it messages come at this pace, each pushed once. */
const before = { perSecond: 20, seconds: 15, attempts: 1 }
const path = '/channels/torture/callback'
const connections = 200
const patienceMs = 600_000
const openidOf = (n: number): string => `oStorm${String(n).padStart(6, '0')}`

interface Push {
  readonly openid: string
  readonly ms: number
  readonly ok: boolean
}

interface Pace {
  readonly perSecond: number
  readonly seconds: number
  readonly attempts: number
}

/** Pushes at a steady pace: what is due again first, else something new. `from`: the number of the first message. */
const pushSteadily = async (
  urls: readonly string[],
  { perSecond, seconds, attempts: most }: Pace,
  from: number,
) => {
  const clients = urls.map((url) => createWechatClient(url, path, connections))
  const pushes: Promise<Push>[] = []
  const due: { readonly openid: string; readonly sealed: Sealed; readonly atMs: number; left: number }[] = []
  let messages = from
  const startedAt = performance.now()
  const endMs = startedAt + seconds * 1_000
  const post = async (openid: string, sealed: Sealed): Promise<Push> => {
    const pushed = await clients[pushes.length % clients.length]?.push(sealed).catch(() => undefined)
    return { openid, ms: pushed?.ms ?? Infinity, ok: pushed?.status === 200 }
  }
  const next = (now: number) => {
    const again = due[0] !== undefined && due[0].atMs <= now ? due.shift() : undefined
    if (again !== undefined || now >= endMs) return again
    const openid = openidOf(messages)
    messages += 1
    const [client] = clients
    return client && { openid, sealed: client.compose(openid, question(messages)), left: most, atMs: now }
  }
  for (let n = 0; performance.now() < endMs || due.length > 0; n += 1) {
    await delay(Math.max(0, startedAt + (n * 1_000) / perSecond - performance.now()))
    const now = performance.now()
    const push = next(now)
    if (push === undefined) continue
    pushes.push(post(push.openid, push.sealed))
    if (push.left > 1) due.push({ ...push, left: push.left - 1, atMs: now + apartMs })
  }
  const results = await Promise.all(pushes)
  await Promise.all(clients.map((client) => client.close()))
  return { results, messages: messages - from }
}

/** Pushes every message three times at a steady pace while thinking takes long; then lets all be answered. */
export const retryStormRun = async (options: RetryStormOptions): Promise<RetryStormResult> => {
  const platform = await startPlainPlatform()
  const build = await buildWithKillPoints()
  const nodes = await startNodes(platform.url, { ...options, build, passiveBudgetMs: 0 })
  try {
    const urls = nodes.map(({ url }) => url)
    const calm = await pushSteadily(urls, before, 0)
    for (const { folder } of nodes) slowDown(folder, options.thinkMs)
    const { results, messages } = await pushSteadily(urls, { ...options, attempts }, calm.messages)
    for (const { folder } of nodes) slowDown(folder, 0)
    const acknowledged = new Set(
      [...calm.results, ...results].filter(({ ok }) => ok).map(({ openid }) => openid),
    )
    const unanswered = (): number =>
      [...acknowledged].filter((openid) => platform.said(openid).length === 0).length
    const startedAt = performance.now()
    while (unanswered() > 0 && performance.now() - startedAt < patienceMs) await delay(200)
    const settledMs = Math.round(performance.now() - startedAt)
    for (const node of nodes) await node.stop()
    const waits = results.map(({ ms }) => ms)
    return {
      ...{
        pushes: results.length,
        messages,
        refused: [...calm.results, ...results].filter(({ ok }) => !ok).length,
      },
      acknowledgeP50Ms: Math.round(quantile(waits, 0.5)),
      acknowledgeP99Ms: Math.round(quantile(waits, 0.99)),
      acknowledgeMaxMs: Math.round(Math.max(...waits)),
      lost: unanswered(),
      repeats: [...acknowledged].reduce((sum, one) => sum + Math.max(0, platform.said(one).length - 1), 0),
      settledMs,
    }
  } finally {
    platform.close()
    await Promise.all(nodes.map((node) => node.dispose()))
    removeBuild(build)
  }
}
