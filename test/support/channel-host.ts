import { randomUUID } from 'node:crypto'
import { createInProcessLimiters, createInProcessLocks } from '../../src/bus/index.ts'
import type { Bus, Cache } from '../../src/core/bus.ts'
import type { Accepted, ChannelHealth, ChannelHost, ThreadStanding } from '../../src/core/channel.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import type { MovableClock } from '../../src/core/clock.ts'
import type { Avatars } from '../../src/core/contact.ts'
import type { Author, Message, MessageLog } from '../../src/core/conversation.ts'
import type { CursorStore } from '../../src/core/cursor.ts'
import type { Logger } from '../../src/core/log.ts'
import type { ProviderNews, SaidElsewhere } from '../../src/core/provider-news.ts'
import type { MediaStore } from '../../src/core/media.ts'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import type { DeliveryFault, SentMessage, SentMessages } from '../../src/core/sent.ts'

/** What was logged: the event's name and its facts as JSON, so that tests can look for secrets in it. */
export interface LoggedEvent {
  readonly event: string
  readonly facts: string
}

/** One call of the host's `news`. */
export type NewsHeard =
  | { readonly kind: 'taken-over'; readonly threadKey: string }
  | { readonly kind: 'given-back'; readonly threadKey: string; readonly despiteTicket: boolean }
  | { readonly kind: 'said'; readonly message: SaidElsewhere }

/** A host whose store is memory; it may serve several channels one after another, as restarts do. */
export interface TestChannelHost extends ChannelHost {
  readonly clock: MovableClock
  /** Everything accepted, in order, duplicates left out. */
  readonly accepted: readonly InboundMessage[]
  readonly logged: readonly LoggedEvent[]
  /** What the provider told beside messages, in order. */
  readonly newsHeard: readonly NewsHeard[]
  /** Pictures by contact, as the channel kept them. */
  readonly pictures: ReadonlyMap<string, string>
  /** Files that were stored for pictures and are none. */
  readonly refusedPictures: readonly string[]
  /** What the channel said of its connection, in order. */
  readonly reported: readonly ChannelHealth[]
  /** Threads that the channel moved. */
  readonly moved: readonly { readonly from: string; readonly to: string }[]
  /** Stores a message of ours as a turn or an agent would, without telling anybody. */
  say(threadKey: string, parts: readonly Part[], from?: { author?: Author; agentName?: string }): Message
  /** Stores a note, which contacts never see. */
  note(threadKey: string, text: string): Message
  /** How contacts were ranked. */
  readonly tiers: ReadonlyMap<string, string>
  /** From now on the contacts of the inbox stand there. */
  stand(standing: ThreadStanding): void
  /** Forgets messages up to `seq`, as retention does. */
  forget(threadKey: string, seq: number): void
  /** What the inbox wrote to its cursors. */
  readonly cursors: ReadonlyMap<string, string>
  /** Makes a message known as sent. */
  addSent(message: SentMessage): void
  /** What was reported as undelivered, by outbound id. */
  readonly bounces: ReadonlyMap<string, DeliveryFault>
  /** The next `accept` fails with this, once. */
  failNextAccept(error: Error): void
  /** The next read of the log fails with this, once. */
  failNextRead(error: Error): void
}

const createTestBus = (): Bus => {
  const topics = new Map<string, Set<(payload: unknown) => void>>()
  return {
    publish(topic, payload) {
      const copy: unknown = JSON.parse(JSON.stringify(payload))
      queueMicrotask(() => topics.get(topic)?.forEach((hear) => hear(copy)))
    },
    subscribe(topic, hear) {
      const hearers = topics.get(topic) ?? new Set()
      topics.set(topic, hearers.add(hear))
      return Promise.resolve(() => void hearers.delete(hear))
    },
    close: () => Promise.resolve(),
  }
}

/** What is set ends by the clock of the test. */
export const createTestCache = (clock: MovableClock): Cache => {
  const values = new Map<string, { readonly value: string; readonly endsAt: number }>()
  const nowMs = () => clock.now().getTime()
  const get = (key: string): string | undefined => {
    const found = values.get(key)
    return found === undefined || found.endsAt <= nowMs() ? undefined : found.value
  }
  const set = (key: string, value: string, ttlMs: number): void => {
    values.set(key, { value, endsAt: nowMs() + ttlMs })
  }
  return {
    get: (key) => Promise.resolve(get(key)),
    set: (key, value, ttlMs) => {
      set(key, value, ttlMs)
      return Promise.resolve()
    },
    add: (key, value, ttlMs) => {
      const isNew = get(key) === undefined
      if (isNew) set(key, value, ttlMs)
      return Promise.resolve(isNew)
    },
    drop: (key, value) => Promise.resolve(get(key) === value && values.delete(key)),
  }
}

