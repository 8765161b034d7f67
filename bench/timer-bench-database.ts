import { z } from 'zod'
import { silentLog } from '../src/core/log.ts'
import type { TimerKind } from '../src/core/timers.ts'
import { type Database, openEmbedded, openPostgres } from '../src/store/index.ts'

/** The kind of timer that the run sets. */
export const benchTimer = { name: 'bench', payload: z.strictObject({}) } satisfies TimerKind<unknown>

/** The embedded database in `folder`, or PostgreSQL at `url`. */
export const openBenchDatabase = ({ folder, url }: { folder: string; url?: string }): Promise<Database> =>
  url === undefined
    ? openEmbedded({ folder, log: silentLog })
    : openPostgres({ url, maxConnections: 4, timeoutMs: 20_000, log: silentLog })
