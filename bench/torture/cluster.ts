import { serve } from '@hono/node-server'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createWechatSimulator, type TranscriptEntry, type WechatSimulator } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { openEmbedded, openPostgres } from '../../src/store/index.ts'
import { createServerProcess, type ServerProcess } from '../server-process.ts'
import { account } from '../wechat-client.ts'
import { countUnmarked, judge, total, type Asked, type Mark, type Verdict } from './ledger.ts'

/** What an experiment runs on. */
export interface ClusterOptions {
  readonly contacts: number
  /** PostgreSQL; undefined: the embedded database, hence one node. */
  readonly databaseUrl?: string | undefined
  readonly redisUrl?: string | undefined
  /** Default 1. */
  readonly nodes?: number
  /** Conversations a node thinks about at once. Default: the product's. */
  readonly workers?: number
  /** Milliseconds a node may hold a conversation. Default: the product's. */
  readonly leaseMs?: number
  /** Folder of what the product has learned, so that no node learns it anew. Default: the first one learns. */
  readonly learned?: string | undefined
  /** Milliseconds a push is held for a passive reply. Default 2000; 0: every answer goes by the API. */
  readonly passiveBudgetMs?: number
  /** A build of the product for experiments. Default: the product itself. */
  readonly build?: string | undefined
  /** Where the sources of a node lie when it is started. Default: these. */
  readonly sources?: (node: number) => string
  /** Of every node, beside what it needs. */
  readonly environment?: Readonly<Record<string, string>>
  /** How often the platform pushes a message before it gives up. Default 3, as documented. */
  readonly attempts?: number
  /** Further inboxes, by their ids. */
  readonly inboxes?: Readonly<Record<string, object>>
  /** Inboxes that differ from node to node, where each needs a port of its own. */
  readonly ownInboxes?: (node: number) => Readonly<Record<string, object>>
  /** Further sections of the configuration. */
  readonly sections?: Readonly<Record<string, object>> | undefined
  /** Where the first node listens. Default: any port. */
  readonly port?: number
  /** Hears of each node's folder before it starts for the first time. */
  readonly prepare?: (folder: string) => void
}

/** A platform and the product's nodes behind it. What a contact is shown is known on the platform's side alone. */
export interface Cluster {
  readonly simulator: WechatSimulator
  readonly contacts: readonly string[]
  readonly nodes: readonly ServerProcess[]
  /** Pushes go to these in turn from now on, whether they are up or not. At first: to all. */
  route(nodes: readonly ServerProcess[]): void
  /** Compares what was asked with what the contacts were shown. */
  verdict(asked: readonly (readonly Asked[])[]): Verdict
  /** Messages of a contact that were acknowledged and have no answer yet. */
  countOpen(openid: string, asked: readonly Asked[]): number
  /**
   * Waits until nothing acknowledged is without its answer, at most until no further one has come for two minutes; gives the
   * milliseconds that took.
   */
  settle(asked: readonly (readonly Asked[])[]): Promise<number>
  /** What the product itself shows as possibly said again. Only while no node runs. */
  marks(): Promise<readonly Mark[]>
  /** How often answers may have been said again, after what the product shows. Only while no node runs. */
  countMarked(): Promise<number>
  /** Repeats that the product does not show as such. Only while no node runs. */
  countUnmarked(asked: readonly (readonly Asked[])[]): Promise<number>
  /** How many answers the product shows as given up. Only while no node runs. */
  countGivenUp(): Promise<number>
  dispose(): Promise<void>
}

/** Different things to ask: menu keys with fixed texts, so that every message has an answer of its own. */
export const keys = 400
/** The menu key of the nth thing to ask. */
export const keyOf = (n: number): string => `ASK_${String(n)}`
/** The answer that belongs to it alone. */
export const answerOf = (n: number): string => `答复第${String(n)}号`

/** An article is given from here on, however alike the articles of an experiment are. */
const answerFrom = 0.9

