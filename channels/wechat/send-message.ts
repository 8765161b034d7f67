/** Sends a customer-service message, `POST /cgi-bin/message/custom/send`. Source: developers.weixin.qq.com 发送客服消息. */
import type { CallApi } from './client.ts'

/** Sends one encoded message. Throws `ChannelError` with what WeChat's errcode means. */
export const sendMessage = async (callApi: CallApi, body: Record<string, unknown>): Promise<void> => {
  await callApi({
    action: 'send message',
    path: '/cgi-bin/message/custom/send',
    body: JSON.stringify(body),
    speaks: true,
  })
}
