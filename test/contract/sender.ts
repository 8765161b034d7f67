import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { createInProcessBus } from '../../src/bus/index.ts'
import { topics } from '../../src/core/bus.ts'
import type { Channel } from '../../src/core/channel.ts'
import { systemClock } from '../../src/core/clock.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { silentLog } from '../../src/core/log.ts'
import { textOf } from '../../src/core/message.ts'
import type { OutboxStore } from '../../src/core/stores.ts'
import { createDeliveryEnds, startSender } from '../../src/outbox/index.ts'
import {
  createConversationStore,
  createInboxPauses,
  createMessageLog,
  createOutboxStore,
} from '../../src/store/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { plainCapabilities } from '../support/journey.ts'

const inboxId = 'wechat-test'

interface Provider {
  readonly sendsPerSecond: number
  /** What it says to the nth call, 1 for the first; default: takes it. */
  readonly hear?: (nth: number, stop: () => void) => void | Promise<void>
  /** Inboxes that another node sends for. */
  readonly elsewhere?: () => readonly string[]
}

/** What every database must do for a sender whose providers take little at once. */
export const itSendsAtAPace = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let outbox: OutboxStore
  /** What providers were handed, in order. */
  let calls: string[]
  /** What they took. */
  let taken: string[]

  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate contacts, contact_identities, conversations, messages, outbox, delivery_attempts, inbox_pauses cascade',
    )
    outbox = createOutboxStore(test.database)
    calls = []
    taken = []
  })

  const contacts = Array.from({ length: 15 }, (_, n) => `u${String(n)}`)

  /** Two answers lie waiting for each contact. */
  const answerAll = async (): Promise<void> => {
    const store = createConversationStore(test.database)
    const now = new Date()
    await store.accept(
      contacts.map((contactKey) => buildItem(buildInbound({ inboxId, contactKey }))),
      now,
    )
    const claims = await store.claim('worker', contacts.length, 60_000)
    await store.commit(
      claims.map((claim) => buildOutcome(claim, { outbound: [buildDraft('一'), buildDraft('二')] })),
      now,
    )
  }

  const start = async ({ sendsPerSecond, hear, elsewhere = () => [] }: Provider) => {
    const bus = createInProcessBus()
    const shared = { bus, clock: systemClock, log: silentLog, watch: () => undefined }
    const ends = createDeliveryEnds({ ...shared, store: outbox })
    let stopping: Promise<void> | undefined
    let looks = 0
    const store: OutboxStore = {
      ...outbox,
      claim: async (...request) => {
        const claims = await outbox.claim(...request)
        looks += 1
        return claims
      },
    }
    const channel: Channel = {
      capabilities: { ...plainCapabilities, sendsPerSecond },
      ...{ routes: [], sockets: [] },
      deliver: async ({ contactKey, part }) => {
        const name = `${contactKey} ${textOf([part])}`
        calls.push(name)
        await hear?.(calls.length, () => void stop())
        taken.push(name)
        return {}
      },
      showTyping: () => Promise.resolve(),
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    }
    const sender = await startSender({
      ...shared,
      ...{ store, ends, channel: () => channel, elsewhere, owner: 'sender', random: () => 0 },
      ...{ concurrency: 100, leaseMs: 30_000, pollMs: 100, waitingMaxMs: 86_400_000 },
    })
    const stop = (): Promise<void> => {
      ends.stop()
      return (stopping ??= sender.stop())
    }
    onTestFinished(stop)
    return {
      stop,
      isStopping: () => stopping !== undefined,
      /** Resolves once it has looked for work so many times more, rung each time. */
      looksAgain: async (times: number): Promise<void> => {
        const wanted = looks + times
        await expect
          .poll(() => {
            bus.publish(topics.outbox, {})
            return looks
          })
          .toBeGreaterThanOrEqual(wanted)
      },
    }
  }

  /** How each answer stands. */
  const standing = async () => {
    const said = await Promise.all(
      contacts.map(async (threadKey) => {
        const thread = { inboxId, threadKey, afterSeq: 0, limit: 10, visibleOnly: false }
        const messages = await createMessageLog(test.database).read(thread)
        return messages.flatMap(({ parts, delivery }) =>
          delivery === undefined ? [] : [{ name: `${threadKey} ${textOf(parts)}`, ...delivery }],
        )
      }),
    )
    return said.flat()
  }
  const notCalled = async () => (await standing()).filter(({ name }) => !calls.includes(name))
  /** As if nobody had ever held it. */
  const untouched = { status: 'queued', attempts: 0, repeated: false }

  /** The next process sends what is left: the provider took each once, in order, and none is marked. */
  const theRestIsSentOnce = async (): Promise<void> => {
    await start({ sendsPerSecond: 100_000 })
    await expect.poll(async () => (await standing()).every(({ status }) => status === 'sent')).toBe(true)
    const to = (contact: string) => taken.filter((name) => name.startsWith(`${contact} `))
    expect(contacts.map(to)).toEqual(contacts.map((contact) => [`${contact} 一`, `${contact} 二`]))
    expect((await standing()).filter(({ repeated }) => repeated)).toEqual([])
  }

  it('gives back what waits for its turn when it stops, as if nobody had held it', async () => {
    await answerAll()
    const sender = await start({
      sendsPerSecond: 20,
      // By then others have been leased and wait behind it.
      hear: (nth, stop) => {
        if (nth === 2) stop()
      },
    })
    await expect.poll(() => sender.isStopping()).toBe(true)
    await sender.stop()
    expect(calls).toHaveLength(2)
    expect(await notCalled()).toMatchObject(Array.from({ length: 28 }, () => untouched))
    await theRestIsSentOnce()
  })

  it.each([1, 2])('calls nobody more once call %i was answered with a pause', async (refused) => {
    await answerAll()
    const sender = await start({
      sendsPerSecond: 20,
      hear: (nth) => {
        if (nth < refused) return
        const facts = { providerCode: 45011, retryAfterMs: 3_600_000 }
        throw new ChannelError('wechat', 'rate_limited', 'too fast', facts)
      },
    })
    await expect.poll(async () => (await createInboxPauses(test.database).list(new Date())).size).toBe(1)
    const left = Array.from({ length: 30 - refused }, () => untouched)
    await expect.poll(notCalled).toMatchObject(left)
    await sender.looksAgain(3)
    await sender.stop()
    expect(calls).toHaveLength(refused)
    await createInboxPauses(test.database).end(inboxId)
    await theRestIsSentOnce()
  })

  it('holds no more than goes out within a second or so, whoever dies meanwhile', async () => {
    await answerAll()
    const sender = await start({ sendsPerSecond: 0.01 })
    await expect.poll(() => calls).toHaveLength(1)
    await sender.looksAgain(5)
    expect(await notCalled()).toMatchObject(Array.from({ length: 29 }, () => untouched))
  })

  it('leaves alone what another node sends for, and sends it once it may', async () => {
    await answerAll()
    let isElsewhere = true
    const sender = await start({ sendsPerSecond: 1_000, elsewhere: () => (isElsewhere ? [inboxId] : []) })
    await sender.looksAgain(5)
    expect(calls).toEqual([])
    expect(await standing()).toMatchObject(Array.from({ length: 30 }, () => untouched))
    isElsewhere = false
    await theRestIsSentOnce()
  })

  it('goes on at the pace of the provider until all is sent', async () => {
    await answerAll()
    await start({ sendsPerSecond: 50 })
    await expect.poll(() => taken).toHaveLength(30)
    await theRestIsSentOnce()
  })
}
