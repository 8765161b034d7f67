import type { Hono } from 'hono'
import type { Clock } from '../core/clock.ts'
import { topics } from '../core/bus.ts'
import type { InboxCare } from '../core/inbox.ts'
import {
  type QueueParts,
  type SignIn,
  createMediaLinks,
  createSignIn,
  mountMediaLinks,
  mountStatusPage,
  mountWidget,
} from '../http/index.ts'
import type { OpenIncidents } from '../incidents/index.ts'
import { maxPieces } from '../outbox/index.ts'
import {
  createAgentDrafts,
  createDeadLetters,
  createInboxTraffic,
  createMentionStore,
  createThreadReading,
  createTicketViewStore,
} from '../store/index.ts'
import { createMasker } from '../text/index.ts'
import { createAgentTyping, createMentionService, createTicketService, createUndo } from '../tickets/index.ts'
import { createVoiceDecoder } from '../voice/index.ts'
import { openApi } from './api.ts'
import { openAssist } from './assist.ts'
import { copyForBackup } from './backup-copy.ts'
import { tellingHolidays } from './calendars.ts'
import { startControl } from './control.ts'
import type { Demo } from './demo.ts'
import { openDeskApp } from './desk-app.ts'
import { openEditing } from './editing.ts'
import { createFirstLink } from './first-link.ts'
import { startHearsay } from './hearsay.ts'
import { openHelp } from './help.ts'
import { careFor, type Inboxes } from './inboxes.ts'
import { createKeyRing } from './key-ring.ts'
import { atTerminal } from './knowledge-terminal.ts'
import { composer, showTypingOf } from './line.ts'
import { beginDemo, demoDataOf } from './open-demo.ts'
import { openMcp } from './mcp.ts'
import type { Parts } from './parts.ts'
import { createPeople } from './people.ts'
import { openPersonal } from './privacy.ts'
import { openPrivacyTool, type PrivacyToolParts } from './privacy-tool.ts'
import { openPush } from './push.ts'
import { openQueues } from './queues.ts'
import { isReady, reportNode, type Face, type Stage } from './stage.ts'
import { createLinkedInvitations } from './staff.ts'

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
    ...{ preferences: stores.preferences, push: openPush(parts), assist: openAssist(parts) },
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
  if (database.kind === 'postgres') return reportNode(parts, inboxes)
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

/** Everything people, programs and providers reach. */
export const openFace = async (stage: Stage): Promise<Face> => {
  const { parts, inboxes, incidents, complaints, demo, metrics, wall, url } = stage
  const queues = openQueues(parts)
  const desk = openDesk(parts, inboxes, queues, wall)
  const firstLink = await openFirstLink(parts, desk.signIn, inboxes, demo)
  const { signIn } = firstLink
  const signInUrl = (): string | undefined => firstLink.url(url())
  // Read before anybody is connected here: what happens from now on may be about them.
  const since = await parts.stores.events.newest()
  const { service } = complaints
  const mcp = await openMcp(parts, stage.accept)
  return {
    http: {
      ...openSurface(parts, demo),
      channels: inboxes.all(),
      desk: { ...desk, signIn },
      api: { ...openApi(parts, { inboxes, signIn, queues, complaints: service }), mcp },
      extra: [
        (app) => metrics.mount(app, parts.config.telemetry.metricsToken),
        ...(await pagesOf(parts, demo, signInUrl, incidents)),
      ],
    },
    signInUrl,
    startBeside: async () => {
      const seen = { signIn, inboxes, care: desk.inboxes, removed: metrics.removed }
      const stopControl = await openControl(parts, seen, url())
      const stopHearsay = startHearsay(parts, since)
      return async () => {
        await stopHearsay()
        await stopControl()
      }
    },
  }
}
