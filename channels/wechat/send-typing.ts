/** Shows or hides "typing", `POST /cgi-bin/message/custom/typing`. Source: developers.weixin.qq.com 客服输入状态. */
import type { CallApi } from './client.ts'

/** How long WeChat shows it; it must not be sent again meanwhile (errcode 45081). */
export const typingMs = 15_000

/** Sends the command. Throws `ChannelError`; 45072, 45080 and 45081 mean that there is nothing to show. */
export const sendTyping = async (callApi: CallApi, openId: string, on: boolean): Promise<void> => {
  const body = { touser: openId, command: on ? 'Typing' : 'CancelTyping' }
  await callApi({ action: 'show typing', path: '/cgi-bin/message/custom/typing', body: JSON.stringify(body) })
}
