import { setTimeout as delay } from 'node:timers/promises'
import { quantile } from '../load.ts'
import { question } from '../questions.ts'
import type { ServerProcess } from '../server-process.ts'
import { createWechatClient, type Sealed } from '../wechat-client.ts'
import { startNodes, type ClusterOptions } from './cluster.ts'
import { buildWithKillPoints, removeBuild } from './kill-points/build.ts'
import { slowDown } from './kill-points/order.ts'
import { startPlainPlatform, type PlainPlatform } from './plain-platform.ts'

/** How hard to be. */
export interface RetryStormOptions extends Pick<
  ClusterOptions,
  'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  /** Pushes a second. */
  readonly perSecond: number
  /** Of each part. */
  readonly seconds: number
  /** Milliseconds that thinking about a message takes meanwhile. */
  readonly thinkMs: number
  /** Seconds that messages come at an easy pace before. Default 15. */
  readonly calmSeconds?: number
}

/** What came of pushes at a steady pace while answers took long. */
export interface PushedResult {
  readonly pushes: number
  /** Different messages among them; each is its contact's only one. */
  readonly messages: number
  readonly acknowledgeP50Ms: number
  readonly acknowledgeP99Ms: number
  readonly acknowledgeMaxMs: number
  /** From the end, when thinking is quick again, until everything was answered. */
  readonly settledMs: number
}

/** What came of a platform that pushed everything three times, and then as many different messages, while answers took long. */
export interface RetryStormResult {
  /** Every message three times. */
  readonly storm: PushedResult
  /** Every message once. */
  readonly fresh: PushedResult
  /** Pushes, those before the storm too, that were answered with anything but an acknowledgement. */
  readonly refused: number
  /** Acknowledged messages whose answer never came. */
  readonly lost: number
  /** Answers beyond the first to the same message. */
  readonly repeats: number
}

/** A platform that hears nothing asks three times, five seconds apart. */
const attempts = 3
const apartMs = 5_000
/** A storm comes over nodes that are at work: before it messages come at this pace, each pushed once. */
const calmPace = { perSecond: 20, attempts: 1 }
const calmSeconds = 15
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

const summarise = (results: readonly Push[]) => {
  const waits = results.map(({ ms }) => ms)
  return {
    acknowledgeP50Ms: Math.round(quantile(waits, 0.5)),
    acknowledgeP99Ms: Math.round(quantile(waits, 0.99)),
    acknowledgeMaxMs: Math.round(Math.max(...waits)),
  }
}

/** Pushes while thinking takes long, then waits until everything acknowledged is answered. */
const createPushing = (
  options: RetryStormOptions,
  nodes: readonly ServerProcess[],
  platform: PlainPlatform,
) => {
  const urls = nodes.map(({ url }) => url)
  const all: Push[] = []
  let messages = 0
  const acknowledged = (): readonly string[] => [
    ...new Set(all.filter(({ ok }) => ok).map(({ openid }) => openid)),
  ]
  const unanswered = (): number =>
    acknowledged().filter((openid) => platform.said(openid).length === 0).length
  const push = async (pace: Pace, thinkMs: number): Promise<PushedResult> => {
    for (const { folder } of nodes) slowDown(folder, thinkMs)
    const pushed = await pushSteadily(urls, pace, messages)
    for (const { folder } of nodes) slowDown(folder, 0)
    messages += pushed.messages
    all.push(...pushed.results)
    const startedAt = performance.now()
    while (unanswered() > 0 && performance.now() - startedAt < patienceMs) await delay(200)
    const settledMs = Math.round(performance.now() - startedAt)
    return {
      ...{ pushes: pushed.results.length, messages: pushed.messages },
      ...{ ...summarise(pushed.results), settledMs },
    }
  }
  return {
    calm: () => push({ ...calmPace, seconds: options.calmSeconds ?? calmSeconds }, 0),
    push: (most: number) => push({ ...options, attempts: most }, options.thinkMs),
    end: () => ({
      refused: all.filter(({ ok }) => !ok).length,
      lost: unanswered(),
      repeats: acknowledged().reduce((sum, one) => sum + Math.max(0, platform.said(one).length - 1), 0),
    }),
  }
}

/**
 * Pushes at a steady pace while thinking takes long: every message three times, then as many different ones. Lets all of each
 * part be answered.
 */
export const retryStormRun = async (options: RetryStormOptions): Promise<RetryStormResult> => {
  const platform = await startPlainPlatform()
  const build = await buildWithKillPoints()
  const nodes = await startNodes(platform.url, { ...options, build, passiveBudgetMs: 0 })
  try {
    const pushing = createPushing(options, nodes, platform)
    await pushing.calm()
    const storm = await pushing.push(attempts)
    const fresh = await pushing.push(1)
    for (const node of nodes) await node.stop()
    return { storm, fresh, ...pushing.end() }
  } finally {
    platform.close()
    await Promise.all(nodes.map((node) => node.dispose()))
    removeBuild(build)
  }
}
