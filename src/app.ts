import { cleanPage } from '../channels/email/index.ts'
import { randomUUID } from 'node:crypto'
import { openBackbone } from './app/backbone.ts'
import { openContent, type Content } from './app/content.ts'
import { startClearingUploads } from './app/clear-uploads.ts'
import { startControl } from './app/control.ts'
import { openDemo, type Demo, type DemoFacts, type DemoOptions } from './app/demo.ts'
import { freePort } from './app/free-port.ts'
import { careFor, openInboxes, type Inboxes } from './app/inboxes.ts'
import { createMetrics } from './app/metrics.ts'
import { createShowTyping } from './app/show-typing.ts'
import { createFirstLink } from './app/first-link.ts'
import { startNodeReports } from './app/node-reports.ts'
import { createPeople } from './app/people.ts'
import { masterKey, openBlobs, openStore } from './app/store.ts'
import type { RedisBackbone } from './bus/index.ts'
import { publicUrlOf, type Config } from './config.ts'
import { topics } from './core/bus.ts'
import { systemClock, type Clock } from './core/clock.ts'
import { initialDialogue, type OutboundDraft } from './core/conversation.ts'
import type { InboxCare } from './core/inbox.ts'
import type { Logger } from './core/log.ts'
import type { Part } from './core/message.ts'
import { createDialogue } from './dialogue/index.ts'
import {
  createHttpServer,
  createMediaLinks,
  createSignIn,
  mountMediaLinks,
  type MediaLinks,
  type MediaLinksOptions,
  type SignIn,
} from './http/index.ts'
import { createLog } from './log.ts'
import { createDeliveryEnds, maxPieces, render, startReroute, startSender } from './outbox/index.ts'
import {
  createAccept,
  createPassiveReplies,
  createTurn,
  giveUp,
  startWorker,
  type TurnDeps,
} from './router/index.ts'
import {
  createAgentDirectory,
  createAvatars,
  createContactStore,
  createMoveThreads,
  createContactTrace,
  createConversationStore,
  createCursors,
  createFindOriginal,
  createFindRepliedTicket,
  createFindThread,
  createInboxCleaner,
  createInboxPauses,
  createInboxTraffic,
  createNodeBoard,
  createLateMedia,
  createListQuiet,
  createMediaStore,
  createMessageLog,
  createOutboxStore,
  createProviderNews,
  createRetryDelivery,
  createSecrets,
  createSentMessages,
  createSignInStores,
  createStrandedMessages,
  createTicketStore,
  type Database,
} from './store/index.ts'
import {
  createAgentTyping,
  createTicketService,
  createUndo,
  draftTicket,
  promisedTimes,
} from './tickets/index.ts'

/** A running product. */
export interface App {
  /** Where browsers reach it. */
  readonly url: string
  /** The one-time sign-in link, while nobody has used it. */
  readonly signInUrl: string | undefined
  /** Ends gracefully: nothing new is taken, what is under way is finished or given back. */
  stop(): Promise<void>
}

export interface AppOptions {
  readonly config: Config
  readonly clock?: Clock
  readonly log?: Logger
}

const pollMs = 1_000
const rerouteEveryMs = 15_000
const transcriptLimit = 60
const frameLinkMs = 3_600_000

/** Everything that keeps data. */
const openStores = async (config: Config, clock: Clock, log: Logger) => {
  const database = await openStore(config, log)
  const blobs = openBlobs(config)
  const secrets = createSecrets(database, masterKey(config))
  return {
    database,
    conversations: createConversationStore(database),
    contacts: createContactStore(database),
    stranded: createStrandedMessages(database),
    outbox: createOutboxStore(database),
    retryDelivery: createRetryDelivery(database),
    tickets: createTicketStore(database, initialDialogue),
    ticketOf: createFindRepliedTicket(database),
    originalOf: createFindOriginal(database, cleanPage),
    quiet: createListQuiet(database),
    messageLog: createMessageLog(database),
    contactTrace: createContactTrace(database),
    cleaner: createInboxCleaner({ database, blobs }),
    media: createMediaStore({ database, blobs, maxBytes: config.media.maxBytes }),
    lateMedia: createLateMedia(database),
    pauses: createInboxPauses(database),
    cursors: createCursors(database),
    news: createProviderNews({ database, freshDialogue: initialDialogue, now: () => clock.now() }),
    sent: createSentMessages(database),
    avatars: createAvatars(database),
    findThread: createFindThread(database),
    moveThreads: createMoveThreads(database),
    secrets,
    mediaLinkKey: await secrets('media-links'),
    agents: createAgentDirectory(database),
    signIn: createSignInStores(database),
  }
}
type Stores = Awaited<ReturnType<typeof openStores>>

