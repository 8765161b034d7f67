/** A contact's name and picture, `GET /2/eps/user/info.json`. Source: open.weibo.com 粉丝服务平台 获取用户基本信息. */
import { z } from 'zod'
import { cleanText } from '../kit/index.ts'
import type { CallApi } from './client.ts'

const User = z.object({ nickname: z.string(), headimgurl: z.string().max(2_048).default('') })

/** What Weibo tells of a contact; empty what it does not. */
export interface Profile {
  readonly nickname: string
  /** Address of the picture. */
  readonly avatar: string
}

/** Throws `ChannelError`. */
export const fetchProfile = async (callApi: CallApi, uid: string): Promise<Profile> => {
  const answer = await callApi({
    action: 'fetch nickname',
    host: 'api',
    path: '/2/eps/user/info.json',
    query: { uid },
    timeoutMs: 5_000,
    maxBytes: 65_536,
  })
  const user = User.safeParse(answer.kind === 'json' ? answer.data : {})
  if (!user.success) return { nickname: '', avatar: '' }
  const { nickname, headimgurl } = user.data
  return { nickname: cleanText(nickname).trim().slice(0, 64), avatar: headimgurl }
}
