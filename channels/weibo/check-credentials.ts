/** Whether Weibo takes the account's access token. Source: open.weibo.com Oauth2/get_token_info, Error_code. */
import type { CredentialHost } from '../../src/core/channel.ts'
import type { Check } from '../../src/core/check.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { tryCredential, type CredentialFaults } from '../kit/index.ts'
import { createCallApi } from './client.ts'
import { fetchTokenInfo } from './fetch-token-info.ts'
import type { WeiboConfig } from './manifest.ts'

const place = '管理中心 → 粉丝服务 → 高级功能 → 开发模式'
const expired = `access_token 已过期：到 ${place} 重新授权，把新的填入 accessToken`
const revoked = `access_token 已被撤销：到 ${place} 重新授权，把新的填入 accessToken`

const faults: CredentialFaults = {
  '21332': `access_token 不对：到 ${place} 复制，填入 accessToken`,
  '21314': revoked,
  '21315': expired,
  '21327': expired,
  '21316': revoked,
  '21317': revoked,
  '21321': '应用还没有通过审核：到 微博开放平台 → 我的应用 → 提交审核',
  '10004': '本机出口地址不在名单里：到 微博开放平台 → 我的应用 → 应用信息 → 高级信息 → 安全设置 加上它',
  '10005': '应用没有权限：账号须已认证并打开开发模式，再看 微博开放平台 → 接口管理',
  '10006': `access_token 不属于任何应用：到 ${place} 复制，填入 accessToken`,
  '10014': '应用没有权限：账号须已认证并打开开发模式，再看 微博开放平台 → 接口管理',
}

const dayMs = 86_400_000

/** Asks whose token it is; Weibo signs pushes with the app secret, which no call can try. */
export const checkCredentials = async (
  config: WeiboConfig,
  host: CredentialHost,
): Promise<readonly Check[]> => {
  const callApi = createCallApi({ config, host, stopped: new AbortController().signal })
  return [
    await tryCredential('微博凭证 Weibo credentials (accessToken, uid)', faults, async () => {
      const { uid, endsInMs } = await fetchTokenInfo(callApi)
      if (uid !== undefined && uid !== config.uid)
        throw new ChannelError('weibo', 'needs_operator', 'the access token is another account’s than uid', {
          hint: `accessToken 属于另一个账号：到 uid 自己账号的 ${place} 复制，或改正 uid; take it from the account’s own page, or correct uid`,
        })
      return `access_token 还有 ${String(Math.floor(endsInMs / dayMs))} 天 days left; appSecret 到第一条推送时才能验证 appSecret is proven by the first push`
    }),
  ]
}
