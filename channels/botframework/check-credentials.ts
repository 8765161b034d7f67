/** Whether Microsoft takes the bot's credentials. Source: learn.microsoft.com "Authenticate requests from your bot". */
import type { CredentialHost } from '../../src/core/channel.ts'
import type { Check } from '../../src/core/check.ts'
import { tryCredential, type CredentialFaults } from '../kit/index.ts'
import { createAccessToken } from './access-token.ts'
import type { BotframeworkConfig } from './manifest.ts'

const faults: CredentialFaults = {
  AADSTS7000215:
    'appPassword 不对：到 Azure 门户 → 应用注册 → 证书和密码 新建客户端密码，复制“值”（不是“机密 ID”），填入 appPassword',
  AADSTS7000222: 'appPassword 已过期：到 Azure 门户 → 应用注册 → 证书和密码 新建客户端密码，填入 appPassword',
  AADSTS700016:
    'appId 不在这个目录里：到 Azure 机器人 → 配置 核对 Microsoft 应用 ID、类型和租户，改正 appId 或 tenantId',
  AADSTS90002: 'tenantId 不对：到 Azure 门户 → 应用注册 → 概述 → 目录(租户) ID 复制，填入 tenantId',
  AADSTS900023: 'tenantId 不对：到 Azure 门户 → 应用注册 → 概述 → 目录(租户) ID 复制，填入 tenantId',
  AADSTS70011: 'scope 不对：去掉 scope 用默认值',
}

/** Asks for a token of the bot's own. */
export const checkCredentials = async (
  config: BotframeworkConfig,
  host: CredentialHost,
): Promise<readonly Check[]> => {
  const token = createAccessToken(config, host, new AbortController().signal)
  return [
    await tryCredential('Azure Bot 凭证 credentials (appId, appPassword, tenantId)', faults, async () => {
      await token.get()
      return undefined
    }),
  ]
}
