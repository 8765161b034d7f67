import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createClient } from 'redis'
import { freePort } from '../../src/app/free-port.ts'

/** A server that an experiment may take away. */
export interface Service {
  readonly url: string
  start(): Promise<void>
  /** Ends it at once, as a crash does. */
  crash(): Promise<void>
  /** Ends it and removes its folder. */
  dispose(): Promise<void>
}

/** A Redis of the experiment's own. */
export interface OwnRedis extends Service {
  /** Throws away everything in it. */
  empty(): Promise<void>
  /** Neither answers nor hangs up until `resume`. */
  pause(): void
  resume(): void
}

const postgresFolder = '/usr/lib/postgresql'

const execute = promisify(execFile)

/** PostgreSQL refuses to run as root; the Debian package made the user postgres. */
const asPostgres = async (file: string, args: readonly string[]): Promise<void> => {
  const isRoot = userInfo().uid === 0
  await (isRoot ? execute('runuser', ['-u', 'postgres', '--', file, ...args]) : execute(file, args))
}

const newestPostgres = (): string => {
  const versions = readdirSync(postgresFolder).sort((one, other) => Number(one) - Number(other))
  return join(postgresFolder, versions.at(-1) ?? '', 'bin')
}

/** How to run a PostgreSQL. */
export interface PostgresOptions {
  /** Hears of its folder before anything lies in it. */
  readonly prepare?: (folder: string) => void
}

/**
 * Starts a PostgreSQL that waits for the disk at every commit, as in earnest. Throws when the Debian package postgresql
 * is missing.
 */
export const startPostgres = async ({ prepare }: PostgresOptions = {}): Promise<Service> => {
  const bin = newestPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'tongda-torture-pg-'))
  prepare?.(folder)
  if (userInfo().uid === 0) await execute('chown', ['postgres', folder])
  const [data, port] = [join(folder, 'data'), await freePort()]
  await asPostgres(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'tongda',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
  ])
  const control = (...args: readonly string[]): Promise<void> =>
    asPostgres(join(bin, 'pg_ctl'), ['-D', data, ...args])
  // As a server for much traffic is set: a checkpoint after every gigabyte is felt for a minute, whatever an experiment does.
  const checkpoints = '-c max_wal_size=16GB -c checkpoint_timeout=30min'
  const options = `-p ${String(port)} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=200 ${checkpoints}`
  const service: Service = {
    url: `postgres://tongda@127.0.0.1:${String(port)}/postgres`,
    start: () => control('-w', '-l', join(folder, 'log'), '-o', options, 'start'),
    crash: () => control('-m', 'immediate', 'stop'),
    dispose: async () => {
      await service.crash().catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await service.start()
  return service
}

const isUp = async (url: string): Promise<boolean> => {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.ping()
    return true
  } catch {
    return false
  } finally {
    client.destroy()
  }
}

/** Starts a Redis without persistence. Throws when the Debian package redis-server is missing. */
export const startRedis = async (): Promise<OwnRedis> => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-torture-redis-'))
  chmodSync(folder, 0o700)
  const port = await freePort()
  const url = `redis://127.0.0.1:${String(port)}`
  let child: ChildProcess | undefined
  const service: OwnRedis = {
    url,
    start: async () => {
      const started = spawn(
        'redis-server',
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
        { stdio: 'ignore' },
      )
      child = started
      while (!(await isUp(url))) {
        if (started.exitCode !== null)
          throw new Error(`redis-server ended with status ${String(started.exitCode)}`)
        await delay(50)
      }
    },
    crash: async () => {
      if (child === undefined || child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      child = undefined
    },
    empty: async () => {
      const client = await createClient({ url }).connect()
      await client.flushAll()
      client.destroy()
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    dispose: async () => {
      await service.crash()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await service.start()
  return service
}
