import { setTimeout as delay } from 'node:timers/promises'
import type { AcceptItem } from '../../src/core/conversation.ts'
import { silentLog } from '../../src/core/log.ts'
import { createConversationStore, openEmbedded, openPostgres, type Database } from '../../src/store/index.ts'
import { quantile } from '../load.ts'
import { question } from '../questions.ts'
import { megabytes } from '../report.ts'
import type { ServerProcess } from '../server-process.ts'
import { account, createWechatClient } from '../wechat-client.ts'
import { answerOf, keyOf, startNodes, type ClusterOptions } from './cluster.ts'
import { judgeTexts, total, type Asked, type Verdict } from './ledger.ts'
import { startPlainPlatform, type PlainPlatform } from './plain-platform.ts'

/** How much lies waiting. */
export interface BacklogOptions extends Pick<
  ClusterOptions,
  'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  readonly conversations: number
  /** Messages that wait in each, every one with an answer of its own, hence a turn of its own. */
  readonly each: number
  /** Messages a second of others, who write while all that is answered. */
  readonly livePerSecond: number
  /** Hears every ten seconds how many answers have come, those to others among them. */
  readonly onProgress?: (line: { readonly seconds: number; readonly answers: number }) => void
}

/** What came of messages that lay waiting when the nodes started. */
export interface BacklogResult extends Verdict {
  readonly conversations: number
  /** From the start until the last of them was answered. */
  readonly drainedMs: number
  /** Messages of the backlog a second: each is a turn, an answer and a delivery. */
  readonly perSecond: number
  /** Messages of others meanwhile. */
  readonly live: number
  /** Those of them that got no answer. */
  readonly liveLost: number
  readonly liveP50Ms: number
  readonly liveP95Ms: number
  /** Most memory that any node held. */
  readonly peakMegabytes: number
}

const inboxId = 'torture'
const path = `/channels/${inboxId}/callback`
const openidOf = (n: number): string => `oBacklog${String(n).padStart(6, '0')}`
/** As many as the product's own accept takes at once. */
const batch = 200
const dayMs = 86_400_000
const lookEveryMs = 200
const tellEveryMs = 10_000
/** Longest wait for anything at all to happen. */
const stuckMs = 60_000
const liveLimitMs = 90_000

const itemOf = (contact: number, n: number, now: Date): AcceptItem => ({
  message: {
    inboxId,
    dedupKey: `backlog-${String(contact)}-${String(n)}`,
    contactKey: openidOf(contact),
    threadKey: openidOf(contact),
    accountKey: account.originalId,
    parts: [{ kind: 'event', name: 'menu', value: keyOf(n) }],
    sentAt: new Date(now.getTime() - dayMs / 24 + n * 1_000),
    mayContinue: false,
    wantsReply: true,
    passiveBudgetMs: 0,
  },
  channel: 'wechat',
  settleMs: 0,
  settleMaxMs: 0,
  quota: { click: { left: 1_000, until: new Date(now.getTime() + dayMs), reserved: 0 } },
})

/** Stores the messages as accepting does while no node runs, everyone's first before anyone's second. */
const fill = async (database: Database, { conversations, each }: BacklogOptions): Promise<void> => {
  const store = createConversationStore(database)
  const now = new Date()
  for (let n = 0; n < each; n += 1)
    for (let from = 0; from < conversations; from += batch) {
      const count = Math.min(batch, conversations - from)
      await store.accept(
        Array.from({ length: count }, (_, place) => itemOf(from + place, n, now)),
        now,
      )
    }
}

const openDatabase = ({ databaseUrl }: BacklogOptions, node: ServerProcess | undefined): Promise<Database> =>
  databaseUrl === undefined
    ? openEmbedded({ folder: `${node?.folder ?? ''}/data`, log: silentLog })
    : openPostgres({ url: databaseUrl, maxConnections: 4, timeoutMs: 60_000, log: silentLog })

