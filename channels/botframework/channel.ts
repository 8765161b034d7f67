import { setMaxListeners } from 'node:events'
import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { InboundMessage } from '../../src/core/message.ts'
import { createInboundMedia } from '../kit/index.ts'
import { createAccessToken } from './access-token.ts'
import { createBotClient, loadBotBuilder } from './client.ts'
import { isOfGroup } from './decode.ts'
import { downloadFile } from './download-file.ts'
import type { BotframeworkConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import { createReceiver } from './messages.ts'
import { readReference } from './reference.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createToActivity } from './to-activity.ts'
import { maxBodyBytes } from './verify.ts'

/** A hint for typing alone; messages carry their conversation's address themselves. */
const rememberMs = 24 * 3_600_000
const typingMs = 3_000

/** One running bot. */
export const createBotframework = (config: BotframeworkConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every call in flight listens; their number is bounded by the outbox, not by Node's guess of 10.
  setMaxListeners(0, stopped)
  const token = createAccessToken(config, host, stopped)
  const keys = createSigningKeys(config.openIdMetadataUrl, host, stopped)
  const client = createBotClient({ config, token, stopped })
  const toActivity = createToActivity(host)
  const media = createInboundMedia({
    channel: 'botframework',
    host,
    stopped,
    download: (address) => downloadFile({ config, token, stopped }, address),
  })
  const referenceKey = (threadKey: string): string => `botframework:reference:${host.inboxId}:${threadKey}`
  const onStored = async ({ threadKey, accountKey = '' }: InboundMessage): Promise<void> => {
    await host.cache.set(referenceKey(threadKey), accountKey, rememberMs).catch(() => undefined)
  }
  const handle = createReceiver({ config, host, keys, media, onStored })

  const showTyping = async (threadKey: string, on: boolean): Promise<void> => {
    if (!on) return
    try {
      const reference = await host.cache.get(referenceKey(threadKey))
      if (reference === undefined) return
      if (await host.cache.add(`botframework:typing:${host.inboxId}:${threadKey}`, '1', typingMs))
        await client.send(readReference(reference), { type: 'typing' })
    } catch (error) {
      host.log.debug({ code: error instanceof ChannelError ? error.code : 'unknown' }, 'typing not shown')
    }
  }

  return {
    capabilities: capabilitiesOf(config),
    routes: [{ method: 'POST', path: '/messages', maxBodyBytes, handle }],
    sockets: [],
    deliver: async (message) => {
      const reference = readReference(message.accountKey)
      // Where several people speak, an answer says to what.
      const replyTo = reference.conversation.isGroup === true ? message.inReplyTo : undefined
      const providerId = await client.send(reference, await toActivity(message.part, reference), replyTo)
      return providerId === '' ? {} : { providerId }
    },
    showTyping,
    isShared: ({ contactKey, threadKey }) => isOfGroup(contactKey, threadKey),
    start: async () => {
      await loadBotBuilder()
      host.log.info({ appType: config.appType }, 'botframework inbox ready')
    },
    stop: async () => {
      stopping.abort()
      await media.settled()
    },
  }
}