interface Parts {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly stores: Stores
  readonly backbone: RedisBackbone
  readonly content: Content
  readonly links: MediaLinks
}

const composer =
  (inboxes: Inboxes, { publicUrl }: MediaLinks) =>
  (inboxId: string, parts: readonly Part[], author: OutboundDraft['author'] = 'bot'): OutboundDraft => {
    const { capabilities } = inboxes.get(inboxId)
    const rendered = render(parts, capabilities, ({ mediaId }) =>
      mediaId === undefined ? undefined : publicUrl(mediaId),
    )
    return { parts, rendered, author, passiveOnly: capabilities.passiveOnly }
  }

/** Everything a turn is made of. */
const turnParts = ({ config, clock, stores, content, links }: Parts, inboxes: Inboxes): TurnDeps => {
  const { conversations, tickets } = stores
  const compose = composer(inboxes, links)
  return {
    dialogue: createDialogue({
      knowledge: content.knowledge,
      replies: content.replies,
      channelOf: (inboxId) => inboxes.channelOf(inboxId),
      config: config.dialogue,
      thresholds: content.thresholds,
    }),
    understand: content.understand,
    clock,
    nextTicketNumber: () => conversations.nextTicketNumber(),
    transcript: (conversationId) => tickets.transcript(conversationId, transcriptLimit),
    draftTicket: (facts) => draftTicket({ ...facts, policy: config.tickets }),
    urgentReplyDueAt: (now) => promisedTimes('urgent', now, config.tickets).firstReplyDueAt,
    compose: (inboxId, parts) => compose(inboxId, parts),
  }
}

/** The other way to contacts who cannot be reached where they asked. */
const openReroute = ({ clock, log, stores, backbone, links }: Parts, inboxes: Inboxes) =>
  startReroute({
    ...{ clock, log, bus: backbone.bus, locks: backbone.locks, stranded: stores.stranded },
    compose: composer(inboxes, links),
    everyMs: rerouteEveryMs,
  })

const showTypingOf = ({ stores, log }: Parts, inboxes: Inboxes) =>
  createShowTyping({
    findThread: stores.findThread,
    channel: (inboxId) => inboxes.find(inboxId),
    log,
  })

/** The line from an accepted message to its delivered answer. */
const startLine = async (parts: Parts, inboxes: Inboxes) => {
  const { config, clock, log, stores, backbone } = parts
  const { conversations, outbox } = stores
  const { bus } = backbone
  const owner = randomUUID()
  const turnDeps = turnParts(parts, inboxes)
  const { concurrency, leaseMs, settleMs, settleMaxMs, waitingMaxMs } = config.router
  const shared = { bus, clock, log, owner, concurrency, leaseMs, pollMs }
  const worker = startWorker({
    ...shared,
    store: conversations,
    turn: createTurn(turnDeps),
    showTyping: showTypingOf(parts, inboxes),
    giveUp: giveUp(turnDeps),
  })
  const ends = createDeliveryEnds({ store: outbox, bus, clock, log })
  const passive = await createPassiveReplies({ outbox, bus, clock, owner, ends })
  const accept = createAccept({
    store: conversations,
    clock,
    inbox: (inboxId) => ({
      channel: inboxes.channelOf(inboxId),
      capabilities: inboxes.get(inboxId).capabilities,
    }),
    settleMs,
    settleMaxMs,
    onAccepted: (message, accepted, readyInMs) => {
      if (message.passiveBudgetMs > 0) passive.expect(accepted.messageId)
      worker.wake(readyInMs)
      bus.publish(topics.thread(message.inboxId), { threadKey: message.threadKey, seq: accepted.seq })
      bus.publish(topics.ticket, { conversationId: accepted.conversationId })
    },
  })
  const unsubscribe = await bus.subscribe(topics.wake, () => worker.wake(0))
  const sender = await startSender({
    ...shared,
    store: outbox,
    ends,
    channel: (inboxId) => inboxes.find(inboxId),
    random: Math.random,
    waitingMaxMs,
  })
  const reroute = openReroute(parts, inboxes)
  return {
    accept,
    awaitReply: passive.awaitReply,
    stop: async () => {
      unsubscribe()
      ends.stop()
      await worker.stop()
      await reroute.stop()
      await sender.stop()
      passive.stop()
    },
  }
}

