import { setMaxListeners } from 'node:events'
import type { Channel, ChannelHost } from '../../src/core/channel.ts'
import { createOutgoing } from '../kit/index.ts'
import { createClient } from './client.ts'
import { threadOf } from './decode.ts'
import { encode } from './encode.ts'
import { createFiles } from './files.ts'
import type { ApiConfig } from './manifest.ts'
import { capabilitiesOf } from './manifest.ts'
import { createReceiver } from './receive.ts'

/** One running inbox: a forum, a hotline, or another system of the brand's. */
export const createApi = (config: ApiConfig, host: ChannelHost): Channel => {
  const stopping = new AbortController()
  const stopped = stopping.signal
  // Every call in flight listens; their number is bounded by the outbox, not by Node's guess of 10.
  setMaxListeners(0, stopped)
  const { allowAddresses: allow, allowLoopbackHttp: loopbackHttp, maxFileBytes } = config
  const outgoing = createOutgoing({ policy: { allow, loopbackHttp } })
  const files = createFiles({ host, outgoing, maxFileBytes, stopped })
  const post = createClient({ config, host, outgoing, stopped })
  return {
    capabilities: capabilitiesOf(config),
    routes: [createReceiver({ config, host, files })],
    sockets: [],
    deliver: async (message) => post(message.id, JSON.stringify(await encode(message, host.media))),
    isShared: ({ contactKey, threadKey }) =>
      config.threads === 'public' && threadOf(contactKey, threadKey) !== undefined,
    showTyping: () => Promise.resolve(),
    start: () => {
      if (config.previousSecret !== undefined)
        host.log.info(
          { hint: 'take previousSecret out once your side uses the new one' },
          'two secrets in force',
        )
      if (loopbackHttp)
        host.log.warn(
          { hint: 'set allowLoopbackHttp: false in production' },
          'http to this machine is allowed',
        )
      return Promise.resolve()
    },
    stop: async () => {
      stopping.abort()
      await files.settled()
      await outgoing.close()
    },
  }
}
