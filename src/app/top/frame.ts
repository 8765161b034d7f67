import { quantileOf, rateOf, samplesOf, sumOf, type Reading } from './samples.ts'

/** A node, as the frame shows it. */
export interface NodeLine {
  readonly url: string
  /** Absent in all below: it does not answer. */
  readonly problem?: string
  readonly memoryBytes?: number
  readonly eventLoopSeconds?: number
  readonly messagesPerSecond?: number
}

/** Unsent messages of a channel. */
export interface OutboxLine {
  readonly channel: string
  readonly state: string
  readonly messages: number
  readonly oldestSeconds: number
}

interface Quantiles {
  readonly p50?: number
  readonly p95?: number
}

/** How the product stands, over the nodes that answer. Durations in seconds. */
export interface Frame {
  readonly at: string
  /** That share the database, by its own word. */
  readonly nodesKnown: number
  readonly nodes: readonly NodeLine[]
  readonly perSecond: { readonly messages: number; readonly turns: number; readonly sends: number }
  readonly acknowledge: Quantiles
  readonly turn: Quantiles
  readonly queue: { readonly conversations: number; readonly oldestSeconds: number }
  readonly outbox: readonly OutboxLine[]
  readonly paused: readonly string[]
  readonly failing: readonly string[]
  readonly jobs: {
    readonly waiting: number
    readonly running: number
    readonly dead: number
    readonly lateSeconds: number
  }
  readonly people: { readonly online: number; readonly away: number }
  readonly ticketsOverdue: number
  readonly databaseUp: boolean
  /** Absent: none is configured. */
  readonly redisUp?: boolean
}

/** A node's last two readings, or why there are none. */
export type NodeReadings =
  | { readonly url: string; readonly pair: readonly [Reading, Reading] }
  | { readonly url: string; readonly problem: string }

type Pair = readonly [Reading, Reading]

const sumOver = (pairs: readonly Pair[], name: string): number =>
  pairs.reduce((sum, [before, after]) => sum + rateOf(before, after, name), 0)

/** Of what lies in the database, every node says the same. */
const mostOf = (
  pairs: readonly Pair[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number => Math.max(0, ...pairs.map(([, after]) => sumOf(after, name, labels) ?? 0))

const quantilesOf = (pairs: readonly Pair[], name: string): Quantiles => {
  const [p50, p95] = [quantileOf(pairs, name, 0.5), quantileOf(pairs, name, 0.95)]
  return { ...(p50 === undefined ? {} : { p50 }), ...(p95 === undefined ? {} : { p95 }) }
}

/** The sum over a channel's inboxes, the age of the oldest of them. */
const outboxOf = (pairs: readonly Pair[]): readonly OutboxLine[] => {
  const lines = new Map<string, OutboxLine>()
  const [first] = pairs
  if (first === undefined) return []
  const [, after] = first
  for (const { labels, value } of samplesOf(after, 'tongda_outbox_messages')) {
    const [inbox = '', channel = '', state = ''] = ['inbox', 'channel', 'state'].map((name) =>
      labels.get(name),
    )
    const age = sumOf(after, 'tongda_outbox_oldest_seconds', { inbox, channel, state }) ?? 0
    const known = lines.get(`${channel} ${state}`)
    lines.set(`${channel} ${state}`, {
      ...{ channel, state, messages: (known?.messages ?? 0) + value },
      oldestSeconds: Math.max(known?.oldestSeconds ?? 0, age),
    })
  }
  return [...lines.values()]
}

const inboxesWith = (
  pairs: readonly Pair[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): readonly string[] => [
  ...new Set(
    pairs.flatMap(([, after]) =>
      samplesOf(after, name, labels).flatMap((one) => (one.value > 0 ? (one.labels.get('inbox') ?? []) : [])),
    ),
  ),
]

const nodeOf = (node: NodeReadings): NodeLine => {
  if ('problem' in node) return node
  const { url, pair } = node
  const [before, after] = pair
  return {
    url,
    memoryBytes: sumOf(after, 'tongda_process_resident_memory_bytes') ?? 0,
    eventLoopSeconds: sumOf(after, 'tongda_nodejs_eventloop_lag_p99_seconds') ?? 0,
    messagesPerSecond: rateOf(before, after, 'tongda_messages_total'),
  }
}

/** Puts together what the nodes said. */
export const frameOf = (nodes: readonly NodeReadings[], at: Date): Frame => {
  const pairs = nodes.flatMap((node) => ('pair' in node ? [node.pair] : []))
  const redis = pairs.flatMap(([, after]) => sumOf(after, 'tongda_redis_up') ?? [])
  return {
    at: at.toISOString(),
    nodesKnown: mostOf(pairs, 'tongda_nodes'),
    nodes: nodes.map(nodeOf),
    perSecond: {
      messages: sumOver(pairs, 'tongda_messages_total'),
      turns: sumOver(pairs, 'tongda_turn_seconds_count'),
      sends: sumOver(pairs, 'tongda_sends_total'),
    },
    acknowledge: quantilesOf(pairs, 'tongda_acknowledge_seconds'),
    turn: quantilesOf(pairs, 'tongda_turn_seconds'),
    queue: {
      conversations: mostOf(pairs, 'tongda_queue_conversations'),
      oldestSeconds: mostOf(pairs, 'tongda_queue_oldest_seconds'),
    },
    outbox: outboxOf(pairs),
    paused: inboxesWith(pairs, 'tongda_inbox_paused'),
    failing: inboxesWith(pairs, 'tongda_inbox_state', { state: 'failing' }),
    jobs: {
      waiting: mostOf(pairs, 'tongda_jobs', { state: 'waiting' }),
      running: mostOf(pairs, 'tongda_jobs', { state: 'running' }),
      dead: mostOf(pairs, 'tongda_jobs', { state: 'dead' }),
      lateSeconds: Math.max(
        0,
        ...pairs.flatMap(([, after]) =>
          samplesOf(after, 'tongda_jobs_late_seconds').map(({ value }) => value),
        ),
      ),
    },
    people: {
      online: mostOf(pairs, 'tongda_agents', { availability: 'online' }),
      away: mostOf(pairs, 'tongda_agents', { availability: 'away' }),
    },
    ticketsOverdue: mostOf(pairs, 'tongda_tickets_overdue'),
    databaseUp: pairs.some(([, after]) => sumOf(after, 'tongda_database_up') === 1),
    ...(redis.length === 0 ? {} : { redisUp: redis.every((value) => value === 1) }),
  }
}
