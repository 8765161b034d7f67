import type { RedisBackbone } from '../bus/index.ts'
import type { InboxConfig } from '../config.ts'
import { topics } from '../core/bus.ts'
import type { Accept, AwaitReply, Channel, ChannelHost } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import type { Avatars } from '../core/contact.ts'
import type { MessageLog } from '../core/conversation.ts'
import type { CursorStore } from '../core/cursor.ts'
import { TongdaError } from '../core/errors.ts'
import type { InboxCare, InboxPauses, InboxStatus } from '../core/inbox.ts'
import type { Logger } from '../core/log.ts'
import type { LateMedia, MediaStore } from '../core/media.ts'
import type { ChannelName } from '../core/message.ts'
import type { ProviderNews } from '../core/provider-news.ts'
import type { SentMessages } from '../core/sent.ts'
import { installedChannels } from './installed-channels.ts'
import type { Standings } from './standing.ts'
import { supervise, type Supervised } from './supervise.ts'

/** What running inboxes stand on. */
export interface InboxSurroundings {
  readonly accept: Accept
  readonly awaitReply: AwaitReply
  readonly standings: Standings
  /** Whether this node looks after the accounts. */
  readonly attends: boolean
  readonly clock: Clock
  readonly log: Logger
  readonly backbone: RedisBackbone
  readonly links: { readonly publicUrl: (mediaId: string) => string }
  readonly stores: {
    readonly media: MediaStore
    readonly messageLog: MessageLog
    readonly lateMedia: LateMedia
    readonly moveThreads: (inboxId: string, from: string, to: string) => Promise<void>
    readonly rankContact: (inboxId: string, contactKey: string, tier: string) => Promise<void>
    readonly secrets: (name: string) => Promise<string>
    readonly cursors: (inboxId: string) => CursorStore
    readonly news: (inboxId: string, onChange: (conversationId: string) => void) => ProviderNews
    readonly sent: (inboxId: string, onChange: (conversationId: string) => void) => SentMessages
    readonly avatars: (inboxId: string) => Avatars
  }
}

/** The running inboxes. */
export interface Inboxes {
  /** Starts each; one that fails is tried again later and keeps nobody else from starting. */
  start(configs: readonly InboxConfig[], surroundings: InboxSurroundings): Promise<void>
  stop(): Promise<void>
  all(): ReadonlyMap<string, Channel>
  find(inboxId: string): Channel | undefined
  /** Throws `not_found` for an inbox that is not configured any more. */
  get(inboxId: string): Channel
  /** The channel of an inbox; `api` for one that is not configured any more. */
  channelOf(inboxId: string): ChannelName
  /** Inboxes whose account another node has, so that only that one can send. */
  elsewhere(): readonly string[]
  /** How each configured inbox fares, those included that could not be made. */
  statuses(): readonly InboxStatus[]
}

const hostOf = (
  inboxId: string,
  surroundings: InboxSurroundings,
  report: ChannelHost['report'],
): ChannelHost => {
  const { accept, awaitReply, standings, attends, clock, log, backbone, links, stores } = surroundings
  const tellDesks = (conversationId: string): void => backbone.bus.publish(topics.ticket, { conversationId })
  return {
    inboxId,
    attends,
    accept,
    awaitReply,
    report,
    clock,
    log: log.child({ inboxId }),
    ...backbone,
    media: stores.media,
    linkTo: (mediaId) => links.publicUrl(mediaId),
    messageLog: stores.messageLog,
    cursor: stores.cursors(inboxId),
    news: stores.news(inboxId, (conversationId) => {
      tellDesks(conversationId)
      backbone.bus.publish(topics.wake, {})
    }),
    avatars: stores.avatars(inboxId),
    sent: stores.sent(inboxId, tellDesks),
    moveThreads: (from, to) => stores.moveThreads(inboxId, from, to),
    standing: (threadKey) => standings.standing(inboxId, threadKey),
    rank: (contactKey, tier) => stores.rankContact(inboxId, contactKey, tier),
    stopWaiting: (threadKey) => standings.stopWaiting(inboxId, threadKey),
    secret: (name) => stores.secrets(`${inboxId}/${name}`),
    attachMedia: async (messageId, file) => {
      const conversationId = await stores.lateMedia.attach(messageId, file)
      if (conversationId !== undefined) tellDesks(conversationId)
    },
    takePendingMedia: (query) => stores.lateMedia.takePending({ inboxId, ...query }),
  }
}

interface OpenInbox {
  readonly name: ChannelName
  readonly care: Supervised
  /** Undefined: it could not even be made. */
  readonly channel: Channel | undefined
}

/** An empty set of inboxes. */
export const openInboxes = (): Inboxes => {
  const open = new Map<string, OpenInbox>()
  const find = (inboxId: string): Channel | undefined => open.get(inboxId)?.channel
  const make = (config: InboxConfig, surroundings: InboxSurroundings): OpenInbox => {
    const { inboxId, channel: name, section } = config
    const care = supervise({ log: surroundings.log.child({ inboxId }), clock: surroundings.clock })
    try {
      const host = hostOf(inboxId, surroundings, (health) => care.report(health))
      return { name, care, channel: installedChannels[name].open(section, host) }
    } catch (error) {
      care.fail(error)
      return { name, care, channel: undefined }
    }
  }
  return {
    start: async (configs, surroundings) => {
      for (const config of configs) open.set(config.inboxId, make(config, surroundings))
      await Promise.all(
        [...open.values()].flatMap(({ channel, care }) =>
          channel === undefined ? [] : [care.start(channel)],
        ),
      )
    },
    stop: async () => {
      for (const { care } of open.values()) care.stop()
      await Promise.allSettled(
        [...open.values()].flatMap(({ channel }) => (channel === undefined ? [] : [channel.stop()])),
      )
    },
    all: () =>
      new Map(
        [...open].flatMap(([inboxId, { channel }]) => (channel === undefined ? [] : [[inboxId, channel]])),
      ),
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
    channelOf: (inboxId) => open.get(inboxId)?.name ?? 'api',
    elsewhere: () =>
      [...open].flatMap(([inboxId, { channel }]) => (channel?.sendsHere?.() === false ? [inboxId] : [])),
    statuses: () =>
      [...open].map(([inboxId, { name, care }]) => ({ inboxId, channel: name, ...care.standing() })),
  }
}

/** What operators see and do about inboxes. `changed` wakes the senders. */
export const careFor = (
  inboxes: Inboxes,
  pauses: InboxPauses,
  clock: Clock,
  changed: () => void,
): InboxCare => ({
  list: async () => {
    const halts = await pauses.list(clock.now())
    return inboxes.statuses().map((status) => {
      const pause = halts.get(status.inboxId)
      return pause === undefined ? status : { ...status, pause }
    })
  },
  resume: async (inboxId) => {
    if (!inboxes.statuses().some((status) => status.inboxId === inboxId))
      throw new TongdaError('not_found', `inbox ${inboxId} is not configured`)
    if (!(await pauses.end(inboxId)))
      throw new TongdaError('conflict', `inbox ${inboxId} is not halted; its messages are being sent`)
    changed()
  },
})
