import type { Accept } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import type { HttpServerOptions } from '../http/index.ts'
import type { OpenIncidents } from '../incidents/index.ts'
import { createNodeBoard, type Database } from '../store/index.ts'
import type { RunningComplaints } from './complaints.ts'
import type { Demo } from './demo.ts'
import type { Inboxes } from './inboxes.ts'
import type { Metrics } from './metrics.ts'
import { startNodeReports } from './node-reports.ts'
import type { Parts } from './parts.ts'
import type { Watching } from './watching.ts'

/** What stands on every node before it shows itself. */
export interface Stage {
  readonly parts: Parts
  readonly inboxes: Inboxes
  readonly incidents: OpenIncidents
  readonly complaints: RunningComplaints
  readonly demo: Demo | undefined
  readonly metrics: Metrics
  /** Takes messages in, as channels hand them over. */
  readonly accept: Accept
  readonly watching: Pick<Watching, 'promiseBroken'>
  /** Times sign-ins. */
  readonly wall: Clock
  /** Where browsers reach the node; empty until it listens. */
  readonly url: () => string
}

/** What a node shows to the outside. */
export interface Face {
  readonly http: HttpServerOptions
  /** The one-time sign-in link, while nobody has used it. */
  readonly signInUrl: () => string | undefined
  /** Starts what stands beside the server, which listens by now: the command line sees this node. Gives its end. */
  readonly startBeside: () => Promise<() => Promise<void>>
}

/**
 * Whether the database answers and lets this node write: a standby, and a server that is set to read only, do not. Nothing is
 * written to find out: a disk that is full shows where messages come in, and is the same for every node.
 */
export const isReady = (database: Database) => async (): Promise<boolean> => {
  const [standing] = await database.query<{ reads_only: string }>(
    `select current_setting('transaction_read_only') as reads_only`,
  )
  return standing?.reads_only === 'off'
}

/** Tells the database how this node fares, for those who ask from elsewhere. Gives its end. */
export const reportNode = ({ config, stores, log }: Parts, inboxes: Inboxes): Promise<() => Promise<void>> =>
  startNodeReports({
    board: createNodeBoard(stores.database),
    role: config.server.role,
    statuses: () => inboxes.statuses(),
    log: log.child({ part: 'control' }),
  })
