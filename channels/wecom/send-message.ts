/**
 * Sends a message, `POST /cgi-bin/kf/send_msg` and `POST /cgi-bin/kf/send_msg_on_event`.
 * Source: developer.work.weixin.qq.com 发送消息 (94677), 发送欢迎语等事件响应消息 (95122).
 */
import type { CallApi } from './client.ts'
import type { Content } from './encode.ts'
import type { Address } from './item.ts'

/** Sends to a contact. Throws `ChannelError`: 95001 quota, 95018 the session's state. */
export const sendMessage = async (
  callApi: CallApi,
  { openKfId, contactKey }: Address,
  messageId: string,
  content: Content,
): Promise<void> => {
  const body = { touser: contactKey, open_kfid: openKfId, msgid: messageId, ...content }
  await callApi({ action: 'send message', path: '/cgi-bin/kf/send_msg', body })
}

/** Answers an event by its code, which works once and for a short time. Throws `ChannelError`. */
export const sendOnEvent = async (
  callApi: CallApi,
  code: string,
  content: Content,
  messageId?: string,
): Promise<void> => {
  const body = { code, ...(messageId === undefined ? {} : { msgid: messageId }), ...content }
  await callApi({ action: 'answer event', path: '/cgi-bin/kf/send_msg_on_event', body })
}
