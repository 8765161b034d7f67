import { setMaxListeners } from 'node:events'
import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { createInboundMedia, resumeMedia } from '../kit/index.ts'
import { createAccessToken } from './access-token.ts'
import { createReceiver, createSetupCheck } from './callback.ts'
import { createCallApi, createTransport } from './client.ts'
import type { CallApi } from './client.ts'
import { createDelivery } from './deliver.ts'
import { downloadMedia } from './download-media.ts'
import type { WechatConfig } from './manifest.ts'
import { capabilitiesOf, isPassiveOnly } from './manifest.ts'
import { createReplyWriter } from './passive-reply.ts'
import { createUploads } from './uploads.ts'
import { maxBodyBytes } from './verify.ts'

const noSecret: CallApi = ({ action }) =>
  Promise.reject(
    new ChannelError('wechat', 'no_permission', `${action}: the inbox is passive-only`, {
      hint: 'set appSecret and replyMode: auto to send through WeChat’s API',
    }),
  )

const connect = (config: WechatConfig, host: ChannelHost, stopped: AbortSignal): CallApi => {
  const { appId, appSecret, apiBase } = config
  if (appSecret === undefined) return noSecret
  const transport = createTransport({ apiBase, stopped })
  return createCallApi(transport, createAccessToken({ appId, appSecret, transport, host }))
}

/** One running official account. */
export const createWechat = (config: WechatConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every call in flight listens; their number is bounded by the outbox, not by Node's guess of 10.
  setMaxListeners(0, stopped)
  const { apiBase, appSecret, menus } = config
  const callApi = connect(config, host, stopped)
  const uploads = createUploads(host, callApi)
  const download =
    appSecret === undefined
      ? undefined
      : (providerRef: string) => downloadMedia({ callApi, apiBase, stopped }, providerRef)
  const media = createInboundMedia({ channel: 'wechat', host, download, stopped })
  const writeReply = createReplyWriter({
    choices: menus ? 'links' : 'numbered',
    handlesFor: (part) => uploads.handlesFor(part),
  })
  const passiveOnly = isPassiveOnly(config)
  const { deliver, showTyping } = createDelivery({
    host,
    callApi: passiveOnly ? noSecret : callApi,
    uploads,
    menus,
  })
  let resuming = Promise.resolve()
  return {
    capabilities: capabilitiesOf(config),
    routes: [
      { method: 'GET', path: '/callback', maxBodyBytes: 0, handle: createSetupCheck({ config, host }) },
      {
        method: 'POST',
        path: '/callback',
        maxBodyBytes,
        handle: createReceiver({ config, host, media, writeReply }),
      },
    ],
    sockets: [],
    deliver,
    showTyping: passiveOnly ? () => Promise.resolve() : showTyping,
    start: () => {
      if (config.mode === 'plain')
        host.log.warn({ hint: 'set mode: safe' }, 'wechat pushes are not encrypted')
      host.log.info({ mode: config.mode, passiveOnly }, 'wechat inbox ready')
      if (host.attends) resuming = resumeMedia(media, host.log, stopped)
      return Promise.resolve()
    },
    stop: async () => {
      stopping.abort()
      await resuming
      await media.settled()
    },
  }
}
