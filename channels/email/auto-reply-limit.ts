/** Brakes for loops that no header betrays: automatic answers are counted by conversation and by address. */
import { createHash } from 'node:crypto'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Message } from '../../src/core/conversation.ts'
import { comparable } from './addresses.ts'
import type { EmailConfig } from './manifest.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** More messages of one conversation need not be looked at: the limit is reached long before. */
const lookBack = 200

export interface AutoReplyLimit {
  /** Whether a conversation has had its automatic answers for today. */
  isSpent(threadKey: string): Promise<boolean>
  /** Takes a slot for one automatic mail; false: there is none left. The same mail takes one slot, however often tried. */
  take(mail: {
    readonly outboundId: string
    readonly threadKey: string
    readonly contactKey: string
    /** Where it goes: the contact's own address, or the one they want answers at. */
    readonly address: string
  }): Promise<boolean>
}

export interface AutoReplyLimitDeps {
  readonly config: EmailConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'clock' | 'messageLog' | 'sent'>
}

export const createAutoReplyLimit = ({ config, host }: AutoReplyLimitDeps): AutoReplyLimit => {
  const { perThreadPerDay, perSenderPerHour, perSenderPerDay } = config.autoReplies

  const wentOut = ({ direction, author, createdAt, delivery }: Message): boolean =>
    direction === 'out' &&
    author !== 'agent' &&
    createdAt.getTime() > host.clock.now().getTime() - dayMs &&
    (delivery === undefined || delivery.status === 'sent')

  const isSpent = async (threadKey: string): Promise<boolean> => {
    const said = await host.messageLog.latest({ inboxId: host.inboxId, threadKey, limit: lookBack })
    return said.filter(wentOut).length >= perThreadPerDay
  }

  /** What was sent is stored: this limit holds over restarts and nodes. */
  const isWithin = async (contactKey: string, outboundId: string): Promise<boolean> => {
    const count = (ms: number) =>
      host.sent.countAutomatic({
        contactKey,
        since: new Date(host.clock.now().getTime() - ms),
        except: outboundId,
      })
    return (await count(hourMs)) < perSenderPerHour && (await count(dayMs)) < perSenderPerDay
  }

  /** By recipient, for those that many contacts name in Reply-To. Slots are entries that end by themselves; whoever sets one has it. */
  const takeSlot = async (name: string, count: number, ttlMs: number, owner: string): Promise<boolean> => {
    for (let slot = 1; slot <= count; slot += 1) {
      const key = `${name}:${slot}`
      if ((await host.cache.get(key)) === owner || (await host.cache.add(key, owner, ttlMs))) return true
    }
    return false
  }

  return {
    isSpent,
    take: async ({ outboundId, threadKey, contactKey, address }) => {
      if ((await isSpent(threadKey)) || !(await isWithin(contactKey, outboundId))) return false
      const sender = createHash('sha256').update(comparable(address)).digest('hex').slice(0, 32)
      const name = `email:auto:${host.inboxId}:${sender}`
      return (
        (await takeSlot(`${name}:hour`, perSenderPerHour, hourMs, outboundId)) &&
        (await takeSlot(`${name}:day`, perSenderPerDay, dayMs, outboundId))
      )
    },
  }
}
