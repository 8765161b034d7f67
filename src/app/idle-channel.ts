import {
  createInProcessBus,
  createInProcessCache,
  createInProcessLimiters,
  createInProcessLocks,
} from '../bus/index.ts'
import type { InboxConfig } from '../config.ts'
import type { Channel, ChannelHost } from '../core/channel.ts'
import { systemClock } from '../core/clock.ts'
import { silentLog } from '../core/log.ts'
import { installedChannels } from './installed-channels.ts'

const idle = (): Promise<never> => Promise.reject(new Error('a channel that was never started does nothing'))

/** What a channel gets that is only looked at: nothing is stored, nothing comes of anything. */
export const createIdleHost = (inboxId: string): ChannelHost => ({
  inboxId,
  attends: false,
  accept: idle,
  awaitReply: () => Promise.resolve(undefined),
  attachMedia: () => Promise.resolve(),
  takePendingMedia: () => Promise.resolve([]),
  log: silentLog,
  clock: systemClock,
  media: { maxBytes: 1_048_576, save: idle, find: () => Promise.resolve(undefined) },
  linkTo: (mediaId) => `https://idle.invalid/media/${mediaId}`,
  bus: createInProcessBus(),
  locks: createInProcessLocks(),
  cache: createInProcessCache(),
  limiters: createInProcessLimiters(),
  messageLog: { read: () => Promise.resolve([]), latest: () => Promise.resolve([]) },
  report: () => undefined,
  moveThreads: idle,
  standing: idle,
  stopWaiting: idle,
  rank: idle,
  cursor: { read: () => Promise.resolve(undefined), write: idle },
  news: { takenOver: idle, givenBack: idle, said: idle },
  sent: {
    find: () => Promise.resolve(undefined),
    neverArrived: idle,
    countAutomatic: () => Promise.resolve(0),
  },
  avatars: { takeTurn: () => Promise.resolve(false), countAsOld: idle, keep: idle, refuse: idle },
  secret: () => Promise.resolve('never-used-because-never-started'),
})

/** Makes an inbox's channel without starting it: its routes and capabilities can be read. Throws what `create` throws. */
export const openIdleChannel = ({ inboxId, channel, section }: InboxConfig): Channel =>
  installedChannels[channel].open(section, createIdleHost(inboxId))

/** The addresses of an inbox that a provider or a browser is given, without repetition. */
export const inboxAddresses = (config: InboxConfig, publicUrl: string): readonly string[] => {
  const { routes, sockets } = openIdleChannel(config)
  const paths = routes.filter(({ method }) => method === 'POST').map(({ path }) => path)
  const shown = [...new Set([...paths, ...sockets.map(({ path }) => path)])]
  return shown.map((path) => `${publicUrl}/channels/${config.inboxId}${path}`)
}
