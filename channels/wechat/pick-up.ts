/**
 * Late answers of accounts without the send right: the last attempt asks the contact to send any character, and the
 * answer rides on that message. Source: developers.weixin.qq.com 被动回复用户消息 (three attempts of 5 s).
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { InboundMessage, OutboundMessage } from '../../src/core/message.ts'
import { textOf } from '../../src/core/message.ts'
import type { WechatConfig } from './manifest.ts'
import { isPassiveOnly } from './manifest.ts'
import type { ReplyWriter } from './passive-reply.ts'
import type { VerifiedPush } from './verify.ts'

export interface PickUpDeps {
  readonly config: WechatConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache'>
  readonly writeReply: ReplyWriter
}

export interface PickUp {
  /** Answers that the contact may send any character for the answer. */
  ask(push: VerifiedPush, message: InboundMessage): Promise<Response>
  /** A character sent because we asked wants what waits, and no answer of its own. */
  recognise(message: InboundMessage): Promise<InboundMessage>
}

/** As long as an answer may be worth picking up. */
const rememberMs = 48 * 3_600_000

/** More than this is something to say. */
const maxCharacters = 2

const isAnyCharacter = ({ parts }: InboundMessage): boolean =>
  parts.every(({ kind }) => kind === 'text' || kind === 'sticker') &&
  Array.from(textOf(parts).trim()).length <= maxCharacters

/** Makes the asking and the recognising. */
export const createPickUp = ({ config, host, writeReply }: PickUpDeps): PickUp => {
  const askedKey = ({ contactKey }: InboundMessage): string => `wechat:pick-up:${host.inboxId}:${contactKey}`
  // Every retry of the push that picks up is one too.
  const pickedKey = ({ dedupKey }: InboundMessage): string => `wechat:picked-up:${host.inboxId}:${dedupKey}`

  const isPickUp = async (message: InboundMessage): Promise<boolean> => {
    if (!isPassiveOnly(config) || !isAnyCharacter(message)) return false
    if ((await host.cache.get(pickedKey(message))) !== undefined) return true
    if (!(await host.cache.drop(askedKey(message), '1'))) return false
    await host.cache.set(pickedKey(message), '1', rememberMs)
    return true
  }

  return {
    ask: async (push, message) => {
      await host.cache.set(askedKey(message), '1', rememberMs)
      const said: OutboundMessage = {
        id: `pick-up-${message.dedupKey}`,
        inboxId: host.inboxId,
        conversationId: '',
        contactKey: message.contactKey,
        threadKey: message.threadKey,
        part: { kind: 'text', text: config.lateAnswerText },
        author: 'system',
        createdAt: message.sentAt,
        attempt: 1,
      }
      return writeReply(push, message, said)
    },
    recognise: async (message) =>
      (await isPickUp(message)) ? { ...message, wantsReply: false, mayContinue: false } : message,
  }
}