const configFor = (apiBase: string, options: Omit<ClusterOptions, 'contacts'>, node: number) => ({
  ...options.sections,
  production: true,
  router: {
    settleMs: 0,
    ...(options.workers === undefined ? {} : { concurrency: options.workers }),
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
  },
  ...(options.redisUrl === undefined ? {} : { redis: { url: options.redisUrl } }),
  dialogue: {
    menuKeys: Object.fromEntries(
      Array.from({ length: keys }, (_, n) => [keyOf(n), { to: 'text', text: answerOf(n) }]),
    ),
    ...(options.sections === undefined ? {} : { thresholds: { answer: answerFrom } }),
  },
  inboxes: {
    torture: {
      channel: 'wechat',
      mode: 'safe',
      ...account,
      apiBase,
      passiveBudgetMs: options.passiveBudgetMs ?? 2_000,
      sendsPerSecond: 500,
      allowances: {
        click: { count: 1_000, windowMs: 3_600_000 },
        message: { count: 1_000, windowMs: 3_600_000 },
      },
    },
    ...options.inboxes,
    ...options.ownInboxes?.(node),
  },
})

/** Nodes that share a database need the same key; it protects nothing but this run. */
const masterKey = '7'.repeat(64)

const cacheOf = ({ folder }: ServerProcess): string => join(folder, 'data', 'cache')

/** Starts nodes of one inbox, `torture`, whose platform is at `apiBase`. */
export const startNodes = async (
  apiBase: string,
  options: Omit<ClusterOptions, 'contacts'>,
): Promise<readonly ServerProcess[]> => {
  const { databaseUrl, nodes: count = 1, sources } = options
  const environment = {
    ...options.environment,
    TONGDA_MASTER_KEY: masterKey,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  }
  const nodes: ServerProcess[] = []
  // One after the other: they take their ports only when they start, and learn from the first.
  for (let n = 0; n < count; n += 1) {
    const node = createServerProcess({
      port: (n === 0 ? options.port : undefined) ?? (await freePort()),
      config: configFor(apiBase, options, n),
      environment,
      build: options.build,
      learned: options.learned ?? (nodes[0] && cacheOf(nodes[0])),
      sources: sources && (() => sources(n)),
    })
    options.prepare?.(node.folder)
    await node.start()
    nodes.push(node)
  }
  return nodes
}

/** Asks the database, while no node runs. */
const ask = async <Row extends Record<string, unknown>>(
  sql: string,
  databaseUrl: string | undefined,
  nodes: readonly ServerProcess[],
): Promise<readonly Row[]> => {
  const database = await (databaseUrl === undefined
    ? openEmbedded({ folder: `${nodes[0]?.folder ?? ''}/data`, log: silentLog })
    : openPostgres({ url: databaseUrl, maxConnections: 2, timeoutMs: 60_000, log: silentLog }))
  try {
    return await database.query<Row>(sql)
  } finally {
    await database.close()
  }
}

/** Every attempt but the last whose end nobody knows may be a repeat more. */
const findMarks = `
select c.contact_key as contact, coalesce(o.part ->> 'text', '') as text,
  (select count(*) from delivery_attempts d
    where d.outbox_id = o.id and (d.outcome is null or d.outcome = 'unknown'))::int as times
from outbox o join conversations c on c.id = o.conversation_id where o.repeated`

const countFailed = `select count(*)::int as found from outbox where status = 'failed'`

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** What is read from the database once no node runs; `unmarked` counts by contact. */
const createCounts = (
  { databaseUrl }: Pick<ClusterOptions, 'databaseUrl'>,
  nodes: readonly ServerProcess[],
  unmarked: (asked: readonly (readonly Asked[])[], marks: readonly Mark[]) => readonly number[],
): Pick<Cluster, 'marks' | 'countMarked' | 'countUnmarked' | 'countGivenUp'> => {
  const marks = () => ask<Mark & Record<string, unknown>>(findMarks, databaseUrl, nodes)
  return {
    marks,
    countMarked: async () => sum((await marks()).map(({ times }) => times)),
    countUnmarked: async (asked) => sum(unmarked(asked, await marks())),
    countGivenUp: async () => (await ask<{ found: number }>(countFailed, databaseUrl, nodes))[0]?.found ?? 0,
  }
}

// What a node that died had leased, a busy machine answers only after the lease, and slowly.
const settleLimitMs = 120_000

/** Waits until nothing is open, or until that has not changed for too long; gives the milliseconds that took. */
const settle = async (countOpen: () => number): Promise<number> => {
  const startedAt = performance.now()
  let [before, changedAt] = [-1, startedAt]
  for (;;) {
    const open = countOpen()
    const now = performance.now()
    if (open !== before) [before, changedAt] = [open, now]
    if (open === 0 || now - changedAt > settleLimitMs) return Math.round(now - startedAt)
    await delay(100)
  }
}