const openDesk = (parts: Parts, inboxes: Inboxes) => {
  const { config, clock, log, stores, backbone, links } = parts
  const compose = composer(inboxes, links)
  const { tickets, ticketOf, originalOf, retryDelivery, media, signIn, contacts, mediaLinkKey: key } = stores
  const { bus } = backbone
  const shared = {
    store: tickets,
    clock,
    undoMs: config.tickets.undoSeconds * 1_000,
    publish: (ticketId: string) => {
      bus.publish(topics.ticket, { ticketId })
      bus.publish(topics.outbox, {})
      bus.publish(topics.wake, {})
    },
  }
  return {
    tickets,
    ticketOf,
    originalOf,
    quiet: stores.quiet,
    mediaLink: createMediaLinks({ key, origin: '', lifeMs: frameLinkMs, clock }).publicUrl,
    work: createTicketService({
      ...shared,
      render: (inboxId, parts) => compose(inboxId, parts, 'agent'),
    }),
    undo: createUndo(shared),
    textLimits: (inboxId: string) => {
      const text = inboxes.find(inboxId)?.capabilities.text
      return text === undefined ? undefined : { ...text, maxMessages: maxPieces }
    },
    retry: async (messageId: string) => {
      await retryDelivery(messageId)
      bus.publish(topics.outbox, {})
    },
    typing: createAgentTyping({
      store: tickets,
      cache: backbone.cache,
      showTyping: showTypingOf(parts, inboxes),
    }),
    media,
    contacts,
    inboxes: careFor(inboxes, stores.pauses, clock, () => bus.publish(topics.outbox, {})),
    bus,
    clock,
    signIn: createSignIn({ stores: signIn, clock, log, limiters: backbone.limiters }),
  }
}

/** Addresses of files for channels that can only show links. */
const openLinks = ({ media }: Config, facts: Omit<MediaLinksOptions, 'lifeMs'>): MediaLinks =>
  createMediaLinks({ ...facts, lifeMs: media.linkDays * 86_400_000 })

const isReady = (database: Database) => async (): Promise<boolean> => {
  await database.query('select 1')
  return true
}

const withDemo = async (config: Config, options: Omit<DemoOptions, 'folder'>): Promise<Demo | undefined> =>
  config.production || config.inboxes.length > 0
    ? undefined
    : openDemo({ ...options, folder: config.dataDir })

/** What the sandbox's reset takes away; open desks are told. */
const demoData = ({ stores, backbone }: Parts, demo: Demo): DemoFacts['demoData'] => {
  const inboxIds = demo.inboxes.map(({ inboxId }) => inboxId)
  return {
    count: () => stores.cleaner.count(inboxIds),
    clear: async () => {
      for (const conversationId of await stores.cleaner.clear(inboxIds))
        backbone.bus.publish(topics.ticket, { conversationId })
    },
  }
}

