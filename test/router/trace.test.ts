import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { topics } from '../../src/core/bus.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { createConversationStore, createMessageLog } from '../../src/store/index.ts'
import { buildInbound, buildItem } from '../support/builders.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'
import { echoTurn, startLine, type LineOptions } from '../support/journey.ts'
import type { Turn } from '../../src/router/index.ts'

let test: TestDatabase
let line: Awaited<ReturnType<typeof startLine>> | undefined

beforeAll(async () => {
  test = await openTestEmbedded()
})
afterAll(() => test.dispose())
afterEach(async () => {
  await line?.stop()
  line = undefined
})

/** A turn that says what it took: 10 ms of understanding, 2 ms of deciding. */
const measured: Turn = async (claim) => ({
  ...(await echoTurn(claim)),
  times: {
    ...{ turn: claim.fence, pieces: claim.pending.length, understoodMs: 10, decidedMs: 2 },
    decidedAt: new Date().toISOString(),
  },
})

const start = async (options: LineOptions = {}) => {
  line = await startLine(test, { turn: measured, ...options })
  return line
}

/** The trace of the last thing a contact said, once it is at its end. */
const traceOf = async (threadKey: string) => {
  const log = createMessageLog(test.database)
  const read = async () => {
    const messages = await log.latest({ inboxId: 'wechat-test', threadKey, limit: 10 })
    return messages.findLast(({ trace }) => trace !== undefined)?.trace
  }
  await expect.poll(async () => (await read())?.end).toBe('sent')
  const trace = await read()
  return { trace, ms: Object.fromEntries(trace?.steps.map(({ step, ms }) => [step, ms]) ?? []) }
}

it('tells from the adapter’s hands to the provider’s yes, and leaves the wait for further pieces out of the sum', async () => {
  const { accept } = await start({ settleMs: 2_000 })
  const pieces = ['我的大会员', '怎么退款'].map((text) => buildInbound({ contactKey: 'pieces', text }))
  await Promise.all(pieces.map(accept))
  const { trace, ms } = await traceOf('pieces')
  expect(trace).toMatchObject({ pieces: 2, attempts: 1 })
  expect(trace?.steps.map(({ step }) => step)).toEqual([
    ...['stored', 'pieces', 'queued', 'understood', 'decided', 'outbox', 'sent'],
  ])
  expect(ms.stored).toBeGreaterThan(0)
  expect(ms.pieces).toBeGreaterThan(1_000)
  expect(ms).toMatchObject({ understood: 10, decided: 2 })
  const work = (ms.stored ?? 0) + 12 + (ms.sent ?? 0)
  expect(trace?.totalMs).toBeCloseTo(work, 5)
})

it('tells open desks of each end of a try to send, so that the trace goes on', async () => {
  const { accept, bus } = await start()
  const heard: unknown[] = []
  await bus.subscribe(topics.delivery, (payload) => heard.push(payload))
  const { conversationId } = await accept(buildInbound({ contactKey: 'told' }))
  await traceOf('told')
  await expect.poll(() => heard).toEqual([{ conversationId }])
})

it('counts the tries to send, and their pauses as waits', async () => {
  let refusals = 2
  const { accept } = await start({
    deliver: () => {
      refusals -= 1
      return refusals >= 0
        ? Promise.reject(new ChannelError('wechat', 'temporary', 'busy', { retryAfterMs: 150 }))
        : Promise.resolve()
    },
  })
  await accept(buildInbound({ contactKey: 'refused' }))
  const { trace, ms } = await traceOf('refused')
  expect(trace?.attempts).toBe(3)
  expect(ms.outbox).toBeGreaterThanOrEqual(290)
  // They are no part of the work.
  expect(trace?.totalMs).toBeCloseTo((ms.stored ?? 0) + 12 + (ms.sent ?? 0), 5)
})

it('tells how long a message waited for a worker, also one that another node took in', async () => {
  await createConversationStore(test.database).accept(
    [buildItem(buildInbound({ contactKey: 'elsewhere' }))],
    new Date(),
  )
  await test.database.query(
    `update conversations set ready_at = now() - interval '1 minute' where thread_key = 'elsewhere'`,
  )
  await start()
  const { trace, ms } = await traceOf('elsewhere')
  expect(ms.queued).toBeGreaterThanOrEqual(60_000)
  expect(trace?.totalMs).toBeLessThan(60_000)
  // What this node did not see it does not tell.
  expect(ms).not.toHaveProperty('stored')
  expect(ms).not.toHaveProperty('pieces')
})
