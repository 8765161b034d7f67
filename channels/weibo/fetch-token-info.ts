/** What Weibo knows of the access token, `POST /oauth2/get_token_info`. Source: open.weibo.com Oauth2/get_token_info. */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'

/** Whose token it is and how long it lives. */
export interface TokenInfo {
  /** Absent when the number is too large to be trusted. */
  readonly uid?: string
  readonly endsInMs: number
}

const Info = z.object({ uid: z.union([z.string(), z.number()]), expire_in: z.coerce.number() })

const action = 'ask about the access token'

/** Asks about the token that makes the call. Throws `ChannelError`. */
export const fetchTokenInfo = async (callApi: CallApi): Promise<TokenInfo> => {
  const answer = await callApi({ action, host: 'api', path: '/oauth2/get_token_info', form: {} })
  const info = Info.safeParse(answer.kind === 'json' ? answer.data : {})
  if (!info.success) throw new ChannelError('weibo', 'temporary', `${action}: the answer does not say`)
  const { uid, expire_in: seconds } = info.data
  const trusted = typeof uid === 'string' || Number.isSafeInteger(uid)
  return { ...(trusted ? { uid: String(uid) } : {}), endsInMs: seconds * 1_000 }
}
