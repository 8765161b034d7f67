/** Writes an answer into WeChat's own request. Source: developers.weixin.qq.com 被动回复用户消息, 消息加解密说明. */
import type { InboundMessage, OutboundMessage, Part } from '../../src/core/message.ts'
import { sealReply } from './crypto.ts'
import type { ChoiceStyle, Handles } from './encode.ts'
import { encodeReply } from './encode.ts'
import type { Format, VerifiedPush } from './verify.ts'
import { buildXml } from './xml.ts'
import type { ReplyFields } from './xml.ts'

/** Turns an answer into the response to a push. Throws `ChannelError` for what cannot ride on a request. */
export type ReplyWriter = (
  push: VerifiedPush,
  message: InboundMessage,
  reply: OutboundMessage,
) => Promise<Response>

export interface ReplyWriterDeps {
  readonly choices: Exclude<ChoiceStyle, 'menu'>
  /** WeChat's handles for a part's files. */
  readonly handlesFor: (part: Part) => Promise<Handles | undefined>
}

const contentTypes: Readonly<Record<Format, string>> = {
  xml: 'text/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

const write = (format: Format, fields: ReplyFields): string =>
  format === 'xml' ? buildXml(fields) : JSON.stringify(fields)

/**
 * Answers in the format and with the key of the push. The bytes depend on push format, key and answer alone, so that
 * a retry of the push gets the same ones.
 */
export const createReplyWriter =
  ({ choices, handlesFor }: ReplyWriterDeps): ReplyWriter =>
  async (push, message, reply) => {
    const { contactKey, accountKey = '' } = message
    const fields = encodeReply(reply, { contactKey, accountKey }, await handlesFor(reply.part), choices)
    const plain = write(push.format, fields)
    const body = push.seal === undefined ? plain : write(push.format, sealReply(push.seal, reply, plain))
    return new Response(body, {
      status: 200,
      headers: { 'content-type': contentTypes[push.format], 'cache-control': 'no-store' },
    })
  }
