import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'
import type { Logger } from '../src/core/log.ts'

/** Where a snapshot is kept and what it is. */
export interface SnapshotFileOptions<Snapshot> {
  readonly path: string
  readonly shape: z.ZodType<Snapshot>
  readonly log: Logger
  /** Milliseconds of changes that are gathered into one write. Default 500. */
  readonly gatherMs?: number
}

/** A small JSON file that follows a changing state. */
export interface SnapshotFile<Snapshot> {
  /** What was saved last; undefined when there is nothing, or nothing that can be read. */
  readonly saved: Snapshot | undefined
  /** Something changed: `take` is asked for the state once things have been gathered, and it is written. */
  changed(take: () => Snapshot): void
  /** Writes what is still to be written. */
  close(): void
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

const load = <Snapshot>({ path, shape, log }: SnapshotFileOptions<Snapshot>): Snapshot | undefined => {
  try {
    return shape.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (!isMissing(error))
      log.warn({ path }, 'the saved sandbox cannot be read and is left out; it starts empty')
    return undefined
  }
}

/** Opens a snapshot file. Never throws: a sandbox that cannot be saved still works. */
export const openSnapshotFile = <Snapshot>(
  options: SnapshotFileOptions<Snapshot>,
): SnapshotFile<Snapshot> => {
  const { path, log, gatherMs = 500 } = options
  let due: { readonly take: () => Snapshot; readonly timer: NodeJS.Timeout } | undefined
  const write = (): void => {
    if (due === undefined) return
    const { take, timer } = due
    clearTimeout(timer)
    due = undefined
    try {
      // Renamed when whole: a crash leaves the last one or this one, never half of it.
      writeFileSync(`${path}.part`, JSON.stringify(take()), { mode: 0o600 })
      renameSync(`${path}.part`, path)
    } catch (error) {
      rmSync(`${path}.part`, { force: true })
      log.warn({ path, error }, 'the sandbox could not be saved')
    }
  }
  return {
    saved: load(options),
    changed: (take) => {
      due ??= { take, timer: setTimeout(write, gatherMs) }
    },
    close: write,
  }
}
