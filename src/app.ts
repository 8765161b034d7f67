import { openApi } from './app/api.ts'
import { copyForBackup } from './app/backup-copy.ts'
import { startRules } from './app/automation.ts'
import type { Hono } from 'hono'
import { tellingHolidays } from './app/calendars.ts'
import { openComplaints } from './app/complaints.ts'
import { startControl } from './app/control.ts'
import { openEditing } from './app/editing.ts'
import { atTerminal } from './app/knowledge-terminal.ts'
import type { Demo } from './app/demo.ts'
import { openDeskApp } from './app/desk-app.ts'
import { openQueues, startAssigning } from './app/queues.ts'
import { createFirstLink } from './app/first-link.ts'
import { freePort } from './app/free-port.ts'
import { openHelp } from './app/help.ts'
import { openIncidentsOf } from './app/incidents.ts'
import { type Inboxes, careFor, openInboxes } from './app/inboxes.ts'
import { composer, showTypingOf, startLine } from './app/line.ts'
import { openPersonal, personalHandlers } from './app/privacy.ts'
import { openPrivacyTool, type PrivacyToolParts } from './app/privacy-tool.ts'
import { createMetrics } from './app/metrics.ts'
import { startNodeReports } from './app/node-reports.ts'
import { startTides } from './app/turn-tides.ts'
import { beginDemo, demoDataOf, isDemo, openDemoClock, startDemo } from './app/open-demo.ts'
import { type Parts, openParts } from './app/parts.ts'
import { noteSettings } from './app/note-settings.ts'
import { createKeyRing } from './app/key-ring.ts'
import { createPeople } from './app/people.ts'
import { openPush, startPush } from './app/push.ts'
import { startPromises } from './app/promises.ts'
import { openStandings } from './app/standing.ts'
import { startMessageSearch } from './app/message-search.ts'
import { startWork } from './app/start-work.ts'
import { startWatching } from './app/watching.ts'
import { createLinkedInvitations } from './app/staff.ts'
import { openWebhooks } from './app/webhooks.ts'
import type { Config } from './config.ts'
import { topics } from './core/bus.ts'
import { type Clock, systemClock } from './core/clock.ts'
import type { InboxCare } from './core/inbox.ts'
import type { Logger } from './core/log.ts'
import {
  type QueueParts,
  type SignIn,
  createHttpServer,
  createMediaLinks,
  createSignIn,
  mountMediaLinks,
  mountStatusPage,
  mountWidget,
} from './http/index.ts'
import { createLog } from './log.ts'
import type { OpenIncidents } from './incidents/index.ts'
import { maxPieces } from './outbox/index.ts'
import {
  type Database,
  createAgentDrafts,
  createInboxTraffic,
  createMentionStore,
  createDeadLetters,
  createNodeBoard,
  createThreadReading,
  createTicketViewStore,
} from './store/index.ts'
import { createAgentTyping, createMentionService, createTicketService, createUndo } from './tickets/index.ts'
import { createMasker } from './text/index.ts'
import { createVoiceDecoder } from './voice/index.ts'

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

const frameLinkMs = 3_600_000

/** `wall` times sign-ins: people stay signed in when the sandbox's clock is put forward. */
const openDesk = (parts: Parts, inboxes: Inboxes, queues: QueueParts, wall: Clock) => {
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
    mentions: createMentionService(createMentionStore(stores.database)),
    ...{ reading: createThreadReading(stores.database), views: createTicketViewStore(stores.database) },
    ...{ drafts: createAgentDrafts(stores.database), voices: createVoiceDecoder() },
    relations: stores.relations,
    quiet: stores.quiet,
    ...{ preferences: stores.preferences, push: openPush(parts) },
    mediaLink: createMediaLinks({ key, origin: '', lifeMs: frameLinkMs, clock }).publicUrl,
    work: createTicketService({
      ...shared,
      render: (inboxId, parts) => compose(inboxId, parts, 'agent'),
    }),
    undo: createUndo(shared),
    queues,
    textLimits: (inboxId: string) => {
      const text = inboxes.find(inboxId)?.capabilities.text
      if (text === undefined) return undefined
      const { max, unit, markup } = text
      return { max, unit, markup, maxMessages: maxPieces }
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
    masker: createMasker(config.privacy.mask),
    inboxes: careFor(inboxes, stores.pauses, clock, () => bus.publish(topics.outbox, {})),
    bus,
    clock,
    signIn: createSignIn({
      ...{ stores: signIn, clock: wall, log, limiters: backbone.limiters },
      requireTotp: config.signIn.requireTotp,
      oidc: config.signIn.oidc,
    }),
  }
}

