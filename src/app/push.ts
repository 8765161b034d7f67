import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import type { JobHandler } from '../core/jobs.ts'
import type { Post } from '../core/post.ts'
import type { PushDesk, PushStore } from '../core/push.ts'
import { sessionIdleHours } from '../http/index.ts'
import {
  createOpenDesks,
  createVapidKeys,
  isPushKey,
  startPushWatch,
  type PushSender,
} from '../push/index.ts'
import { createPushStore, createSealing } from '../store/index.ts'
import type { Parts } from './parts.ts'
import { pushNotice, pushNoticeHandler } from './push-job.ts'
import { masterKey } from './store.ts'
import { createAddressFault } from './webhooks.ts'

/** Browsers of one agent. */
const mostBrowsers = 10

/** What asking for notices stands on. */
export type PushGround = Pick<Parts, 'config' | 'clock' | 'origin'> & {
  readonly stores: Pick<Parts['stores'], 'database' | 'secrets'>
  readonly backbone: Pick<Parts['backbone'], 'cache'>
}

/** What pushing them stands on. */
export type PushParts = PushGround &
  Pick<Parts, 'log'> & {
    readonly work: Pick<Parts['work'], 'jobs'>
    readonly backbone: Pick<Parts['backbone'], 'bus'>
  }

const storeOf = ({ config, stores }: Pick<PushGround, 'config' | 'stores'>): PushStore =>
  createPushStore(stores.database, createSealing(masterKey(config)), { idleHours: sessionIdleHours })

const contactOf = ({ push }: Config, origin: string): string =>
  push.contact ?? (origin.startsWith('https://') ? origin : 'mailto:tongda@localhost')

/** Keys are made at first use and kept with the product's other secrets. */
const senderOf = ({ config, stores, origin }: PushGround) => {
  let sender: Promise<PushSender> | undefined
  const open = async (): Promise<PushSender> => ({
    ...createVapidKeys(await stores.secrets('push-vapid')),
    contact: contactOf(config, origin),
  })
  return (): Promise<PushSender> => (sender ??= open())
}

/** Pushing as agents ask for it at the desk. */
export const openPush = (parts: PushGround): PushDesk => {
  const { config, clock, backbone } = parts
  const store = storeOf(parts)
  const sender = senderOf(parts)
  const addressFault = createAddressFault(config)
  return {
    list: (agentId, sessionId) => store.list(agentId, sessionId),
    remove: (agentId, id) => store.remove(agentId, id),
    openDesks: createOpenDesks(backbone.cache),
    publicKey: async () => (config.push.enabled ? (await sender()).publicKey : undefined),
    subscribe: async (subscription) => {
      if (!config.push.enabled)
        throw new TongdaError(
          'bad_input',
          'nothing is pushed here; an administrator can allow it (push.enabled)',
        )
      const fault = addressFault(subscription.endpoint)
      if (fault !== undefined)
        throw new TongdaError('bad_input', `the push service may not be called: ${fault}`)
      if (!isPushKey(subscription.p256dh))
        throw new TongdaError('bad_input', 'p256dh is no public key; ask the browser for a new subscription')
      return store.put(subscription, mostBrowsers, clock.now())
    },
  }
}

/** Brings notices to browsers. */
export const pushHandler = (parts: PushParts, post: Post): JobHandler =>
  pushNoticeHandler({
    ...{ store: storeOf(parts), sender: senderOf(parts), post },
    ...{ jobs: parts.work.jobs, clock: parts.clock },
    log: parts.log.child({ part: 'push' }),
  })

/** Starts to look for what is to be pushed. Gives its end. */
export const startPush = async (parts: PushParts): Promise<() => Promise<void>> => {
  const { config, stores, backbone, clock, work } = parts
  if (!config.push.enabled) return () => Promise.resolve()
  return startPushWatch({
    database: stores.database,
    store: storeOf(parts),
    openDesks: createOpenDesks(backbone.cache),
    enqueue: async (transaction, subscriptionId, note) => {
      const at = clock.now().toISOString()
      await work.jobs.enqueueIn(transaction, pushNotice, { subscriptionId, ...note, at })
    },
    ...{ bus: backbone.bus, clock },
    log: parts.log.child({ part: 'push' }),
  })
}
