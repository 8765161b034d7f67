import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Database } from '../src/core/database.ts'
import { createTimerStore } from '../src/store/index.ts'
import { createRandom } from './random.ts'
import { benchTimer, openBenchDatabase } from './timer-bench-database.ts'

/** How hard to be. */
export interface TimersRunOptions {
  readonly timers: number
  /** Milliseconds over which they fall due. */
  readonly withinMs: number
  readonly kills: number
  /** Of the random moments. */
  readonly seed: number
  /** PostgreSQL, with two processes on it; undefined: the embedded database and one. */
  readonly url?: string
}

/** What the run showed. Lateness counts from the due moment, or from when a process was up again. */
export interface TimersRunResult {
  readonly timers: number
  readonly kills: number
  readonly notFired: number
  readonly firedTwice: number
  /** Of two statements of a moment only one stands. */
  readonly halfFired: number
  readonly early: number
  readonly worstLateMs: number
  readonly medianLateMs: number
  /** The same without regard to processes being down. */
  readonly worstLateOverallMs: number
}

/** Milliseconds since the epoch in which no process was up. */
interface Gap {
  readonly fromMs: number
  readonly toMs: number
}

const nodeFile = fileURLToPath(new URL('timer-node.ts', import.meta.url))

const startNode = async (folder: string, url: string | undefined): Promise<ChildProcess> => {
  const child = fork(nodeFile, url === undefined ? [folder] : [folder, url], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const answer: unknown[] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (answer[0] !== 'ready') throw new Error(`a process that fires timers ended with ${String(answer[0])}`)
  return child
}

const killNode = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** Sets the timers; the first falls due when the processes are up. */
const setTimers = async (
  database: Database,
  { timers, withinMs, seed }: TimersRunOptions,
  startMs: number,
): Promise<void> => {
  const random = createRandom(seed)
  const store = createTimerStore(database)
  await database.query('create table fired (key text, half integer, at timestamptz)')
  await database.transaction(async (transaction) => {
    for (let n = 0; n < timers; n += 1) {
      const dueAt = new Date(startMs + Math.floor(random() * withinMs))
      await store.set(transaction, benchTimer, { key: String(n), dueAt, payload: {} })
    }
  })
  await database.query('create table wanted as select key, due_at from timers')
}

/** Kills all processes, or one of several, at random moments and starts them again. Gives when none was up. */
const killRepeatedly = async (
  nodes: ChildProcess[],
  { kills, withinMs, seed, url }: TimersRunOptions,
  folder: string,
): Promise<readonly Gap[]> => {
  const random = createRandom(seed + 1)
  const gaps: Gap[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    await delay((withinMs / (kills + 1)) * (0.5 + random()))
    // Every other time one stays up where there are two.
    const victims = nodes.splice(0, kill % 2 === 0 ? nodes.length : 1)
    const fromMs = Date.now()
    await Promise.all(victims.map(killNode))
    nodes.push(...(await Promise.all(victims.map(() => startNode(folder, url)))))
    if (nodes.length === victims.length) gaps.push({ fromMs, toMs: Date.now() })
  }
  return gaps
}

interface Row extends Record<string, unknown> {
  readonly dueMs: number
  readonly firsts: number
  readonly seconds: number
  readonly firstMs: number | null
}

const outcomes = `
select extract(epoch from w.due_at)::float8 * 1000 as "dueMs",
  (count(*) filter (where f.half = 1))::int as firsts, (count(*) filter (where f.half = 2))::int as seconds,
  extract(epoch from min(f.at))::float8 * 1000 as "firstMs"
from wanted w left join fired f on f.key = w.key group by w.key, w.due_at`

const judge = (rows: readonly Row[], gaps: readonly Gap[], kills: number): TimersRunResult => {
  const lateOf = ({ dueMs, firstMs }: Row): number => {
    // Down when it fell due, or before it came to it: it counts from when somebody was up again.
    const gap = gaps.findLast(({ fromMs, toMs }) => toMs >= dueMs && fromMs <= (firstMs ?? 0))
    return (firstMs ?? 0) - Math.max(dueMs, gap?.toMs ?? 0)
  }
  const fired = rows.filter(({ firstMs }) => firstMs !== null)
  const late = fired.map(lateOf).sort((one, other) => one - other)
  return {
    timers: rows.length,
    kills,
    notFired: rows.length - fired.length,
    firedTwice: rows.filter(({ firsts, seconds }) => firsts > 1 || seconds > 1).length,
    halfFired: rows.filter(({ firsts, seconds }) => firsts !== seconds).length,
    early: fired.filter(({ dueMs, firstMs }) => (firstMs ?? 0) < dueMs).length,
    worstLateMs: Math.round(late.at(-1) ?? 0),
    medianLateMs: Math.round(late[Math.floor(late.length / 2)] ?? 0),
    worstLateOverallMs: Math.round(Math.max(...fired.map(({ dueMs, firstMs }) => (firstMs ?? 0) - dueMs))),
  }
}

/** From the last due moment on, on a machine that is busy. */
const settleMs = 60_000
/** Until the first is due: the processes start meanwhile. */
const leadMs = 3_000

/** Waits until a process says that no timer is left, or it takes too long. */
const awaitLast = async (nodes: readonly ChildProcess[], limitMs: number): Promise<void> => {
  const signal = AbortSignal.timeout(limitMs)
  await Promise.race(nodes.map((node) => once(node, 'message', { signal }))).catch(() => undefined)
}

/** Fires timers in real processes that are killed at random moments, and counts what each timer did. */
export const timersRun = async (options: TimersRunOptions): Promise<TimersRunResult> => {
  const { url, withinMs, kills } = options
  const folder = mkdtempSync(join(tmpdir(), 'tongda-timers-'))
  const nodes: ChildProcess[] = []
  const startMs = Date.now() + leadMs
  try {
    const before = await openBenchDatabase({ folder, ...(url === undefined ? {} : { url }) })
    await setTimers(before, options, startMs)
    await before.close()
    const bornMs = Date.now()
    const count = url === undefined ? 1 : 2
    nodes.push(...(await Promise.all(Array.from({ length: count }, () => startNode(folder, url)))))
    const gaps = [{ fromMs: bornMs, toMs: Date.now() }, ...(await killRepeatedly(nodes, options, folder))]
    await awaitLast(nodes, Math.max(0, startMs + withinMs - Date.now()) + settleMs)
    await Promise.all(nodes.splice(0).map(killNode))
    const after = await openBenchDatabase({ folder, ...(url === undefined ? {} : { url }) })
    const rows = await after.query<Row>(outcomes)
    await after.close()
    return judge(rows, gaps, kills)
  } finally {
    for (const node of nodes) node.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}
