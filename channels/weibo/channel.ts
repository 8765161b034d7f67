import { setMaxListeners } from 'node:events'
import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { createReceiver, createSetupCheck } from './callback.ts'
import { createCallApi } from './client.ts'
import { createInboundMedia, resumeMedia } from '../kit/index.ts'
import { downloadMedia } from './download-media.ts'
import { encode } from './encode.ts'
import { fetchTokenInfo } from './fetch-token-info.ts'
import type { WeiboConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import { createMentionGrant } from './mentions.ts'
import { createNicknames } from './nicknames.ts'
import { createProfiles } from './profiles.ts'
import { sendMessage } from './send-message.ts'
import { setMenu } from './set-menu.ts'
import { maxBodyBytes } from './verify.ts'
import type { TokenWatch } from './watch-token.ts'
import { watchToken } from './watch-token.ts'

/** One running fan-service account. */
export const createWeibo = (config: WeiboConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every call in flight listens; their number is bounded by the outbox, not by Node's guess of 10.
  setMaxListeners(0, stopped)
  const callApi = createCallApi({ config, host, stopped })
  const media = createInboundMedia({
    ...{ channel: 'weibo', host, stopped },
    download: (fid) => downloadMedia(callApi, fid),
  })
  const profiles = createProfiles({ config, host, callApi, stopped })
  const nicknames = createNicknames({ host, fetch: profiles.fetchNickname })
  const grantMention = createMentionGrant({
    host,
    windowMs: config.allowances.mention.windowMs,
    answered: config.answerMentions,
  })
  const path = config.callbackKey === undefined ? '/callback' : `/callback/${config.callbackKey}`
  let settingMenu = Promise.resolve()
  let resuming = Promise.resolve()
  let tokenWatch: TokenWatch | undefined
  return {
    capabilities: capabilitiesOf(config),
    routes: [
      { method: 'GET', path, maxBodyBytes: 0, handle: createSetupCheck({ config, host }) },
      {
        method: 'POST',
        path,
        maxBodyBytes,
        handle: createReceiver({
          ...{ config, host, media, nicknames, grantMention },
          lookAtPicture: profiles.lookAtPicture,
        }),
      },
    ],
    sockets: [],
    deliver: async ({ contactKey, part }) => {
      await sendMessage({ callApi, config }, contactKey, encode(part, config))
      return {}
    },
    // Weibo shows nobody typing.
    showTyping: () => Promise.resolve(),
    start: () => {
      if (config.callbackKey === undefined)
        host.log.warn(
          { hint: 'set callbackKey and enter the address that ends with it in 开发模式' },
          'weibo does not sign what it pushes, and the callback address can be guessed',
        )
      if (!host.attends) return Promise.resolve()
      // Not waited for: the inbox answers whether Weibo takes its menu or not.
      if (config.menu !== undefined) settingMenu = setMenu({ host, callApi, stopped }, config.menu)
      if (config.watchToken) tokenWatch = watchToken({ config, host, ask: () => fetchTokenInfo(callApi) })
      resuming = resumeMedia(media, host.log, stopped)
      host.log.info({ menu: config.menu !== undefined }, 'weibo inbox ready')
      return Promise.resolve()
    },
    stop: async () => {
      stopping.abort()
      await Promise.all([resuming, media.settled(), nicknames.settled(), settingMenu, tokenWatch?.stop()])
      await profiles.stop()
    },
  }
}
