import type { RedisBackbone } from '../bus/index.ts'
import type { InboxConfig } from '../config.ts'
import { topics } from '../core/bus.ts'
import type { Accept, AwaitReply, Channel, ChannelHost } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import type { MessageLog } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { MediaStore } from '../core/media.ts'
import type { ChannelName, MediaRef } from '../core/message.ts'
import { installedChannels } from './installed-channels.ts'

/** What running inboxes stand on. */
export interface InboxSurroundings {
  readonly accept: Accept
  readonly awaitReply: AwaitReply
  readonly clock: Clock
  readonly log: Logger
  readonly backbone: RedisBackbone
  readonly stores: {
    readonly media: MediaStore
    readonly messageLog: MessageLog
    readonly attachMedia: (messageId: string, file: MediaRef) => Promise<string | undefined>
    readonly moveThreads: (inboxId: string, from: string, to: string) => Promise<void>
    readonly secrets: (name: string) => Promise<string>
  }
}

/** The running inboxes. */
export interface Inboxes {
  start(configs: readonly InboxConfig[], surroundings: InboxSurroundings): Promise<void>
  stop(): Promise<void>
  all(): ReadonlyMap<string, Channel>
  find(inboxId: string): Channel | undefined
  /** Throws `not_found` for an inbox that is not configured any more. */
  get(inboxId: string): Channel
  /** The channel of an inbox; `api` for one that is not configured any more. */
  channelOf(inboxId: string): ChannelName
}

const hostOf = (inboxId: string, surroundings: InboxSurroundings): ChannelHost => {
  const { accept, awaitReply, clock, log, backbone, stores } = surroundings
  return {
    inboxId,
    accept,
    awaitReply,
    clock,
    log: log.child({ inboxId }),
    ...backbone,
    media: stores.media,
    messageLog: stores.messageLog,
    moveThreads: (from, to) => stores.moveThreads(inboxId, from, to),
    secret: (name) => stores.secrets(`${inboxId}/${name}`),
    attachMedia: async (messageId, file) => {
      const conversationId = await stores.attachMedia(messageId, file)
      if (conversationId !== undefined) backbone.bus.publish(topics.ticket, { conversationId })
    },
  }
}

/** An empty set of inboxes. */
export const openInboxes = (): Inboxes => {
  const running = new Map<string, { readonly channel: Channel; readonly name: ChannelName }>()
  const find = (inboxId: string): Channel | undefined => running.get(inboxId)?.channel
  return {
    start: async (configs, surroundings) => {
      for (const { inboxId, channel: name, section } of configs) {
        const channel = installedChannels[name].open(section, hostOf(inboxId, surroundings))
        running.set(inboxId, { channel, name })
      }
      for (const { channel } of running.values()) await channel.start()
    },
    stop: async () => {
      await Promise.allSettled([...running.values()].map(({ channel }) => channel.stop()))
    },
    all: () => new Map([...running].map(([inboxId, { channel }]) => [inboxId, channel])),
    find,
    get: (inboxId) => {
      const channel = find(inboxId)
      if (channel === undefined) {
        throw new TongdaError(
          'not_found',
          `inbox ${inboxId} is not configured; put its section back into the configuration`,
        )
      }
      return channel
    },
    channelOf: (inboxId) => running.get(inboxId)?.name ?? 'api',
  }
}
