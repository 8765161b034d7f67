/** Whether WeChat takes the account's credentials. Source: developers.weixin.qq.com 获取稳定版接口调用凭据. */
import type { CredentialHost } from '../../src/core/channel.ts'
import type { Check } from '../../src/core/check.ts'
import { tryCredential, type CredentialFaults } from '../kit/index.ts'
import { openWechatAccount } from './account-api.ts'
import type { WechatConfig } from './manifest.ts'

const wrongSecret = 'AppSecret 不对：到 开发者平台 → 基础信息 → AppSecret 重置，填入 appSecret'
const notAllowed = '本机出口地址不在名单里：到 开发者平台 → API IP白名单 加上它'
const refusedByAdministrator = '管理员拒绝了这次调用：联系公众号管理员，过后再试'

const faults: CredentialFaults = {
  '40013': 'AppID 不对：到 开发者平台 → 基础信息 → AppID 复制，填入 appId',
  '40001': wrongSecret,
  '40125': wrongSecret,
  '40243': 'AppSecret 已冻结：到 开发者平台 → 基础信息 → AppSecret 解冻',
  '40164': notAllowed,
  '61004': notAllowed,
  '89503': '等管理员在微信里确认这次调用，然后再试',
  '89501': refusedByAdministrator,
  '89506': refusedByAdministrator,
  '89507': refusedByAdministrator,
}

/** Asks for an access token, which proves AppID, AppSecret and this machine's address. */
export const checkCredentials = async (
  config: WechatConfig,
  host: CredentialHost,
): Promise<readonly Check[]> => {
  const title = '微信凭证 WeChat credentials (appId, appSecret)'
  if (config.appSecret === undefined)
    return [
      {
        title: `${title}: 仅被动回复 passive replies only`,
        passed: true,
        remark: '填 appSecret 才能主动发送和接收图片 give appSecret to send by API and to receive pictures',
      },
    ]
  return [
    await tryCredential(title, faults, async () => {
      await openWechatAccount(config, host).checkCredentials()
      return undefined
    }),
  ]
}