const createTestLog = (logged: LoggedEvent[]): Logger => {
  const write = (facts: Record<string, unknown>, event: string): void => {
    logged.push({ event, facts: JSON.stringify(facts) })
  }
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log }
  return log
}

const noMedia: MediaStore = {
  maxBytes: 1_000_000,
  save: () => Promise.reject(new Error('this test has no media')),
  find: () => Promise.resolve(undefined),
}

const createTestCursor = (values: Map<string, string>): CursorStore => ({
  read: (name) => Promise.resolve(values.get(name)),
  write: (name, value) => Promise.resolve(void values.set(name, value)),
})

const createTestNews = (heard: NewsHeard[]): ProviderNews => {
  const hear = (news: NewsHeard): Promise<void> => Promise.resolve(void heard.push(news))
  return {
    takenOver: (threadKey) => hear({ kind: 'taken-over', threadKey }),
    givenBack: (threadKey, despiteTicket) => hear({ kind: 'given-back', threadKey, despiteTicket }),
    said: (message) => hear({ kind: 'said', message }),
  }
}

const createTestSent = (sent: readonly SentMessage[], bounces: Map<string, DeliveryFault>): SentMessages => ({
  countAutomatic: ({ contactKey, except }) =>
    Promise.resolve(
      sent.filter((each) => each.contactKey === contactKey && each.outboundId !== except).length,
    ),
  find: (id) => Promise.resolve(sent.find(({ outboundId }) => outboundId === id)),
  neverArrived: (id, fault) => {
    const isNew = sent.some(({ outboundId }) => outboundId === id) && !bounces.has(id)
    if (isNew) bounces.set(id, fault)
    return Promise.resolve(isNew)
  },
})

/** Only who is stored can have a picture, and a turn comes once in its time. */
const createTestAvatars = (
  { pictures, refusedPictures }: { pictures: Map<string, string>; refusedPictures: string[] },
  accepted: readonly InboundMessage[],
  clock: MovableClock,
): Avatars => {
  const turns = new Map<string, number>()
  return {
    takeTurn: (contactKey, everyMs) => {
      const now = clock.now().getTime()
      const isKnown = accepted.some((message) => message.contactKey === contactKey)
      if (!isKnown || now - (turns.get(contactKey) ?? -Infinity) < everyMs) return Promise.resolve(false)
      turns.set(contactKey, now)
      return Promise.resolve(true)
    },
    countAsOld: (contactKey, agoMs) =>
      Promise.resolve(void turns.set(contactKey, clock.now().getTime() - agoMs)),
    keep: (contactKey, mediaId) => Promise.resolve(void pictures.set(contactKey, mediaId)),
    refuse: (mediaId) => Promise.resolve(void refusedPictures.push(mediaId)),
  }
}

/** Messages by thread, numbered from 1. */
const createTestThreads = () => {
  const threads = new Map<string, Message[]>()
  const of = (threadKey: string): Message[] => {
    const messages = threads.get(threadKey) ?? []
    threads.set(threadKey, messages)
    return messages
  }
  const lastSeq = new Map<string, number>()
  return {
    of,
    add(threadKey: string, draft: Omit<Message, 'id' | 'seq' | 'conversationId'>): Message {
      const seq = (lastSeq.get(threadKey) ?? 0) + 1
      lastSeq.set(threadKey, seq)
      const message: Message = {
        ...draft,
        id: randomUUID(),
        conversationId: `conversation-${threadKey}`,
        seq,
      }
      of(threadKey).push(message)
      return message
    },
    move(from: string, to: string) {
      const found = threads.get(from)
      if (found === undefined || (threads.get(to)?.length ?? 0) > 0) return
      threads.set(to, found)
      lastSeq.set(to, lastSeq.get(from) ?? 0)
      threads.delete(from)
      lastSeq.delete(from)
    },
    forget(threadKey: string, seq: number) {
      threads.set(
        threadKey,
        of(threadKey).filter((message) => message.seq > seq),
      )
    },
  }
}

