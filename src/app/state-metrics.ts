import { setTimeout as delay } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../core/database.ts'
import type { FlowReading } from '../core/flow.ts'
import type { InboxPauses, InboxState, InboxStatus } from '../core/inbox.ts'
import { availabilities } from '../core/queue.ts'
import { addGauge, shared, type GaugeFacts, type Reading } from './gauges.ts'
import { silentAfterMs } from './node-reports.ts'
import { productVersion } from './version.ts'

/** Whose state is told. */
export interface WatchedState {
  readonly clock: Clock
  readonly database: Pick<Database, 'kind' | 'query' | 'pool'>
  readonly flow: FlowReading
  readonly pauses: Pick<InboxPauses, 'list'>
  readonly inboxes: { statuses(): readonly InboxStatus[]; channelOf(inboxId: string): string }
  /** Absent: there is no Redis. */
  readonly redisUp?: () => boolean
}

const states: readonly InboxState[] = ['starting', 'running', 'failing', 'stopped']
/** Sooner than a gauge is given up. */
const answerMs = 2_000

const byInbox = ['inbox', 'channel'] as const
const byUnsent = ['inbox', 'channel', 'state'] as const

const facts = {
  build: { name: 'tongda_build_info', help: '1; the version of this node.', labelNames: ['version'] },
  nodes: { name: 'tongda_nodes', help: 'Nodes that share the database and told of themselves lately.' },
  ready: { name: 'tongda_queue_conversations', help: 'Conversations ready for a worker, up to 100,000.' },
  readyAge: {
    name: 'tongda_queue_oldest_seconds',
    help: 'For how long the oldest conversation has been ready for a worker; 0: none is.',
  },
  unsent: {
    name: 'tongda_outbox_messages',
    help: 'Messages that are still to be sent, up to 100,000 in all. queued: as soon as somebody has time; sending: on its way; window, quota: when the contact writes again; waiting: for a request, or a person.',
    labelNames: byUnsent,
  },
  unsentAge: {
    name: 'tongda_outbox_oldest_seconds',
    help: 'How old the oldest message is that is still to be sent.',
    labelNames: byUnsent,
  },
  sendsLeft: {
    name: 'tongda_tickets_sends_left',
    help: 'Open tickets by how many more messages their contacts can be sent before they write again. closed: the reply window is over; more: five and more.',
    labelNames: ['inbox', 'channel', 'left'],
  },
  overdue: { name: 'tongda_tickets_overdue', help: 'Open tickets of which something promised is overdue.' },
  agents: { name: 'tongda_agents', help: 'Agents by availability.', labelNames: ['availability'] },
  inbox: {
    name: 'tongda_inbox_state',
    help: '1 for the state an inbox is in on this node, 0 for the others.',
    labelNames: ['inbox', 'channel', 'state'],
  },
  paused: {
    name: 'tongda_inbox_paused',
    help: '1 while nothing is sent by an inbox, by the provider’s word or until an operator looks.',
    labelNames: byInbox,
  },
  databaseUp: { name: 'tongda_database_up', help: '1: the database answers.' },
  connections: {
    name: 'tongda_database_connections',
    help: 'Connections of this node to PostgreSQL.',
    labelNames: ['state'],
  },
  databaseWaiting: {
    name: 'tongda_database_waiting',
    help: 'Work of this node that waits for a connection to PostgreSQL.',
  },
  redisUp: { name: 'tongda_redis_up', help: '1: Redis answers this node; absent: none is configured.' },
} as const satisfies Record<string, GaugeFacts>

/** Every configured inbox has a row at 0, so that a curve does not begin with its first trouble. */
const pauseReadings = ({ inboxes }: WatchedState, paused: ReadonlyMap<string, unknown>): Reading[] =>
  inboxes.statuses().map(({ inboxId, channel }) => [{ inbox: inboxId, channel }, paused.has(inboxId) ? 1 : 0])

const addQueues = (registry: Registry, { flow, clock, inboxes, database }: WatchedState): void => {
  const ready = shared(() => flow.ready())
  addGauge(registry, facts.ready, async () => [[{}, (await ready()).count]])
  addGauge(registry, facts.readyAge, async () => [[{}, Math.max(0, (await ready()).oldestMs) / 1_000]])
  const unsent = shared(async () =>
    (await flow.unsent()).map(({ inboxId, state, count, oldestAt }) => ({
      labels: { inbox: inboxId, channel: inboxes.channelOf(inboxId), state },
      count,
      ageMs: Math.max(0, clock.now().getTime() - oldestAt.getTime()),
    })),
  )
  addGauge(registry, facts.unsent, async () =>
    (await unsent()).map(({ labels, count }): Reading => [labels, count]),
  )
  addGauge(registry, facts.unsentAge, async () =>
    (await unsent()).map(({ labels, ageMs }): Reading => [labels, ageMs / 1_000]),
  )
  addGauge(registry, facts.sendsLeft, async () =>
    (await flow.sendsLeft(clock.now())).map(({ inboxId, left, count }): Reading => [
      { inbox: inboxId, channel: inboxes.channelOf(inboxId), left },
      count,
    ]),
  )
  addGauge(registry, facts.overdue, async () => [[{}, await flow.overdue(clock.now())]])
  addGauge(registry, facts.agents, async () => {
    const found = await flow.agents()
    return availabilities.map((availability): Reading => [
      { availability },
      found.find((one) => one.availability === availability)?.count ?? 0,
    ])
  })
  addGauge(registry, facts.nodes, async () => [
    [{}, database.kind === 'embedded' ? 1 : await flow.nodes(silentAfterMs)],
  ])
}

const addInboxes = (registry: Registry, watched: WatchedState): void => {
  const { inboxes, pauses, clock } = watched
  addGauge(registry, facts.inbox, () =>
    inboxes
      .statuses()
      .flatMap(({ inboxId, channel, state: now }) =>
        states.map((state): Reading => [{ inbox: inboxId, channel, state }, state === now ? 1 : 0]),
      ),
  )
  addGauge(registry, facts.paused, async () => pauseReadings(watched, await pauses.list(clock.now())))
}

/** 0 as well when it hangs: a hole in this curve would raise no alarm. */
const answers = async ({ query }: Pick<Database, 'query'>): Promise<number> => {
  const asked = query('select 1').then(
    () => 1,
    () => 0,
  )
  return Promise.race([asked, delay(answerMs, 0, { ref: false })])
}

const addStores = (registry: Registry, { database, redisUp }: WatchedState): void => {
  addGauge(registry, facts.build, () => [[{ version: productVersion }, 1]])
  const { pool } = database
  if (pool !== undefined) {
    addGauge(registry, facts.connections, () => [
      [{ state: 'used' }, pool().used],
      [{ state: 'idle' }, pool().idle],
    ])
    addGauge(registry, facts.databaseWaiting, () => [[{}, pool().waiting]])
  }
  if (redisUp !== undefined) addGauge(registry, facts.redisUp, () => [[{}, redisUp() ? 1 : 0]])
  addGauge(registry, facts.databaseUp, async () => [[{}, await answers(database)]])
}

/** Tells how queues, inboxes, database and Redis stand; they are asked when somebody reads. */
export const addStateMetrics = (registry: Registry, watched: WatchedState): void => {
  addStores(registry, watched)
  addInboxes(registry, watched)
  addQueues(registry, watched)
}
