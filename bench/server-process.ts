import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import type { NodeRole } from '../src/core/node-role.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A product in a process of its own, as a user starts it, on a data folder of its own. */
export interface ServerProcess {
  readonly url: string
  readonly folder: string
  /** Starts it and waits until it is ready; gives the milliseconds that took. */
  start(): Promise<number>
  /** Ends it the hard way, as a crash does. */
  kill(): Promise<void>
  /** Waits until it has ended by itself; false: it has not within so many milliseconds. */
  hasEnded(withinMs: number): Promise<boolean>
  /** Ends it politely; gives its exit status. */
  stop(): Promise<number | null>
  /** Holds it still, as a machine that sleeps or swaps does, until `resume`. */
  pause(): void
  resume(): void
  /** Resident memory in bytes. */
  residentBytes(): number
  /** The same once nothing has happened for a while. */
  idleBytes(): Promise<number>
  /** Runs a command of the product beside it, on the same data; gives what it prints. Throws when it fails. */
  command(words: readonly string[]): Promise<string>
  /** Ends it and removes its folder. */
  dispose(): Promise<void>
}

/** How to run it. */
export interface ServerOptions {
  readonly port: number
  /** Written to `tongda.yaml`; undefined: no configuration at all, hence the sandbox. */
  readonly config?: unknown
  readonly environment?: Readonly<Record<string, string>>
  /** Its role, said on the command line. Default: what the configuration says. */
  readonly role?: NodeRole | undefined
  /** A build of the product for experiments, which finds its folder in `TORTURE_FOLDER`. Default: the product itself. */
  readonly build?: string | undefined
  /** Folder of what the product has learned, so that it does not learn at its first start. Default: it learns. */
  readonly learned?: string | undefined
  /** Where the product's sources lie when it is started. Default: these. */
  readonly sources?: (() => string) | undefined
}

const logFile = 'server.log'
/** Of its log so many characters are told when it does not start. */
const toldCharacters = 2_000

/** Work that follows the start, such as reading the knowledge, is over by then. */
const idleMs = 15_000

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}

interface Launch extends Pick<ServerOptions, 'port' | 'environment' | 'role' | 'build' | 'sources'> {
  readonly folder: string
  readonly path: string | undefined
}

const surroundings = ({ folder, port, environment, sources = () => root }: Launch) => ({
  cwd: sources(),
  env: {
    ...process.env,
    TONGDA_PORT: String(port),
    TONGDA_DATA_DIR: join(folder, 'data'),
    TONGDA_LOG_LEVEL: 'warn',
    TORTURE_FOLDER: folder,
    ...environment,
  },
})

const words = (path: string | undefined): readonly string[] => (path === undefined ? [] : ['-c', path])

const launch = (facts: Launch): ChildProcess => {
  const role = facts.role === undefined ? [] : ['--role', facts.role]
  return spawn(process.execPath, [facts.build ?? 'src/launch.mjs', 'serve', ...role, ...words(facts.path)], {
    ...surroundings(facts),
    stdio: ['ignore', 'ignore', openSync(join(facts.folder, logFile), 'a')],
  })
}

const runCommand = async (facts: Launch, asked: readonly string[]): Promise<string> => {
  const line = ['src/launch.mjs', ...asked, ...words(facts.path)]
  return (await promisify(execFile)(process.execPath, line, surroundings(facts))).stdout
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

const waitForEnd = async (child: ChildProcess | undefined, withinMs: number): Promise<boolean> => {
  if (child === undefined || isOver(child)) return true
  await once(child, 'exit', { signal: AbortSignal.timeout(withinMs) }).catch(() => undefined)
  return isOver(child)
}

/** Resident memory of a process in bytes. */
const residentOf = (pid: number): number => {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

/** Prepares a server process. Its log goes to `server.log` in its folder. */
export const createServerProcess = ({ config, learned, ...how }: ServerOptions): ServerProcess => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-bench-'))
  if (learned !== undefined) cpSync(learned, join(folder, 'data', 'cache'), { recursive: true })
  const path = config === undefined ? undefined : join(folder, 'tongda.yaml')
  if (path !== undefined) writeFileSync(path, stringify(config))
  const url = `http://127.0.0.1:${String(how.port)}`
  const facts = { folder, path, ...how }
  let child: ChildProcess | undefined

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const running = child
    child = undefined
    if (running === undefined || isOver(running)) return running?.exitCode ?? null
    const exited = once(running, 'exit')
    running.kill(signal)
    await exited
    return running.exitCode
  }

  const residentBytes = (): number => residentOf(child?.pid ?? 0)

  return {
    url,
    folder,
    start: async () => {
      const startedAt = performance.now()
      const started = launch(facts)
      child = started
      while (!(await isReady(url))) {
        if (isOver(started))
          throw new Error(
            `the server ended with status ${String(started.exitCode ?? started.signalCode)}: ${readFileSync(join(folder, logFile), 'utf8').slice(-toldCharacters)}`,
          )
        await delay(20)
      }
      return performance.now() - startedAt
    },
    kill: async () => {
      await end('SIGKILL')
    },
    hasEnded: (withinMs) => waitForEnd(child, withinMs),
    stop: () => end('SIGTERM'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    residentBytes,
    idleBytes: async () => {
      await delay(idleMs)
      return residentBytes()
    },
    command: (asked) => runCommand(facts, asked),
    dispose: async () => {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
