/** Sends a customer-service message, `POST /2/messages/reply.json`. Source: open.weibo.com 发送客服消息. */
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'
import type { Encoded } from './encode.ts'
import type { WeiboConfig } from './manifest.ts'

export interface SendDeps {
  readonly callApi: CallApi
  readonly config: Pick<WeiboConfig, 'replyPath' | 'keepInInbox'>
}

const action = 'send message'

/**
 * Sends one encoded message. The form's own encoding is the URL-encoding that the documentation asks for: `data` goes in
 * as plain JSON. Throws `ChannelError` with what Weibo's error means.
 */
export const sendMessage = async (
  { callApi, config }: SendDeps,
  contactKey: string,
  { type, data }: Encoded,
): Promise<void> => {
  const form = { type, data, receiver_id: contactKey, save_sender_box: config.keepInInbox ? '1' : '0' }
  const answer = await callApi({ action, host: 'message', path: config.replyPath, form, speaks: true })
  if (answer.kind === 'file' || answer.data['result'] !== true)
    throw new ChannelError('weibo', 'temporary', `${action}: Weibo did not say that it was sent`, {
      outcomeUnknown: true,
    })
}
