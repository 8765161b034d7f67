import type { Clock } from '../core/clock.ts'
import type { Database } from '../core/database.ts'
import type {
  ChannelHealth,
  HealthReading,
  InboxFlow,
  LanguageModelsHealth,
  ModelHealth,
  SystemHealth,
} from '../core/health.ts'
import type { InboxStatus, NodeInbox } from '../core/inbox.ts'
import type { JobWatch } from '../core/jobs.ts'
import type { TimerWatch } from '../core/timers.ts'
import { roomOn } from './disk-room.ts'

/** Dead jobs and failing timers that are shown; the command line lists more. */
const mostShown = 50

/** What is looked at. */
export interface HealthParts {
  readonly clock: Clock
  readonly database: Pick<Database, 'kind' | 'query'>
  readonly reading: HealthReading
  /** The accounts as this node has them. */
  readonly inboxes: () => Promise<readonly InboxStatus[]>
  /** How they fare on every node; undefined: there is but this one. */
  readonly nodes: (() => Promise<readonly NodeInbox[]>) | undefined
  readonly jobs: Pick<JobWatch, 'depth' | 'dead'>
  readonly timers: TimerWatch
  readonly aheadMs: () => number
  readonly model: () => ModelHealth
  /** Undefined: no language model is configured. */
  readonly languageModel?: (() => Promise<LanguageModelsHealth>) | undefined
  readonly dataDir: string
}

/** Reads what can be read, and notes the names of what cannot. */
const createReader = () => {
  const unread: string[] = []
  return {
    unread,
    read: async <Found>(name: string, look: () => Promise<Found>): Promise<Found | undefined> => {
      try {
        return await look()
      } catch {
        unread.push(name)
        return undefined
      }
    },
  }
}
type Read = ReturnType<typeof createReader>['read']

const pingOf = async ({ query }: Pick<Database, 'query'>): Promise<number> => {
  const startedAt = performance.now()
  await query('select 1')
  return Math.round((performance.now() - startedAt) * 10) / 10
}

/** An account of this node: it has no need of a name. */
const onThisNode = (status: InboxStatus): NodeInbox => ({ ...status, node: '' })

const withFlow = (
  inbox: NodeInbox,
  statuses: readonly InboxStatus[],
  flows: readonly InboxFlow[],
): ChannelHealth => {
  const { lastMessageAt, refused = [] } = flows.find(({ inboxId }) => inboxId === inbox.inboxId) ?? {}
  const pause = statuses.find(({ inboxId }) => inboxId === inbox.inboxId)?.pause
  return {
    ...inbox,
    refused,
    ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
    ...(pause === undefined ? {} : { pause }),
  }
}

const readChannels = async (
  { clock, reading, inboxes, nodes }: HealthParts,
  read: Read,
): Promise<readonly ChannelHealth[]> => {
  const statuses = (await read('channels', inboxes)) ?? []
  const everywhere = nodes === undefined ? undefined : await read('nodes', nodes)
  const flows = (await read('flows', () => reading.flows(clock.now()))) ?? []
  return (everywhere ?? statuses.map(onThisNode)).map((inbox) => withFlow(inbox, statuses, flows))
}

const readDatabase = async ({ database, reading }: HealthParts, read: Read) => {
  const latencyMs = await read('database', () => pingOf(database))
  const bytes = latencyMs === undefined ? undefined : await read('size', () => reading.size())
  return {
    kind: database.kind,
    reachable: latencyMs !== undefined,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(bytes === undefined ? {} : { bytes }),
  }
}

const readWork = async ({ jobs, timers, aheadMs }: HealthParts, read: Read) => ({
  jobs: (await read('jobs', () => jobs.depth())) ?? [],
  deadJobs: (await read('dead jobs', () => jobs.dead(mostShown))) ?? [],
  timers: (await read('timers', () => timers.depth(aheadMs()))) ?? [],
  failingTimers: (await read('failing timers', () => timers.failing(mostShown))) ?? [],
})

/** Makes what looks at everything the product runs on. What does not answer is named instead of failing the whole. */
export const createSystemHealth = (parts: HealthParts) => async (): Promise<SystemHealth> => {
  const { clock, reading, model, languageModel: lookAt, dataDir } = parts
  const { read, unread } = createReader()
  const database = await readDatabase(parts, read)
  const outbox = await read('outbox', () => reading.outbox())
  const evaluation = await read('evaluation', () => reading.lastEvaluation())
  const languageModel = lookAt === undefined ? undefined : await read('language model', lookAt)
  const disk = await read('disk', () => roomOn(dataDir))
  return {
    at: clock.now(),
    database,
    channels: await readChannels(parts, read),
    ...(outbox === undefined ? {} : { outbox }),
    ...(await readWork(parts, read)),
    model: { ...model(), ...(evaluation === undefined ? {} : { evaluation }) },
    ...(languageModel === undefined ? {} : { languageModel }),
    ...(disk === undefined ? {} : { disk }),
    unread,
  }
}
