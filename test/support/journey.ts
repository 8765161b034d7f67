import { randomUUID } from 'node:crypto'
import { createShowTyping } from '../../src/app/show-typing.ts'
import { createInProcessBus } from '../../src/bus/index.ts'
import type { Capabilities } from '../../src/core/capabilities.ts'
import type { Channel, PassiveReply } from '../../src/core/channel.ts'
import { systemClock } from '../../src/core/clock.ts'
import { initialDialogue, type Claim, type TurnOutcome } from '../../src/core/conversation.ts'
import { silentLog } from '../../src/core/log.ts'
import { textOf, type OutboundMessage } from '../../src/core/message.ts'
import { createDeliveryEnds, startSender } from '../../src/outbox/index.ts'
import {
  createAccept,
  createPassiveReplies,
  createReceipts,
  startWorker,
  type Turn,
} from '../../src/router/index.ts'
import { createConversationStore, createFindThread, createOutboxStore } from '../../src/store/index.ts'
import { buildDraft, buildRecord } from './builders.ts'
import type { TestDatabase } from './databases.ts'

/** A channel of text without limits. */
export const plainCapabilities: Capabilities = {
  text: { max: 2_000, unit: 'characters', markup: 'plain' },
  parts: ['text'],
  choices: { style: 'numbered', max: 10 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: false,
  sendsPerSecond: 100_000,
}

/** A turn that answers every claim by repeating what was said. */
export const echoTurn: Turn = (claim) => {
  const heard = claim.pending.map((message) => textOf(message.parts)).join('|')
  return Promise.resolve(outcomeOf(claim, `答:${heard}`))
}

/** An outcome that says one text. */
export const outcomeOf = (claim: Claim, text: string): TurnOutcome => ({
  claim,
  decision: buildRecord(),
  mode: claim.mode,
  dialogue: initialDialogue,
  outbound: [buildDraft(text)],
  touchesTicket: false,
})

export interface LineOptions {
  readonly turn?: Turn
  readonly settleMs?: number
  readonly capabilities?: Capabilities
  readonly leaseMs?: number
  /** What the provider does with a message; default: takes it. */
  readonly deliver?: (message: OutboundMessage) => Promise<void>
}

/** One node: accept, worker, passive replies and sender on a real database, around a channel that records. */
export const startLine = async (test: TestDatabase, options: LineOptions = {}) => {
  const {
    turn = echoTurn,
    settleMs = 0,
    capabilities = plainCapabilities,
    // Ends in no test that does not ask for it, however slow the machine.
    leaseMs = 60_000,
    deliver,
  } = options
  const bus = createInProcessBus()
  const store = createConversationStore(test.database)
  const outbox = createOutboxStore(test.database)
  const delivered: OutboundMessage[] = []
  const typing: { readonly threadKey: string; readonly on: boolean }[] = []
  const owner = randomUUID()
  const channel: Channel = {
    capabilities,
    routes: [],
    sockets: [],
    deliver: async (message) => {
      await deliver?.(message)
      delivered.push(message)
      return {}
    },
    showTyping: (threadKey, on) => {
      typing.push({ threadKey, on })
      return Promise.resolve()
    },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  }
  const receipts = createReceipts()
  const watch = () => undefined
  const shared = {
    bus,
    watch,
    clock: systemClock,
    log: silentLog,
    owner,
    leaseMs,
    pollMs: 100,
    concurrency: 50,
  }
  const worker = startWorker({
    ...shared,
    store,
    receipts,
    turn,
    showTyping: createShowTyping({
      findThread: createFindThread(test.database),
      channel: () => channel,
      log: silentLog,
    }),
    typingAfterMs: 50,
    giveUp: (claim) => Promise.resolve(outcomeOf(claim, '转人工')),
  })
  const ends = createDeliveryEnds({ store: outbox, bus, clock: systemClock, log: silentLog, watch })
  const passive = await createPassiveReplies({
    outbox,
    bus,
    clock: systemClock,
    owner,
    ends,
  })
  const accept = createAccept({
    store,
    clock: systemClock,
    receipts,
    watch,
    inbox: () => ({ channel: 'wechat', capabilities }),
    settleMs,
    settleMaxMs: Math.max(3_000, settleMs),
    onAccepted: (message, accepted, readyInMs) => {
      if (message.passiveBudgetMs > 0) passive.expect(accepted.messageId)
      worker.wake(readyInMs)
    },
  })
  const sender = await startSender({
    ...shared,
    store: outbox,
    ends,
    channel: () => channel,
    elsewhere: () => [],
    random: () => 0,
    waitingMaxMs: 86_400_000,
  })
  return {
    bus,
    accept,
    awaitReply: (messageId: string, budgetMs: number): Promise<PassiveReply | undefined> =>
      passive.awaitReply(messageId, budgetMs),
    delivered,
    /** Where "typing" was shown or hidden, in order. */
    typing,
    texts: () => delivered.map((message) => textOf([message.part])),
    stop: async () => {
      ends.stop()
      await worker.stop()
      await sender.stop()
      passive.stop()
      await bus.close()
    },
  }
}
