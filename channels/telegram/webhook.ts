/**
 * Updates that Telegram brings. Stored first, then acknowledged; answers go by API.
 * Source: core.telegram.org/bots/api#getting-updates, #setwebhook.
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import { answerRefusal, plainText, Refusal } from '../kit/index.ts'
import type { TelegramClient } from './client.ts'
import { wantedUpdates } from './decode.ts'
import type { Intake } from './intake.ts'
import type { TelegramConfig } from './manifest.ts'
import { verifyUpdate } from './verify.ts'

export const webhookPath = '/webhook'

/** The inbox's secret: configured, or made at first use and the same on every node. */
export const webhookSecretOf = async (
  { webhookSecret }: Pick<TelegramConfig, 'webhookSecret'>,
  host: Pick<ChannelHost, 'secret'>,
): Promise<string> =>
  webhookSecret ?? (await host.secret('webhook')).replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, 64)

/** Answers webhook calls. */
export const createReceiver =
  ({ config, host, intake }: { config: TelegramConfig; host: ChannelHost; intake: Intake }) =>
  async (request: Request): Promise<Response> => {
    try {
      const update = await verifyUpdate(request, await webhookSecretOf(config, host))
      await intake.take(update)
      return plainText(200, '')
    } catch (error) {
      if (error instanceof Refusal) return answerRefusal(error, host.log)
      // Not stored, so not acknowledged: Telegram will come again.
      host.log.error(
        { code: 'not_accepted', error: error instanceof Error ? error.name : 'unknown' },
        'update not stored',
      )
      return plainText(503, 'try again')
    }
  }

/** Where Telegram is to bring updates. */
export const webhookUrlOf = ({
  config,
  host,
}: {
  readonly config: Pick<TelegramConfig, 'publicUrl'>
  readonly host: Pick<ChannelHost, 'inboxId'>
}): string => `${config.publicUrl ?? ''}/channels/${host.inboxId}${webhookPath}`

/** Tells Telegram where to bring updates. Throws `ChannelError`. */
export const setWebhook = async ({
  config,
  host,
  client,
}: {
  config: TelegramConfig
  host: ChannelHost
  client: TelegramClient
}): Promise<void> => {
  const secret = await webhookSecretOf(config, host)
  const url = webhookUrlOf({ config, host })
  await client.call('set the webhook', (raw, signal) =>
    raw.setWebhook(
      { url, secret_token: secret, allowed_updates: [...wantedUpdates], max_connections: 40 },
      signal,
    ),
  )
}
