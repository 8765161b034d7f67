import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { TongdaError } from '../core/errors.ts'

const Holder = z.object({
  pid: z.number().int(),
  boot: z.string(),
  started: z.string(),
  host: z.string(),
  token: z.string(),
})
type Holder = z.infer<typeof Holder>

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Tells a process from a later one with the same pid: its start in clock ticks (Linux `proc(5)`, field 22). */
const startOf = (pid: number): string =>
  read(`/proc/${String(pid)}/stat`)
    ?.split(') ')[1]
    ?.split(' ')[19] ?? ''

const bootId = (): string => read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const isHeld = (holder: Holder): boolean => {
  if (holder.host !== hostname()) return true
  return holder.boot === bootId() && isAlive(holder.pid) && startOf(holder.pid) === holder.started
}

const parse = (text: string): Holder | undefined => {
  try {
    return Holder.parse(JSON.parse(text))
  } catch {
    // Torn by a full disk or a power cut: nobody holds it.
    return undefined
  }
}

const refuse = (folder: string, holder: Holder): never => {
  throw new TongdaError(
    'data_folder_locked',
    holder.host === hostname()
      ? `the data folder ${folder} is in use by process ${String(holder.pid)}; stop that process, or give this one another folder with TONGDA_DATA_DIR`
      : `the data folder ${folder} is locked by host ${holder.host}; stop Tongda there. If that host is gone for good, delete ${join(folder, 'lock')}`,
    { folder, pid: holder.pid, host: holder.host },
  )
}

/** Puts a whole lock in place, or nothing: linking fails when there is one, and nobody reads a half-written one. */
const tryCreate = (path: string, me: Holder): boolean => {
  const draft = `${path}.draft-${me.token}`
  writeFileSync(draft, JSON.stringify(me), { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

const tombstone = (path: string, token: string): string => `${path}.dead-${token}`

/**
 * Removes a dead holder's lock. The hard link's name is the dead holder's token, so one process alone can make it.
 * The link stays for a while: whoever read the dead lock before would otherwise take the new holder's for it.
 */
const clearDead = (path: string, token: string): boolean => {
  try {
    linkSync(path, tombstone(path, token))
  } catch {
    return false
  }
  rmSync(path, { force: true })
  return true
}

const tombstoneMs = 60_000

/** Clears away what earlier takeovers left, once nobody can still be about to look at it. */
const clearTombstones = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('lock.dead-')) continue
    const path = join(folder, name)
    // Linking set the change time: the moment of the takeover.
    if (Date.now() - statSync(path).ctimeMs > tombstoneMs) rmSync(path, { force: true })
  }
}

/**
 * Locks a data folder for this process: the embedded database has no lock of its own, and two processes on one
 * folder lose rows. Returns the release. Throws `data_folder_locked` while another living process holds it; the
 * lock of a process that was killed is taken over at once.
 */
export const lockDataFolder = async (folder: string): Promise<() => void> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'lock')
  const token = randomUUID()
  const me: Holder = {
    pid: process.pid,
    boot: bootId(),
    started: startOf(process.pid),
    host: hostname(),
    token,
  }

  for (let tries = 0; tries < 50; tries += 1) {
    if (tryCreate(path, me)) {
      clearTombstones(folder)
      return () => {
        if (parse(read(path) ?? '')?.token === token) rmSync(path, { force: true })
      }
    }
    const text = read(path)
    if (text === undefined) continue
    const holder = parse(text)
    if (holder !== undefined && isHeld(holder)) refuse(folder, holder)
    // Another starter is clearing the same dead lock: let it finish, then look again.
    if (!clearDead(path, holder?.token ?? 'torn')) {
      await delay(20)
      if (tries % 10 === 9) rmSync(tombstone(path, holder?.token ?? 'torn'), { force: true })
    }
  }
  throw new TongdaError(
    'data_folder_locked',
    `the data folder ${folder} could not be locked; delete ${path} if no Tongda runs on it`,
  )
}
