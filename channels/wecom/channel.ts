import { setMaxListeners } from 'node:events'
import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { createInboundMedia, resumeMedia } from '../kit/index.ts'
import { createAvatarLookup } from './avatars.ts'
import { createReceiver, createSetupCheck } from './callback.ts'
import { createCallApi } from './client.ts'
import { createFindCustomers } from './customers.ts'
import { createDeliver } from './deliver.ts'
import { createDownloads } from './download-media.ts'
import { createDrainer } from './drainer.ts'
import { createIntake } from './intake.ts'
import type { WecomConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import type { Poll } from './poll.ts'
import { startPoll } from './poll.ts'
import { createSessions } from './sessions.ts'
import { createUploads } from './uploads.ts'
import { maxBodyBytes } from './verify.ts'
import { createWelcomes } from './welcomes.ts'

/** One running app with its customer-service accounts. */
export const createWecom = (config: WecomConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every call in flight listens; their number is bounded by the outbox, not by Node's guess of 10.
  setMaxListeners(0, stopped)
  const callApi = createCallApi(config, host, stopped)
  const sessions = createSessions({ config, host, callApi })
  const welcomes = createWelcomes(host)
  const downloads = createDownloads(callApi)
  const media = createInboundMedia({ channel: 'wecom', host, download: downloads.download, stopped })
  const uploads = createUploads({ host, callApi, linkThumbnail: config.linkThumbnail })
  const avatars = createAvatarLookup(config, host, stopped)
  const findCustomers = createFindCustomers(config, host, callApi, avatars.named)
  const take = createIntake({
    ...{ config, host, findCustomers, media, downloads, sessions, welcomes },
    lookAtPicture: avatars.look,
  })
  const drainer = createDrainer({ config, host, callApi, take })
  let poll: Poll | undefined
  let resuming = Promise.resolve()
  return {
    capabilities: capabilitiesOf(config),
    routes: [
      { method: 'GET', path: '/callback', maxBodyBytes: 0, handle: createSetupCheck({ config, host }) },
      {
        method: 'POST',
        path: '/callback',
        maxBodyBytes,
        handle: createReceiver({ config, host, drainer }),
      },
    ],
    sockets: [],
    deliver: createDeliver({ config, host, callApi, uploads, sessions, welcomes }),
    // WeCom has no sign for it.
    showTyping: () => Promise.resolve(),
    start: () => {
      host.log.info({ accounts: config.openKfIds.length, handoff: config.handoff }, 'wecom inbox ready')
      if (!host.attends) return Promise.resolve()
      resuming = resumeMedia(media, host.log, stopped)
      poll = startPoll({ config, host, drainer, stopped })
      return Promise.resolve()
    },
    stop: async () => {
      await sessions.settled()
      stopping.abort()
      await poll?.ended()
      await Promise.all([resuming, media.settled(), avatars.stop()])
    },
  }
}
