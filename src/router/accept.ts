import type { Accept, Accepted } from '../core/channel.ts'
import type { Capabilities } from '../core/capabilities.ts'
import type { Clock } from '../core/clock.ts'
import type { AcceptItem, Quota } from '../core/conversation.ts'
import { textOf, type ChannelName, type InboundMessage } from '../core/message.ts'
import type { ConversationStore } from '../core/stores.ts'
import { createBatcher } from '../core/batcher.ts'
import { momentNow, type HearStep } from '../core/journey.ts'
import type { WatchJourney } from '../core/trace.ts'
import { isCommand } from './commands.ts'
import type { Receipts } from './receipts.ts'

/** What accepting needs to know of an inbox. */
export interface InboxFacts {
  readonly channel: ChannelName
  readonly capabilities: Capabilities
}

export interface AcceptDeps {
  readonly store: ConversationStore
  readonly clock: Clock
  readonly inbox: (inboxId: string) => InboxFacts
  /** Milliseconds to wait for further pieces of a message typed in pieces. */
  readonly settleMs: number
  readonly settleMaxMs: number
  /** Remembers when each new message came and was stored. */
  readonly receipts: Receipts
  readonly watch: WatchJourney
  /** Hears of each message, new or not. */
  readonly hear?: HearStep
  /** Hears of each new message, before its sender does. `readyInMs`: when a worker should look. */
  readonly onAccepted: (message: InboundMessage, accepted: Accepted, readyInMs: number) => void
}

/** Every allowance, ended. */
const nothingOpen = (names: readonly string[], now: Date): Quota =>
  Object.fromEntries(names.map((name) => [name, { left: 0, until: now, reserved: 0 }]))

const quotaOf = ({ capabilities }: InboxFacts, message: InboundMessage, now: Date): Quota | undefined => {
  const names = Object.keys(capabilities.allowances)
  if (names.length === 0) return undefined
  if (message.closesAll === true) return nothingOpen(names, now)
  const allowance = message.opens === undefined ? undefined : capabilities.allowances[message.opens]
  if (allowance === undefined || message.opens === undefined) return {}
  const until = new Date(now.getTime() + allowance.windowMs)
  // What allows a single message (a welcome) is the bot's: kept for a person, nobody could ever use it in time.
  const reserved =
    allowance.reservedForAgents ?? Math.min(capabilities.reservedForAgents, Math.max(0, allowance.count - 1))
  return { [message.opens]: { left: allowance.count, until, reserved } }
}

const dayMs = 86_400_000

/**
 * When a message was sent, as far as that can be: with a time to come it would stand behind everything for ever, and databases
 * know no year 200000, so that it would be refused again and again.
 */
const sentAtOf = ({ sentAt }: InboundMessage, now: Date): Date =>
  sentAt.getTime() >= 0 && sentAt.getTime() <= now.getTime() + dayMs ? sentAt : now

/** What came, and when by `performance.now()`. */
interface Arrived {
  readonly item: AcceptItem
  readonly receivedAt: number
}

/** Makes `Accept`: durable and deduplicated when it resolves; calls of the same moment share a transaction. */
export const createAccept = (deps: AcceptDeps): Accept => {
  const { store, clock, inbox, settleMs, settleMaxMs, receipts, watch, hear, onAccepted } = deps

  /** Choices, commands and events are complete; so is everything a channel says is. */
  const settleOf = (message: InboundMessage): number =>
    message.mayContinue && !isCommand(textOf(message.parts)) ? settleMs : 0

  const toItem = (message: InboundMessage): AcceptItem => {
    const facts = inbox(message.inboxId)
    const now = clock.now()
    const quota = quotaOf(facts, message, now)
    return {
      message: { ...message, sentAt: sentAtOf(message, now) },
      channel: facts.channel,
      settleMs: settleOf(message),
      settleMaxMs,
      ...(quota === undefined ? {} : { quota }),
    }
  }

  const accept = createBatcher<Arrived, Accepted>(
    async (arrived) => {
      const storingAt = momentNow()
      const accepted = await store.accept(
        arrived.map(({ item }) => item),
        clock.now(),
      )
      const storedAt = performance.now()
      for (const [place, { outcome, messageId }] of accepted.entries()) {
        const receivedAt = arrived[place]?.receivedAt
        if (receivedAt === undefined) continue
        // Before anybody hears of it: a turn may be over in a moment.
        if (outcome === 'accepted') receipts.note(messageId, { receivedAt, storedAt })
        watch('acknowledge', storedAt - receivedAt)
        hear?.({
          ...{
            step: 'accepted',
            inboxId: arrived[place]?.item.message.inboxId ?? '',
            messageId,
            outcome,
            storingAt,
          },
          ...{ receivedAt: performance.timeOrigin + receivedAt, storedAt: performance.timeOrigin + storedAt },
        })
      }
      return accepted
    },
    { maxItems: 200 },
  )

  return async (message) => {
    const accepted = await accept({ item: toItem(message), receivedAt: performance.now() })
    if (accepted.outcome === 'accepted') onAccepted(message, accepted, settleOf(message))
    return accepted
  }
}