const isReady = (database: Database) => async (): Promise<boolean> => {
  await database.query('select 1')
  return true
}

/** Lets the command line see this process: through a door of its own, or by the database that all nodes share. */
const openControl = (
  parts: Parts,
  {
    signIn,
    inboxes,
    care,
    removed,
  }: {
    readonly signIn: SignIn
    readonly inboxes: Inboxes
    readonly care: InboxCare
  } & Pick<PrivacyToolParts, 'removed'>,
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
    people: createPeople({
      ...{ agents, signIn, publicUrl: url },
      invitations: createLinkedInvitations({ store: stores.signIn.invitations, clock: parts.clock, log }),
      tellEnded: (agentId) => parts.backbone.bus.publish(topics.sessions, { agentId }),
    }),
    keys: createKeyRing(stores.apiKeys, parts.clock),
    status: async () => ({ url, ready: await ready().catch(() => false) }),
    inboxes: () => care.list(),
    traffic: createInboxTraffic(database),
    ...{ jobs: parts.work.jobs, letters: createDeadLetters(database) },
    copyDatabase: copyForBackup(config, database),
    audit: stores.audit,
    privacy: openPrivacyTool({ config, database, removed, ...openPersonal(parts) }),
    knowledge: atTerminal(openEditing(parts, inboxes)),
    holidays: tellingHolidays(stores.holidays, parts.backbone.bus),
    log,
  })
}

/** Where the server stands, and whom it believes. */
const openSurface = ({ config, log, stores }: Parts, demo: Demo | undefined) => ({
  log,
  publicUrls: config.server.publicUrl === undefined ? [] : [config.server.publicUrl],
  trustedProxies: config.server.trustedProxies,
  ready: isReady(stores.database),
  deskApp: openDeskApp(log),
  ...(demo === undefined ? { home: '/desk' } : { home: '/sandbox', deskFramed: true }),
})

/** What everybody may see, what contacts see by their links, and the sandbox. */
const pagesOf = async (
  parts: Parts,
  demo: Demo | undefined,
  signInUrl: () => string | undefined,
  incidents: OpenIncidents,
): Promise<readonly ((app: Hono) => void)[]> => {
  const { config, log, stores, links, statusLinks } = parts
  const { media, contactTrace, standings } = stores
  const help = await openHelp(parts, demo?.inboxes ?? config.inboxes, incidents)
  return [
    (app) => help?.(app),
    (app) => mountMediaLinks(app, { links, media, log }),
    (app) => mountWidget(app, log.child({ part: 'widget' })),
    (app) =>
      mountStatusPage(app, {
        links: statusLinks,
        find: (ticketId) => standings.get(ticketId),
        timeZone: config.calendars.hotline.timezone,
      }),
    (app) =>
      demo?.mount(app, {
        contactTrace,
        signInUrl,
        demoData: demoDataOf(parts, demo),
        helpUrl: help && '/help',
      }),
  ]
}

/** The link for whoever starts the product; a demo that nobody used before gets its past. */
const openFirstLink = async (parts: Parts, signIn: SignIn, inboxes: Inboxes, demo: Demo | undefined) => {
  const link = await createFirstLink(parts.stores.agents, signIn, parts.config.production)
  if (demo !== undefined && link.isFirst) await beginDemo(parts, inboxes, demo)
  return {
    signIn: link.signIn,
    url: (base: string): string | undefined => {
      const path = link.path()
      return path === undefined ? undefined : `${base}${path}`
    },
  }
}

