import { setMaxListeners } from 'node:events'
import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { createContactPictures, createInboundMedia } from '../kit/index.ts'
import { createButtons } from './choices.ts'
import { createClient } from './client.ts'
import { createDelivery } from './deliver.ts'
import { downloadFile } from './download-file.ts'
import { fetchAvatar } from './fetch-avatar.ts'
import { createFiles } from './files.ts'
import { createIdentity } from './identity.ts'
import { createIntake } from './intake.ts'
import { keepWebhook } from './keep-webhook.ts'
import type { TelegramConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import { startPoller } from './poll.ts'
import type { Poller } from './poll.ts'
import { maxBodyBytes } from './verify.ts'
import { createDrafts } from './send-draft.ts'
import { parseThreadKey } from './thread.ts'
import { createReceiver, webhookPath } from './webhook.ts'

/** One running bot. */
export const createTelegram = (config: TelegramConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every call in flight listens; their number is bounded by the outbox, not by Node's guess of 10.
  setMaxListeners(0, stopped)
  const client = createClient(config, stopped)
  const buttons = createButtons(host)
  const identity = createIdentity(config, client)
  const media = createInboundMedia({
    channel: 'telegram',
    host,
    stopped,
    download: (fileId) => downloadFile({ client, config, stopped }, fileId),
  })
  const pictures = createContactPictures({
    host,
    fetch: (userId) => fetchAvatar({ client, config, stopped }, userId),
  })
  const intake = createIntake({ config, host, client, identity, media, pictures, buttons })
  const files = createFiles(config, host, client)
  const drafts = createDrafts(host, client)
  const { deliver, showTyping } = createDelivery({ config, host, client, buttons, files, drafts })
  let poller: Poller | undefined
  let keeping: Promise<void> = Promise.resolve()
  return {
    capabilities: capabilitiesOf(config),
    routes:
      config.receive === 'polling'
        ? []
        : [
            {
              method: 'POST',
              path: webhookPath,
              maxBodyBytes,
              handle: createReceiver({ config, host, intake }),
            },
          ],
    sockets: [],
    deliver,
    showTyping,
    preview: drafts.preview,
    isShared: ({ threadKey }) => parseThreadKey(threadKey).isGroup,
    start: () => {
      if (!host.attends) return Promise.resolve()
      if (config.receive === 'polling') {
        poller = startPoller({ config, host, client, intake, stopped })
        host.log.info({ receive: 'polling' }, 'telegram inbox ready')
      } else keeping = keepWebhook({ config, host, client, stopped })
      return Promise.resolve()
    },
    stop: async () => {
      stopping.abort()
      await Promise.all([poller?.stop(), keeping])
      await Promise.all([intake.settled(), media.settled(), pictures.settled()])
    },
  }
}
