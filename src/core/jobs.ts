import type { z } from 'zod'
import type { Transaction } from './database.ts'

/** A kind of background work. Keep the name: jobs in the database carry it. */
export interface JobKind<Data> {
  /** Lower-case words joined by hyphens. */
  readonly name: string
  /** Checked when a job is enqueued and again before it runs: another version may have written it. */
  readonly data: z.ZodType<Data>
  /** Tries in all; then the job is dead until somebody replays it. */
  readonly tries: number
  /** Seconds before the second try; each further pause is twice as long, with some chance in it. */
  readonly firstRetrySeconds: number
  /** Seconds one try may take; then its signal is aborted and the try has failed. */
  readonly limitSeconds: number
  /** How many run at once on a node, within `jobs.concurrency`. */
  readonly atOnce: number
}

const kindDefaults = { tries: 5, firstRetrySeconds: 30, limitSeconds: 900, atOnce: 2 }

/** Makes a kind of job; what is left out: 5 tries, the second after 30 s, 15 minutes a try, 2 at once on a node. */
export const defineJob = <Data>(
  kind: Pick<JobKind<Data>, 'name' | 'data'> & Partial<JobKind<Data>>,
): JobKind<Data> => ({ ...kindDefaults, ...kind })

/** When and under which name a job is enqueued. */
export interface EnqueueOptions {
  /** Not before then, by the database's clock, and up to some seconds later. For a moment to keep, set a timer. */
  readonly startAfter?: Date
  /** While a job of the kind with this key waits for its first try, no other is added. */
  readonly key?: string
}

/** Puts work into the background. */
export interface Jobs {
  /** Gives the job's id; undefined: one with the same key waits already. Throws when the data does not fit its kind. */
  enqueue<Data>(kind: JobKind<Data>, data: Data, options?: EnqueueOptions): Promise<string | undefined>
  /** The same as part of a transaction: with its commit or not at all. */
  enqueueIn<Data>(
    transaction: Transaction,
    kind: JobKind<Data>,
    data: Data,
    options?: EnqueueOptions,
  ): Promise<string | undefined>
}

/** One try of a job. */
export interface JobRun {
  readonly id: string
  /** 1 for the first. */
  readonly attempt: number
  /** Aborted when the product stops, the time is over, or another node has taken the job. */
  readonly signal: AbortSignal
}

/** A kind of job and what is done. */
export interface JobHandler {
  readonly kind: JobKind<unknown>
  readonly run: (data: unknown, run: JobRun) => Promise<void>
}

/**
 * Says what jobs of a kind do. A job runs at least once: after a crash, or when its end could not be recorded, once
 * more. A rejection is tried again, but for `TongdaError` `bad_input`, which no repetition mends.
 */
export const onJob = <Data>(
  kind: JobKind<Data>,
  work: (data: Data, run: JobRun) => Promise<void>,
): JobHandler => ({ kind, run: async (data, run) => work(kind.data.parse(data), run) })

/** Work that comes back: a cron pattern of five fields in a time zone. A time that nobody was up for is made up for once. */
export interface JobSchedule<Data> {
  readonly kind: JobKind<Data>
  readonly data: Data
  /** E.g. `30 3 * * *`. */
  readonly cron: string
  /** E.g. `Asia/Shanghai`. */
  readonly zone: string
}

/** A job whose tries are used up. Its data may be personal: it is not in here. */
export interface DeadJob {
  readonly id: string
  readonly kind: string
  readonly tries: number
  readonly error: string
  readonly createdAt: Date
  readonly diedAt: Date
}

/** How the jobs of one kind fare. */
export interface JobDepth {
  readonly kind: string
  readonly waiting: number
  readonly running: number
  readonly dead: number
  /** Milliseconds since the oldest that could run was due; 0: none waits. */
  readonly lateMs: number
}

/** Looks after jobs, the dead ones above all. */
export interface JobWatch {
  depth(): Promise<readonly JobDepth[]>
  /** Up to `limit`, the latest first. */
  dead(limit: number): Promise<readonly DeadJob[]>
  /** Gives a dead job all its tries again; false when there is no such dead job. */
  replay(id: string): Promise<boolean>
}
