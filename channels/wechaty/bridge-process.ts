/** The bridge's process: started, watched, started again when it dies, until it is told to end. */
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { TongdaError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/log.ts'
import { Refusal } from '../kit/index.ts'
import { createLineReader } from './lines.ts'
import type { WechatyConfig } from './manifest.ts'
import type { BridgeEvent } from './verify.ts'
import { readEvent } from './verify.ts'

export interface BridgeProcessDeps {
  readonly inboxId: string
  readonly config: WechatyConfig
  readonly log: Logger
  readonly onEvent: (event: BridgeEvent) => void
  /**
   * The process has ended; what it was told may or may not have happened. It is started again in `againInMs`; undefined: it was
   * told to end.
   */
  readonly onEnd: (againInMs: number | undefined) => void
}

export interface BridgeProcess {
  /** Throws where none could run: `bad_config` when the bridge is not installed, or what is wrong with its folder. */
  prepare(): Promise<void>
  /** Keeps one running until `stop`; after that it may be started again. */
  start(): void
  /** Writes a command; false: there is no process to take it. */
  tell(command: Readonly<Record<string, unknown>>): boolean
  stop(): Promise<void>
}

type Child = ChildProcessByStdio<Writable, Readable, null>

const firstPauseMs = 1_000
const longestPauseMs = 60_000
/** A process that lived as long is taken for healthy: the next pause is the first one again. */
const healthyMs = 60_000
const endMs = 4_000

/** What the bridge needs of our environment; our secrets stay ours. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_EXTRA_CA_CERTS', 'SystemRoot'] as const

const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )

/** Base64 takes a third more, words and names the rest. */
const lineLimit = (maxFileBytes: number): number => Math.ceil((maxFileBytes * 4) / 3) + 131_072

const readLine = ({ log, onEvent }: BridgeProcessDeps, line: string, key: string): void => {
  try {
    onEvent(readEvent(line, key))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, reason, hint } = error
    log.warn({ code, reason, ...(hint === undefined ? {} : { hint }) }, 'line of the bridge refused')
  }
}

/** Whether the bridge's own npm project is there with its packages. */
export const isBridgeInstalled = (bridgeDir: string): boolean =>
  existsSync(join(bridgeDir, 'main.mjs')) && existsSync(join(bridgeDir, 'node_modules', 'wechaty'))

const assertInstalled = ({ bridgeDir }: WechatyConfig): void => {
  if (isBridgeInstalled(bridgeDir)) return
  throw new TongdaError(
    'bad_config',
    `the Wechaty bridge is not installed in ${bridgeDir}; run: npm ci --prefix ${bridgeDir} --ignore-scripts`,
  )
}

const folderOf = ({ config, inboxId }: BridgeProcessDeps): string => resolve(config.stateDir, inboxId)
/** Whoever reads it is signed in. */
const asFolder = { recursive: true, mode: 0o700 } as const

const spawnBridge = (deps: BridgeProcessDeps): Child => {
  const { config, inboxId, log } = deps
  const cwd = folderOf(deps)
  mkdirSync(cwd, asFolder)
  const child = spawn(process.execPath, [resolve(config.bridgeDir, 'main.mjs')], {
    cwd,
    env: environment(),
    stdio: ['pipe', 'pipe', config.debug ? 'inherit' : 'ignore'],
  })
  const key = randomBytes(24).toString('hex')
  const read = createLineReader({
    maxLength: lineLimit(config.maxFileBytes),
    onLine: (line) => readLine(deps, line, key),
    onTooLong: () => log.warn({ code: 'too_large', reason: 'line' }, 'line of the bridge refused'),
  })
  child.stdout.setEncoding('utf8').on('data', read)
  // Whoever dies closes its pipe; the end of the process tells the rest.
  child.stdin.on('error', () => undefined)
  const { puppet, puppetOptions, token, maxFileBytes } = config
  const options = token === undefined ? puppetOptions : { ...puppetOptions, token }
  const start = { t: 'start', key, name: inboxId, puppet, puppetOptions: options, maxFileBytes }
  // Over the pipe: arguments and environment can be read by others.
  child.stdin.write(`${JSON.stringify(start)}\n`)
  return child
}

const ended = (child: Child): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done()
    else child.once('exit', () => done())
  })

const end = async (child: Child): Promise<void> => {
  // The bridge ends by itself when its input does; it may need a moment to take leave of WeChat.
  child.stdin.end()
  const killer = setTimeout(() => child.kill('SIGKILL'), endMs)
  await ended(child)
  clearTimeout(killer)
}

/** Prepares the process; nothing runs yet. */
export const createBridgeProcess = (deps: BridgeProcessDeps): BridgeProcess => {
  const { log } = deps
  let child: Child | undefined
  let again: NodeJS.Timeout | undefined
  let stopped = false
  let pauseMs = firstPauseMs

  const startLater = (facts: Readonly<Record<string, unknown>>): void => {
    deps.onEnd(stopped ? undefined : pauseMs)
    if (stopped) return
    log.error({ ...facts, againInMs: pauseMs }, 'wechaty bridge ended; it is started again')
    again = setTimeout(tryToRun, pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
  const tryToRun = (): void => {
    try {
      run()
    } catch (error) {
      // Nobody is there to catch it: a full disk, a folder that was taken away.
      startLater({ code: 'not_started', error: error instanceof Error ? error.name : 'unknown' })
    }
  }
  const run = (): void => {
    const startedAt = performance.now()
    const mine = spawnBridge(deps)
    child = mine
    let over = false
    const onOver = (facts: Readonly<Record<string, unknown>>): void => {
      if (over) return
      over = true
      child = undefined
      if (performance.now() - startedAt > healthyMs) pauseMs = firstPauseMs
      startLater(facts)
    }
    mine.once('error', () => onOver({ code: 'not_started' }))
    mine.once('exit', (status, signal) => onOver({ code: 'exited', status, signal }))
    log.info({ pid: mine.pid }, 'wechaty bridge started')
  }

  return {
    prepare: async () => {
      assertInstalled(deps.config)
      await mkdir(folderOf(deps), asFolder)
    },
    start: () => {
      stopped = false
      pauseMs = firstPauseMs
      tryToRun()
    },
    tell: (command) => {
      if (child === undefined) return false
      child.stdin.write(`${JSON.stringify(command)}\n`)
      return true
    },
    stop: async () => {
      stopped = true
      clearTimeout(again)
      if (child !== undefined) await end(child)
    },
  }
}
