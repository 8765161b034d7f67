import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataFolder } from '../../src/store/data-folder-lock.ts'

const holder = fileURLToPath(new URL('../support/lock-holder.ts', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Another process that tries to hold the lock; tells `held` or the code of its refusal. */
const startHolder = async () => {
  const child = fork(holder, [folder], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [told]: unknown[] = await once(child, 'message')
  return { child, told }
}

describe('the lock of a data folder', () => {
  it('refuses a second process and names the first', async () => {
    const unlock = await lockDataFolder(folder)
    const { child, told } = await startHolder()
    expect(told).toEqual({ code: 'data_folder_locked', pid: process.pid })
    child.kill('SIGKILL')
    unlock()
  })

  it('is free again after a release', async () => {
    const unlock = await lockDataFolder(folder)
    unlock()
    const { child, told } = await startHolder()
    expect(told).toBe('held')
    child.kill('SIGKILL')
  })

  it('is taken over at once from a process that was killed', async () => {
    const { child } = await startHolder()
    await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'data_folder_locked' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    const unlock = await lockDataFolder(folder)
    unlock()
  })

  it('goes to one of many who find a dead lock at the same moment', async () => {
    const { child } = await startHolder()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const holders = await Promise.all(Array.from({ length: 6 }, startHolder))
    expect(holders.filter(({ told }) => told === 'held')).toHaveLength(1)
    for (const { child: other } of holders) other.kill('SIGKILL')
  })

  it('survives a lock file that a dying process tore', async () => {
    writeFileSync(join(folder, 'lock'), '{"pid":')
    const unlock = await lockDataFolder(folder)
    unlock()
  })

  it('does not judge a holder on another host', async () => {
    const unlock = await lockDataFolder(folder)
    const path = join(folder, 'lock')
    const lock: unknown = JSON.parse(readFileSync(path, 'utf8'))
    unlock()
    writeFileSync(path, JSON.stringify({ ...Object(lock), host: 'elsewhere' }))
    await expect(lockDataFolder(folder)).rejects.toThrow(/elsewhere/)
  })
})
