/** How the webhook fares, `getWebhookInfo`. Source: core.telegram.org/bots/api#getwebhookinfo, #webhookinfo. */
import type { TelegramClient } from './client.ts'

/** The webhook as Telegram sees it. */
export interface WebhookState {
  /** Empty: none is set. */
  readonly url: string
  /** Updates that Telegram still has to bring. */
  readonly waiting: number
  /** The last time Telegram could not bring one; kept after it could. */
  readonly lastError?: { readonly at: Date; readonly message: string }
}

/** Throws `ChannelError`. */
export const askWebhook = async (client: TelegramClient): Promise<WebhookState> => {
  const info = await client.call('look at the webhook', (raw, signal) => raw.getWebhookInfo(signal))
  const {
    url = '',
    pending_update_count: waiting,
    last_error_date: date,
    last_error_message: words = '',
  } = info
  return {
    url,
    waiting,
    ...(date === undefined ? {} : { lastError: { at: new Date(date * 1_000), message: words } }),
  }
}
