import type { Channel, ChannelHost, ChannelModule } from '../../src/core/channel.ts'
import { checkCredentials } from './check-credentials.ts'
import { createFileRoutes } from './files.ts'
import { createIdentifyRoutes, createVouch } from './identify.ts'
import { createLongPollRoutes } from './long-poll.ts'
import { capabilities, webConfig } from './manifest.ts'
import type { WebConfig } from './manifest.ts'
import { createPageRoutes } from './page.ts'
import { createParts } from './parts.ts'
import { createSessionRoutes } from './session.ts'
import { createSocketEndpoint } from './socket.ts'
import { createWidgetRoutes } from './widget.ts'

const createWebChannel = (config: WebConfig, host: ChannelHost): Channel => {
  const parts = createParts(config, host)
  return {
    capabilities,
    routes: [
      ...createSessionRoutes(parts),
      ...createIdentifyRoutes(parts),
      ...createWidgetRoutes(parts),
      ...createLongPollRoutes(parts),
      ...createFileRoutes(parts),
      ...createPageRoutes(config, host.inboxId),
    ],
    sockets: [createSocketEndpoint(parts)],
    // The log is the truth and holds the message already: delivering is telling whoever listens to look.
    deliver(message) {
      parts.threads.publish({ threadKey: message.threadKey })
      return Promise.resolve({})
    },
    showTyping(threadKey, on) {
      parts.threads.publish({ threadKey, typing: { by: 'agent', on } })
      return Promise.resolve()
    },
    preview(threadKey, preview) {
      parts.threads.publish({ threadKey, preview })
      return Promise.resolve()
    },
    vouch: createVouch(parts),
    start: () => parts.threads.start(),
    stop() {
      parts.threads.stop()
      return Promise.resolve()
    },
  }
}

/** The web chat: visitors at the widget, on our own page or any other, over WebSocket or long poll. */
export const web: ChannelModule<WebConfig> = {
  name: 'web',
  config: webConfig,
  create: createWebChannel,
  checkCredentials,
}