/** Throws what was planned, once. */
const createFailure = () => {
  let planned: Error | undefined
  return {
    plan: (error: Error) => {
      planned = error
    },
    strike() {
      const error = planned
      planned = undefined
      if (error) throw error
    },
  }
}

/** A channel's host in memory: `accept` de-duplicates, the log is what was accepted and said. */
export const createTestChannelHost = (inboxId = 'web-test'): TestChannelHost => {
  const clock = createMovableClock()
  const threads = createTestThreads()
  const accepted: InboundMessage[] = []
  const outcomes = new Map<string, Accepted>()
  const logged: LoggedEvent[] = []
  const newsHeard: NewsHeard[] = []
  const faces = { pictures: new Map<string, string>(), refusedPictures: [] as string[] }
  const reported: ChannelHealth[] = []
  const moved: { from: string; to: string }[] = []
  const secrets = new Map<string, string>()
  const cursors = new Map<string, string>()
  const sent: SentMessage[] = []
  const bounces = new Map<string, DeliveryFault>()
  let standing: ThreadStanding = { mode: 'bot' }
  const tiers = new Map<string, string>()
  const acceptFailure = createFailure()
  const readFailure = createFailure()

  const messageLog: MessageLog = {
    async read({ threadKey, afterSeq, limit, visibleOnly }) {
      await Promise.resolve()
      readFailure.strike()
      return threads
        .of(threadKey)
        .filter((message) => message.seq > afterSeq && !(visibleOnly && message.direction === 'note'))
        .slice(0, limit)
    },
    latest: ({ threadKey, limit }) => Promise.resolve(threads.of(threadKey).slice(-limit)),
  }
  return {
    inboxId,
    attends: true,
    clock,
    accepted,
    logged,
    messageLog,
    cursors,
    cursor: createTestCursor(cursors),
    sent: createTestSent(sent, bounces),
    bounces,
    addSent: (message) => void sent.push(message),
    bus: createTestBus(),
    cache: createTestCache(clock),
    locks: createInProcessLocks(),
    limiters: createInProcessLimiters(),
    newsHeard,
    news: createTestNews(newsHeard),
    media: noMedia,
    linkTo: (mediaId) => `https://support.example/media/${mediaId}?sig=x`,
    log: createTestLog(logged),
    awaitReply: () => Promise.resolve(undefined),
    attachMedia: () => Promise.resolve(),
    takePendingMedia: () => Promise.resolve([]),
    ...faces,
    avatars: createTestAvatars(faces, accepted, clock),
    reported,
    report: (health) => void reported.push(health),
    moved,
    moveThreads(from, to) {
      moved.push({ from, to })
      threads.move(from, to)
      return Promise.resolve()
    },
    async accept(message) {
      await Promise.resolve()
      acceptFailure.strike()
      const known = outcomes.get(message.dedupKey)
      if (known) return { ...known, outcome: 'duplicate' }
      accepted.push(message)
      const stored = threads.add(message.threadKey, {
        direction: 'in',
        author: 'contact',
        parts: message.parts,
        createdAt: clock.now(),
      })
      const { id: messageId, conversationId, seq } = stored
      const outcome: Accepted = { outcome: 'accepted', messageId, conversationId, seq }
      outcomes.set(message.dedupKey, outcome)
      return outcome
    },
    secret(name) {
      const secret = secrets.get(name) ?? `${randomUUID()}${randomUUID()}`
      secrets.set(name, secret)
      return Promise.resolve(secret)
    },
    say: (threadKey, parts, { author = 'bot', agentName } = {}) =>
      threads.add(threadKey, {
        direction: 'out',
        author,
        parts,
        createdAt: clock.now(),
        ...(agentName !== undefined && { agentName }),
      }),
    note: (threadKey, text) =>
      threads.add(threadKey, {
        direction: 'note',
        author: 'agent',
        parts: [{ kind: 'text', text }],
        createdAt: clock.now(),
      }),
    tiers,
    rank: (contactKey, tier) => Promise.resolve(void tiers.set(contactKey, tier)),
    standing: () => Promise.resolve(standing),
    stopWaiting() {
      if (standing.waits?.mayStop === true) standing = { mode: 'bot' }
      return Promise.resolve()
    },
    stand(now) {
      standing = now
    },
    forget: (threadKey, seq) => threads.forget(threadKey, seq),
    failNextAccept: (error) => acceptFailure.plan(error),
    failNextRead: (error) => readFailure.plan(error),
  }
}