/** Lets the command line see this process: through a door of its own, or by the database that all nodes share. */
const openControl = (
  parts: Parts,
  { signIn, inboxes, care }: { readonly signIn: SignIn; readonly inboxes: Inboxes; readonly care: InboxCare },
  url: string,
): Promise<() => void | Promise<void>> => {
  const { config, stores } = parts
  const { database, agents } = stores
  const log = parts.log.child({ part: 'control' })
  if (database.kind === 'postgres')
    return startNodeReports({ board: createNodeBoard(database), statuses: () => inboxes.statuses(), log })
  const ready = isReady(database)
  return startControl({
    folder: config.dataDir,
    people: createPeople({ agents, signIn, publicUrl: url }),
    status: async () => ({ url, ready: await ready().catch(() => false) }),
    inboxes: () => care.list(),
    traffic: createInboxTraffic(database),
    log,
  })
}

/** Everything that stands before the first channel opens. */
const openParts = async (
  config: Config,
  { clock, log, port }: Pick<Parts, 'clock' | 'log'> & { port: number },
) => {
  const [stores, backbone, content] = await Promise.all([
    openStores(config, clock, log),
    openBackbone(config, log),
    openContent(config, log),
  ])
  const origin = publicUrlOf({ ...config.server, port })
  const links = openLinks(config, { key: stores.mediaLinkKey, origin, clock })
  return { config, clock, log, stores, backbone, content, links }
}

/** Starts the whole product. Throws `bad_config`, `data_folder_locked`, `database_unavailable`, `database_too_new`. */
export const startApp = async ({ config, clock = systemClock, log: givenLog }: AppOptions): Promise<App> => {
  const metrics = createMetrics()
  const log = givenLog ?? createLog({ level: config.logLevel, counter: metrics.logEvents })
  const { server } = config
  const port = server.port === 0 ? await freePort() : server.port
  const parts = await openParts(config, { clock, log, port })
  const { stores, backbone, content, links } = parts
  // Only now: the data folder is ours once the store holds its lock.
  const demo = await withDemo(config, { port, clock, log })

  // Channels need the line and the line needs to know the channels: each asks the other only once all stand.
  const inboxes = openInboxes()
  const line = await startLine(parts, inboxes)
  await inboxes.start(demo?.inboxes ?? config.inboxes, {
    ...parts,
    accept: line.accept,
    awaitReply: line.awaitReply,
  })

  const desk = openDesk(parts, inboxes)
  const firstLink = await createFirstLink(stores.agents, desk.signIn, config.production)
  let url = ''
  const signInUrl = (): string | undefined => {
    const path = firstLink.path()
    return path === undefined ? undefined : `${url}${path}`
  }
  const http = createHttpServer({
    log,
    publicUrls: server.publicUrl === undefined ? [] : [server.publicUrl],
    trustedProxies: server.trustedProxies,
    channels: inboxes.all(),
    desk: { ...desk, signIn: firstLink.signIn },
    ready: isReady(stores.database),
    home: demo === undefined ? '/desk' : '/sandbox',
    extra: [
      (app) => metrics.mount(app),
      (app) => mountMediaLinks(app, { links, media: stores.media, log }),
      (app) => {
        const { contactTrace } = stores
        demo?.mount(app, { clock, contactTrace, signInUrl, demoData: demoData(parts, demo) })
      },
    ],
  })
  ;({ url } = await http.listen({ port, host: server.host }))
  const stopControl = await openControl(parts, { signIn: firstLink.signIn, inboxes, care: desk.inboxes }, url)

  const stopClearing = startClearingUploads(stores.media, log)
  return {
    url,
    get signInUrl() {
      return signInUrl()
    },
    stop: async () => {
      await demo?.stop()
      // First what is under way: a channel that is stopped breaks off its calls. Then together, because a channel
      // lets its waiting clients go, which the server waits for.
      await line.stop()
      await Promise.all([inboxes.stop(), http.stop()])
      content.stop()
      await stopClearing()
      await stopControl()
      await backbone.bus.close()
      await stores.database.close()
    },
  }
}