/** Starts a simulated platform and the nodes. The platform's quotas are wide open: they are not what is tested. */
export const openCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const port = await freePort()
  const apiBase = `http://127.0.0.1:${String(port)}`
  const contacts = Array.from({ length: options.contacts }, (_, n) => `oTorture${String(n).padStart(4, '0')}`)
  const limit = { count: 100_000, windowMs: 86_400_000 }
  let routed: readonly ServerProcess[] = []
  let turn = 0
  const simulator = createWechatSimulator({
    account: { ...account, name: '次元站', mode: 'safe', kind: 'service' },
    callbackUrl: () => `${routed[turn++ % routed.length]?.url ?? apiBase}/channels/torture/callback`,
    apiUrl: () => apiBase,
    clock: systemClock,
    users: contacts.map((openid) => ({ openid, name: openid })),
    limits: { message: limit, menu: limit, subscribe: limit, scan: limit },
    timing: { attempts: options.attempts ?? 3, attemptTimeoutMs: 5_000, retryDelayMs: 1_500 },
  })
  // Kept here: the simulator forgets the oldest lines of a long talk.
  const shown = new Map(contacts.map((openid) => [openid, new Map<number, TranscriptEntry>()]))
  simulator.onEvent((event) => {
    if (event.kind === 'transcript') shown.get(event.entry.openid)?.set(event.entry.id, event.entry)
  })
  const server = serve({ fetch: simulator.api.fetch, port, hostname: '127.0.0.1' })
  const stopPlatform = (): void => {
    simulator.close()
    server.close()
  }
  const nodes = await startNodes(apiBase, options).catch((error: unknown) => {
    stopPlatform()
    throw error
  })
  routed = nodes
  const linesOf = (openid: string): readonly TranscriptEntry[] => [...(shown.get(openid)?.values() ?? [])]
  const verdict: Cluster['verdict'] = (asked) =>
    total(contacts.map((openid, place) => judge(asked[place] ?? [], linesOf(openid))))
  return {
    ...{ simulator, contacts, nodes, verdict },
    ...createCounts(options, nodes, (asked, marks) =>
      contacts.map((openid, place) =>
        countUnmarked(
          asked[place] ?? [],
          linesOf(openid),
          marks.filter(({ contact }) => contact === openid),
        ),
      ),
    ),
    route: (next) => {
      routed = next
    },
    countOpen: (openid, asked) => judge(asked, linesOf(openid)).lost,
    settle: (asked) => settle(() => verdict(asked).lost),
    dispose: async () => {
      stopPlatform()
      await Promise.all(nodes.map((node) => node.dispose()))
    },
  }
}

/** How a contact talks. */
export interface Talk {
  /** Asked before each message; false ends the talk. */
  readonly running: () => boolean
  /** Messages at most. Default: as many as there are different things to ask. */
  readonly most?: number
  /** How many messages may have been asked by now; the next one waits until it is more. Default: all of them. */
  readonly due?: () => number
  /** Milliseconds from the end of one push to the next. Default 20. */
  readonly pauseMs?: number
  /** The same message so many times at once. Default once. */
  readonly copies?: (n: number) => number
  /** Hears, after each push, what was asked until then. */
  readonly onAsked?: (asked: readonly Asked[]) => void
}

/** A contact who asks the next thing as soon as the platform is done with the last one; gives what was asked. */
export const talk = async (
  { simulator }: Pick<Cluster, 'simulator'>,
  openid: string,
  { running, most = keys, due = () => keys, pauseMs = 20, copies = () => 1, onAsked }: Talk,
): Promise<readonly Asked[]> => {
  const asked: Asked[] = []
  while (running() && asked.length < Math.min(most, keys)) {
    const n = asked.length
    if (n >= due()) {
      await delay(pauseMs)
      continue
    }
    const { state } = await simulator.push(
      openid,
      { kind: 'click', key: keyOf(n), label: keyOf(n) },
      { copies: copies(n) },
    )
    asked.push({ answer: answerOf(n), acknowledged: state !== 'failed' })
    onAsked?.(asked)
    await delay(pauseMs)
  }
  return asked
}
