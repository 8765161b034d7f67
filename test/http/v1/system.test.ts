import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInProcessBus } from '../../../src/bus/index.ts'
import { onJob } from '../../../src/core/jobs.ts'
import { openTestEmbedded } from '../../support/databases.ts'
import { openSystemServices, openTestJobs, testJob } from '../../support/system-world.ts'
import { openWorld, type World } from '../world.ts'
import { createProgram, type Program } from './program.ts'

let world: World
let program: Program
beforeAll(async () => {
  world = await openWorld()
  program = await createProgram(world, ['system:manage', 'audit:read'])
})
afterAll(() => world.stop())

const health = async () => {
  const answer = await program.get('/system/health')
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}

describe('how the product fares', () => {
  it('is told of database, disk and model, with what to do', async () => {
    expect(await health()).toMatchObject({
      database: { kind: 'embedded', reachable: true, latencyMs: expect.any(Number) as number },
      disk: { freeBytes: expect.any(Number) as number },
      model: { encoder: { model: 'tiny', problem: expect.stringContaining('tongda models pull') as string } },
      unread: [],
    })
    expect((await health()).database).toHaveProperty('bytes')
  })

  it('shows what waits to be sent, when contacts wrote last, and what was refused by code', async () => {
    const { inboxId, conversationId } = await world.arrive({ say: '请稍等' })
    const failed = JSON.stringify({
      code: 'needs_operator',
      message: '把本机地址加入白名单',
      providerCode: '40164',
    })
    const before = (await health()).outbox as { readonly queued: number }
    expect(before.queued).toBeGreaterThan(0)
    await world.database.query(
      "update outbox set status = 'failed', error = $2::jsonb, settled_at = now() where conversation_id = $1",
      [conversationId, failed],
    )
    const flows = await openSystemServices(world.database, {
      ...{ bus: world.bus, clock: world.clock, folder: '.' },
      inboxes: () =>
        Promise.resolve([{ inboxId, channel: 'wechat', state: 'running', since: world.clock.now() }]),
    })
    const { channels, outbox } = await flows.system.health()
    expect(outbox?.queued).toBe(before.queued - 1)
    expect(channels).toMatchObject([
      {
        inboxId,
        lastMessageAt: expect.any(Date) as Date,
        refused: [
          { code: 'needs_operator', count: 1, providerCode: '40164', message: '把本机地址加入白名单' },
        ],
      },
    ])
  })

  it('lists a dead job with its error, and gives it its tries again once', async () => {
    const jobs = await openTestJobs(world.database, world.bus, world.clock)
    const id = await jobs.enqueue(testJob, {})
    const fails = onJob(testJob, () => Promise.reject(new Error('the bucket does not answer')))
    const stop = await jobs.start({ handlers: [fails], concurrency: 1, stopMs: 1_000 }, [])
    await expect.poll(async () => (await jobs.dead(1)).length).toBe(1)
    await stop()
    const { deadJobs, jobs: depths } = await health()
    expect(deadJobs).toMatchObject([{ id, kind: 'tidy-up', error: 'the bucket does not answer' }])
    expect(depths).toContainEqual(expect.objectContaining({ kind: 'tidy-up', dead: 1, waiting: 0 }))
    expect((await program.post(`/system/jobs/${String(id)}/replay`)).status).toBe(200)
    expect((await program.post(`/system/jobs/${String(id)}/replay`)).status).toBe(404)
    const after = await health()
    expect(after.deadJobs).toEqual([])
    expect(after.jobs).toContainEqual(expect.objectContaining({ kind: 'tidy-up', dead: 0, waiting: 1 }))
    expect((await program.get('/audit?act=job.replayed')).json.data).toMatchObject([
      { object: { kind: 'job', id } },
    ])
  })

  it('is answered as far as it can be read while the database and the folder are away', async () => {
    const opened = await openTestEmbedded()
    const { database, folder } = opened
    const bus = createInProcessBus()
    const { system } = await openSystemServices(database, { bus, clock: world.clock, folder })
    await opened.dispose()
    await bus.close()
    expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined()
    const { database: found, disk, unread, model } = await system.health()
    expect(found).toEqual({ kind: 'embedded', reachable: false })
    expect(disk).toBeUndefined()
    expect(unread).toEqual(expect.arrayContaining(['database', 'outbox', 'jobs', 'timers', 'disk']))
    expect(model.content.articles).toBe(64)
  })
})
