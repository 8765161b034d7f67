/** A contact's name, `GET /2/eps/user/info.json`. Source: open.weibo.com 粉丝服务平台 获取用户基本信息. */
import { z } from 'zod'
import { cleanText } from '../kit/index.ts'
import type { CallApi } from './client.ts'

const User = z.object({ nickname: z.string() })

/** The nickname; empty when Weibo tells none. Throws `ChannelError`. */
export const fetchNickname = async (callApi: CallApi, uid: string): Promise<string> => {
  const answer = await callApi({
    action: 'fetch nickname',
    host: 'api',
    path: '/2/eps/user/info.json',
    query: { uid },
    timeoutMs: 5_000,
    maxBytes: 65_536,
  })
  const user = User.safeParse(answer.kind === 'json' ? answer.data : {})
  return user.success ? cleanText(user.data.nickname).trim().slice(0, 64) : ''
}
