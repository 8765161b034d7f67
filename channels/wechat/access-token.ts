/**
 * The stable access token, `POST /cgi-bin/stable_token`.
 * Source: developers.weixin.qq.com 获取稳定版接口调用凭据.
 */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { IssuedToken, ProviderToken } from '../kit/index.ts'
import { createProviderToken } from '../kit/index.ts'
import type { Transport } from './client.ts'
import { errcodeOf, throwIfRefused } from './client.ts'
import { errcodes } from './errors.ts'

const Issued = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

const action = 'fetch access token'

const issue = async (transport: Transport, appId: string, appSecret: string): Promise<IssuedToken> => {
  const body = { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: false }
  const answer = await transport({ action, path: '/cgi-bin/stable_token', body: JSON.stringify(body) })
  const errcode = errcodeOf(answer)
  // Here 40001 speaks of the secret, and no fresh token can cure it.
  if (errcodes.isTokenRefusal(errcode))
    throw new ChannelError(
      'wechat',
      'needs_operator',
      `${action}: the AppSecret is wrong (errcode ${errcode})`,
      {
        providerCode: errcode,
        hint: 'set appSecret; if it is lost, reset it in 开发者平台',
      },
    )
  throwIfRefused(action, answer)
  const issued = Issued.safeParse(answer.kind === 'json' ? answer.data : {})
  if (!issued.success) throw new ChannelError('wechat', 'temporary', `${action}: the answer holds no token`)
  return { token: issued.data.access_token, expiresInMs: issued.data.expires_in * 1_000 }
}

/** The account's token, fetched by one node at a time and shared by all. Secrets stay out of cache keys and errors. */
export const createAccessToken = (options: {
  readonly appId: string
  readonly appSecret: string
  readonly transport: Transport
  readonly host: Pick<ChannelHost, 'cache' | 'locks' | 'clock' | 'log'>
}): ProviderToken =>
  createProviderToken({
    key: `wechat:token:${options.appId}`,
    issue: () => issue(options.transport, options.appId, options.appSecret),
    host: options.host,
  })
