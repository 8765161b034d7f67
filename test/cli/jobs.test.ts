import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { openStore } from '../../src/app/store.ts'
import { createInProcessBus } from '../../src/bus/index.ts'
import { parseConfig } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { TongdaError } from '../../src/core/errors.ts'
import { defineJob, onJob } from '../../src/core/jobs.ts'
import { silentLog } from '../../src/core/log.ts'
import { openJobs } from '../../src/jobs/index.ts'
import { createTimerStore, type Database } from '../../src/store/index.ts'
import { tongda } from '../support/command.ts'
import { startTestControl } from '../support/control.ts'
import { newDataFolder } from '../support/data-folder.ts'

const broken = defineJob({ name: 'broken', data: z.strictObject({ at: z.number() }), tries: 1 })
const other = defineJob({ name: 'other', data: z.strictObject({}), tries: 1 })

const open = (folder: string): Promise<Database> => {
  const parsed = parseConfig({ dataDir: folder })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return openStore(parsed.config, silentLog)
}
const jobsOf = (database: Database) =>
  openJobs({
    ...{ database, timers: createTimerStore(database), bus: createInProcessBus(), kinds: [broken, other] },
    ...{ clock: systemClock, log: silentLog },
  })
const refuse = (): Promise<never> => Promise.reject(new TongdaError('bad_input', 'the address is wrong'))

/** Two dead jobs of one kind, and one of another. */
const killThree = async (folder: string): Promise<void> => {
  const database = await open(folder)
  const jobs = await jobsOf(database)
  const handlers = [onJob(broken, refuse), onJob(other, refuse)]
  const end = await jobs.start({ handlers, concurrency: 2, stopMs: 1_000 }, [])
  for (const at of [1, 2]) await jobs.enqueue(broken, { at })
  await jobs.enqueue(other, {})
  await vi.waitFor(async () => expect(await jobs.dead(10)).toHaveLength(3), { timeout: 60_000 })
  await end()
  await database.close()
}

// Each call starts a process, and most of them a database.
describe('tongda jobs', { timeout: 180_000 }, () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = newDataFolder('jobs')
    await killThree(dataDir)
  })
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true })
  })
  const run = (...args: string[]) => tongda(['jobs', ...args], { dataDir })
  const dead = async (): Promise<readonly { id: string; kind: string }[]> =>
    z
      .array(z.looseObject({ id: z.string(), kind: z.string() }))
      .parse(JSON.parse((await run('dead', '--json')).stdout))

  it('shows dead jobs with what to mend, and gives them their tries again, one or a kind', async () => {
    const list = await run('list')
    expect(list.stdout).toMatch(/^broken .*dead 2 /m)
    expect((await run('dead', '--kind', 'broken')).stdout.match(/the address is wrong/g)).toHaveLength(2)
    const single = (await dead()).find(({ kind }) => kind === 'other')?.id ?? ''
    expect((await run('replay', single)).stdout).toContain(`✓ 重新排队 queued again: ${single}`)
    const again = await run('replay', single)
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('there is no such dead job')])
    expect((await run('replay', '--kind', 'broken')).stdout).toContain('queued again: 2')
    expect(await dead()).toEqual([])
    expect((await run('list')).stdout).toMatch(/^other .*waiting 1 .*dead 0 /m)
  })

  it('asks what is meant', async () => {
    for (const args of [[], ['one', '--all'], ['one', '--kind', 'broken']]) {
      const { status, stderr } = await run('replay', ...args)
      expect([status, stderr]).toEqual([2, expect.stringContaining('one of them')])
    }
  })

  it('works beside a running product, and on a folder nothing ever ran in', async () => {
    const fresh = newDataFolder('jobs')
    expect(await tongda(['jobs', 'dead'], { dataDir: fresh })).toMatchObject({ status: 0, stdout: '' })
    rmSync(fresh, { recursive: true, force: true })

    const beside = newDataFolder('jobs')
    await killThree(beside)
    const database = await open(beside)
    const stop = await startTestControl({ folder: beside, jobs: await jobsOf(database) })
    const there = (...args: string[]) => tongda(['jobs', ...args], { dataDir: beside })
    expect((await there('list')).stdout).toMatch(/^broken .*dead 2 /m)
    expect((await there('dead')).stdout.trim().split('\n')).toHaveLength(3)
    expect((await there('replay', '--all')).stdout).toContain('queued again: 3')
    expect((await there('dead')).stdout).toBe('')
    stop()
    await database.close()
    rmSync(beside, { recursive: true, force: true })
  })
})
