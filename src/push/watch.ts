import { topics, type Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Database, Transaction } from '../core/database.ts'
import { keepLooking } from '../core/keep-looking.ts'
import type { Logger } from '../core/log.ts'
import type { OpenDesks, PushNews, PushStore } from '../core/push.ts'
import type { PushNote } from './words.ts'

/** What nobody told of is found so late at most. */
const lookEveryMs = 10_000
/** However much happens, it is looked for no more often. */
const gatherMs = 250
const hourMs = 3_600_000
const keptMs = 30 * 24 * hourMs

export interface PushWatchOptions {
  readonly database: Pick<Database, 'transaction'>
  readonly store: Pick<PushStore, 'watched' | 'news' | 'forgetTold'>
  readonly openDesks: Pick<OpenDesks, 'stateOf'>
  /** Has one notice brought to one browser, later and surely. */
  readonly enqueue: (transaction: Transaction, subscriptionId: string, note: PushNote) => Promise<void>
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
}

const byAgent = (news: readonly PushNews[]): ReadonlyMap<string, readonly PushNews[]> =>
  news.reduce(
    (all, one) => all.set(one.agentId, [...(all.get(one.agentId) ?? []), one]),
    new Map<string, readonly PushNews[]>(),
  )

/** Tells agents without an open window of what is new: of several things at once the first, with the number of others. */
export const lookForNews = async ({
  database,
  store,
  openDesks,
  enqueue,
  clock,
}: Omit<PushWatchOptions, 'bus' | 'log'>): Promise<void> => {
  const states = new Map<string, Awaited<ReturnType<OpenDesks['stateOf']>>>()
  for (const agentId of await store.watched()) states.set(agentId, await openDesks.stateOf(agentId))
  // Whose window may be open waits for the next look; open windows tell by themselves.
  const known = [...states].filter(([, state]) => state !== 'unsure').map(([agentId]) => agentId)
  if (known.length === 0) return
  await database.transaction(async (transaction) => {
    const news = byAgent(await store.news(transaction, known, clock.now()))
    for (const [agentId, [first, ...others]] of news) {
      if (first === undefined || states.get(agentId) === 'open') continue
      const { occasion, ticketId, number, subscriptionIds } = first
      for (const id of subscriptionIds)
        await enqueue(transaction, id, { occasion, ticketId, number, more: others.length })
    }
  })
}

/** Looks for news as things happen. Gives its end. */
export const startPushWatch = async (options: PushWatchOptions): Promise<() => Promise<void>> => {
  const { store, bus, clock, log } = options
  let forgotAt = -Infinity
  return keepLooking({
    ...{ bus, topics: [topics.ticket, topics.mention], gatherMs, everyMs: lookEveryMs },
    look: async () => {
      await lookForNews(options)
      if (performance.now() - forgotAt >= hourMs) {
        forgotAt = performance.now()
        await store.forgetTold(new Date(clock.now().getTime() - keptMs))
      }
      return false
    },
    onFault: (error) =>
      log.warn({ error }, 'news to push could not be looked for; tried again in ten seconds'),
  })
}
