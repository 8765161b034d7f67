/** Whether Telegram takes the bot's token, and what it says of the webhook. Source: core.telegram.org/bots/api#getme, #getwebhookinfo. */
import type { CredentialHost } from '../../src/core/channel.ts'
import type { Check } from '../../src/core/check.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { tryCredential, type CredentialFaults } from '../kit/index.ts'
import { createClient, type TelegramClient } from './client.ts'
import type { TelegramConfig } from './manifest.ts'
import { webhookPath } from './webhook.ts'

const faults: CredentialFaults = {
  '401': 'token 不对或已作废：在 Telegram 里向 @BotFather 发 /mybots → API Token 复制，填入 token',
  '404': 'token 不对，或 apiRoot 不是 Bot API：向 @BotFather 发 /mybots → API Token 复制，填入 token',
}

/** An older failure of Telegram's calls says nothing about now. */
const recentSeconds = 3_600

const elsewhere = 'webhook_elsewhere'
const failing = 'webhook_failing'

const webhookFaults: CredentialFaults = {
  ...faults,
  [elsewhere]: 'Telegram 没有推送到这个收件箱：启动产品会设置它；若还有别的程序用这个 token，请停掉',
  [failing]: 'Telegram 的推送失败了：检查 publicUrl、证书和代理',
}

const fault = (code: string, what: string, hint: string): ChannelError =>
  new ChannelError('telegram', 'needs_operator', what, { providerCode: code, hint })

/** What waits to be brought. Throws `ChannelError` when Telegram brings nothing to this inbox. */
const lookAtWebhook = async (
  { publicUrl = '' }: TelegramConfig,
  { inboxId, clock }: CredentialHost,
  client: TelegramClient,
): Promise<string> => {
  const info = await client.call('ask about the webhook', (raw, signal) => raw.getWebhookInfo(signal))
  const { url, last_error_date: failedAt = 0, pending_update_count: waiting } = info
  if (url === '') return '启动时设置 set at start'
  if (url !== `${publicUrl}/channels/${inboxId}${webhookPath}`)
    throw fault(
      elsewhere,
      'the webhook is not set to this inbox',
      'starting the product sets it; stop any other program that uses this token',
    )
  if (clock.now().getTime() / 1_000 - failedAt < recentSeconds)
    throw fault(
      failing,
      `Telegram’s last call failed: ${(info.last_error_message ?? '').slice(0, 200)}`,
      'check publicUrl, its certificate and the proxy',
    )
  return `${String(waiting)} 条待推送 updates waiting`
}

/** Asks who the bot is, then where its updates go. */
export const checkCredentials = async (
  config: TelegramConfig,
  host: CredentialHost,
): Promise<readonly Check[]> => {
  const client = createClient(config, new AbortController().signal)
  const token = await tryCredential('Telegram 凭证 credentials (token)', faults, async () => {
    const { username } = await client.call('ask who the bot is', (raw, signal) => raw.getMe(signal))
    return `@${username}`
  })
  if (!token.passed || config.receive === 'polling') return [token]
  return [
    token,
    await tryCredential('Telegram 推送 webhook (publicUrl)', webhookFaults, () =>
      lookAtWebhook(config, host, client),
    ),
  ]
}