/** Others who write one question each until told to stop; gives how long each waited for a word. */
const writeLive = (platform: PlainPlatform, nodes: readonly ServerProcess[], perSecond: number) => {
  const clients = nodes.map(({ url }) => createWechatClient(url, path, 50))
  let running = true
  const waits: Promise<number | undefined>[] = []
  const ask = async (n: number): Promise<number | undefined> => {
    const openid = `oLive${String(n)}`
    const startedAt = performance.now()
    const pushed = await clients[n % clients.length]?.say(openid, question(n)).catch(() => undefined)
    if (pushed?.reply !== undefined) return performance.now() - startedAt
    // Refused: a platform would push again; here it counts as lost.
    if (pushed?.status !== 200 || !(await platform.first(openid, liveLimitMs))) return undefined
    return performance.now() - startedAt
  }
  const loop = async (): Promise<void> => {
    for (let n = 0; running && perSecond > 0; n += 1) {
      waits.push(ask(n))
      await delay(1_000 / perSecond)
    }
  }
  const looping = loop()
  return async (): Promise<readonly (number | undefined)[]> => {
    running = false
    await looping
    const results = await Promise.all(waits)
    await Promise.all(clients.map((client) => client.close()))
    return results
  }
}

/** Waits until nothing lacks its answer, or nothing happens any more; gives the most memory seen in bytes. */
const drain = async (
  platform: PlainPlatform,
  nodes: readonly ServerProcess[],
  { isOver, onProgress }: { readonly isOver: () => boolean } & Pick<BacklogOptions, 'onProgress'>,
): Promise<number> => {
  const startedAt = performance.now()
  let toldAt = startedAt
  let [peak, count, movedAt] = [0, platform.count(), performance.now()]
  for (;;) {
    peak = Math.max(peak, ...nodes.map((node) => node.residentBytes()))
    if (platform.count() !== count) [count, movedAt] = [platform.count(), performance.now()]
    if (isOver() || performance.now() - movedAt > stuckMs) return peak
    if (performance.now() - toldAt > tellEveryMs) {
      toldAt = performance.now()
      onProgress?.({ seconds: Math.round((toldAt - startedAt) / 1_000), answers: count })
    }
    await delay(lookEveryMs)
  }
}

/** Lets many messages lie waiting, starts the nodes and counts what comes out, while others write. */
export const backlogRun = async (options: BacklogOptions): Promise<BacklogResult> => {
  const { conversations, each, onProgress = () => undefined } = options
  const platform = await startPlainPlatform()
  const nodes = await startNodes(platform.url, options).catch((error: unknown) => {
    platform.close()
    throw error
  })
  try {
    for (const node of nodes) await node.stop()
    const database = await openDatabase(options, nodes[0])
    await fill(database, options)
    await database.close()
    const asked: readonly Asked[] = Array.from({ length: each }, (_, n) => ({
      answer: answerOf(n),
      acknowledged: true,
    }))
    const contacts = Array.from({ length: conversations }, (_, n) => openidOf(n))
    const isAnswered = (openid: string): boolean => platform.said(openid).length >= each
    let answered = 0
    const isOver = (): boolean => {
      while (answered < contacts.length && isAnswered(contacts[answered] ?? '')) answered += 1
      return answered === contacts.length
    }
    const startedAt = performance.now()
    await Promise.all(nodes.map((node) => node.start()))
    const stopLive = writeLive(platform, nodes, options.livePerSecond)
    const peak = await drain(platform, nodes, { isOver, onProgress })
    const drainedMs = performance.now() - startedAt
    const live = await stopLive()
    const waits = live.filter((wait) => wait !== undefined)
    return {
      ...total(contacts.map((openid) => judgeTexts(asked, platform.said(openid)))),
      conversations,
      drainedMs: Math.round(drainedMs),
      perSecond: Math.round((conversations * each * 1_000) / drainedMs),
      live: live.length,
      liveLost: live.length - waits.length,
      liveP50Ms: Math.round(quantile(waits, 0.5)),
      liveP95Ms: Math.round(quantile(waits, 0.95)),
      peakMegabytes: megabytes(peak),
    }
  } finally {
    platform.close()
    await Promise.all(nodes.map((node) => node.dispose()))
  }
}