/** What goes on by itself: tickets that time changes, news for systems outside. */
const startUpkeep = async (parts: Parts): Promise<() => Promise<void>> => {
  const { config, clock, log, stores, backbone } = parts
  await noteSettings(config, stores.audit)
  const stopTides = startTides({
    ...{ tides: stores.tides, clock, log },
    reopenMs: config.tickets.reopenHours * 3_600_000,
    publish: (ticketId) => backbone.bus.publish(topics.ticket, { ticketId }),
  })
  const stopPromises = await startPromises(parts)
  const stopRules = await startRules(parts)
  const stopWebhooks = await openWebhooks(parts)
  const stopAssigning = await startAssigning(parts)
  const stopSearch = await startMessageSearch(parts)
  const stopPush = await startPush(parts)
  return async () => {
    await stopPush()
    await stopSearch()
    await stopAssigning()
    await stopTides()
    await stopPromises()
    await stopRules()
    await stopWebhooks()
  }
}

/** Starts the whole product. Throws `bad_config`, `data_folder_locked`, `database_unavailable`, `database_too_new`. */
export const startApp = async (options: AppOptions): Promise<App> => {
  const { config, clock: given = systemClock } = options
  const metrics = createMetrics()
  const log = options.log ?? createLog({ level: config.logLevel, counter: metrics.logEvents })
  const movable = isDemo(config) ? openDemoClock(config, given, log) : undefined
  const clock = movable ?? given
  const { server } = config
  const port = server.port === 0 ? await freePort() : server.port
  const parts = await openParts(config, { clock, log, port })
  const { stores, backbone, content, encoder, calendars } = parts
  // Only now: the data folder is ours once the store holds its lock.
  const demo = await startDemo(parts, movable, port)

  // Channels need the line and the line needs to know the channels: each asks the other only once all stand.
  const inboxes = openInboxes()
  const incidents = await openIncidentsOf(parts)
  const watching = await startWatching(metrics, parts, inboxes)
  const line = await startLine({ ...parts, ...watching }, inboxes, incidents)
  const ways = { accept: line.accept, awaitReply: line.awaitReply, standings: openStandings(parts) }
  await inboxes.start(demo?.inboxes ?? config.inboxes, { ...parts, ...ways })

  const queues = openQueues(parts)
  const complaints = await openComplaints(parts, inboxes)
  const desk = openDesk(parts, inboxes, queues, given)
  const firstLink = await openFirstLink(parts, desk.signIn, inboxes, demo)
  let url = ''
  const signInUrl = (): string | undefined => firstLink.url(url)
  const http = createHttpServer({
    ...openSurface(parts, demo),
    channels: inboxes.all(),
    desk: { ...desk, signIn: firstLink.signIn },
    api: openApi(parts, { inboxes, signIn: firstLink.signIn, queues, complaints: complaints.service }),
    extra: [
      (app) => metrics.mount(app, config.telemetry.metricsToken),
      ...(await pagesOf(parts, demo, signInUrl, incidents)),
    ],
  })
  ;({ url } = await http.listen({ port, host: server.host }))
  const { removed } = metrics
  const seen = { signIn: firstLink.signIn, inboxes, care: desk.inboxes, removed }
  const stopControl = await openControl(parts, seen, url)

  const stopUpkeep = await startUpkeep(parts)
  const stopWork = await startWork({ ...parts, ...watching }, inboxes, [
    ...complaints.jobs,
    ...personalHandlers(parts, removed),
  ])
  return {
    url,
    get signInUrl() {
      return signInUrl()
    },
    stop: async () => {
      await demo?.stop()
      // First what is under way: a channel that is stopped breaks off its calls. Then together, because a channel
      // lets its waiting clients go, which the server waits for.
      await Promise.all([line.stop(), stopWork()])
      await Promise.all([inboxes.stop(), http.stop()])
      await calendars.stop()
      content.stop()
      await encoder?.stop()
      await complaints.stop()
      await incidents.stop()
      await stopUpkeep()
      await stopControl()
      await watching.stop()
      await backbone.bus.close()
      await stores.database.close()
    },
  }
}
