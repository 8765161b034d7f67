import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { cleanPage } from '../../channels/email/index.ts'
import { careFor, openInboxes } from '../../src/app/inboxes.ts'
import { createInProcessBus, createInProcessLimiters } from '../../src/bus/index.ts'
import type { Agent, AgentDirectory, Role } from '../../src/core/agent.ts'
import type { ApiKeyStore } from '../../src/core/api-key.ts'
import type { Bus } from '../../src/core/bus.ts'
import { topics } from '../../src/core/bus.ts'
import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import type { DecisionRecord, TicketBrief } from '../../src/core/conversation.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { Logger } from '../../src/core/log.ts'
import { openDeskApp } from '../../src/app/desk-app.ts'
import type { MediaStore, UnsentFiles } from '../../src/core/media.ts'
import type { Part } from '../../src/core/message.ts'
import type { OutboxStore } from '../../src/core/stores.ts'
import type { TurnTimes } from '../../src/core/trace.ts'
import type { Ticket, TicketStore } from '../../src/core/ticket.ts'
import {
  createHttpServer,
  createMediaLinks,
  createInvitations,
  createSignIn,
  mountMediaLinks,
  type ApiServices,
  type HttpLimits,
  type MailInvitation,
  type SignIn,
  type SignInOptions,
} from '../../src/http/index.ts'
import {
  createAgentDirectory,
  createAgentDrafts,
  createAuditLog,
  createApiKeyStore,
  createApiReading,
  createContactStore,
  createConversationStore,
  createEventLog,
  createInboxPauses,
  createListQuiet,
  createFindOriginal,
  createFindRepliedTicket,
  createFolderBlobs,
  createHelpVotes,
  createIdempotencyStore,
  createMediaStore,
  createOutboxStore,
  createPreferenceStore,
  createRetryDelivery,
  createSealing,
  createSignInStores,
  createAlertStore,
  createMentionStore,
  createThreadReading,
  createTicketRelations,
  createTicketStore,
  createTicketViewStore,
  createWebhookDeliveries,
  createWebhookEndpoints,
  type Database,
} from '../../src/store/index.ts'
import {
  buildDraft,
  buildInbound,
  buildItem,
  buildOutcome,
  buildRecord,
  buildTicketDraft,
} from '../support/builders.ts'
import {
  createAgentTyping,
  createMentionService,
  createTicketService,
  createUndo,
} from '../../src/tickets/index.ts'
import { createVoiceDecoder } from '../../src/voice/index.ts'
import { createTestCache } from '../support/channel-host.ts'
import { openTestComplaints } from '../support/complaints.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { masker } from '../support/masker.ts'
import { openPush, type PushGround } from '../../src/app/push.ts'
import { openTestPushGround } from '../support/push-ground.ts'
import { openPersonalServices } from '../support/personal-world.ts'
import { openQualityServices } from '../support/quality-world.ts'
import { openSearchServices } from '../support/search-world.ts'
import { openSurveyServices } from '../support/survey-world.ts'
import { openSystemServices } from '../support/system-world.ts'
import { noFolder, openEditing } from '../support/editing-world.ts'
import { openIncidentServices } from '../support/incident-world.ts'
import { openLearningServices } from '../support/learning-world.ts'
import { openSuggestionServices } from '../support/suggestion-world.ts'
import { createBrowser, type Browser } from './client.ts'
import { openAutomation, openQueues, openTicketWork } from './ticket-world.ts'

/** A line of the log. */
export interface LogLine {
  readonly level: string
  readonly event: string
  readonly facts: Record<string, unknown>
}

/** A logger that keeps what it hears. */
export const createMemoryLog = (lines: LogLine[] = [], own: Record<string, unknown> = {}): Logger => {
  const hear = (level: string) => (facts: Record<string, unknown>, event: string) => {
    lines.push({ level, event, facts: { ...own, ...facts } })
  }
  return {
    debug: hear('debug'),
    info: hear('info'),
    warn: hear('warn'),
    error: hear('error'),
    child: (facts) => createMemoryLog(lines, { ...own, ...facts }),
  }
}

/** A decision with everything the desk shows of one. */
export const decision: Partial<DecisionRecord> = {
  rule: 'asked-for-person',
  reasons: ['用户明确要求人工', '情绪：生气'],
  thresholds: { answer: 0.62, clarify: 0.35 },
  thinkingMs: 12.4,
  classification: {
    text: '大会员多扣了 25 元，我要找人工',
    language: 'zh',
    intent: 'refund',
    topic: 'vip-refund',
    handling: 'faq',
    confidence: 0.81,
    candidates: [
      { articleId: 'vip-refund', topic: 'vip-refund', question: '大会员可以退款吗？', score: 0.81 },
      { articleId: 'vip-auto-renew', topic: 'vip-renew', question: '怎么关闭自动续费？', score: 0.11 },
    ],
    outOfScope: 0.02,
    urgency: 'high',
    emotion: 'angry',
    emotionStrength: 2,
    asksForPerson: true,
    reasons: [],
    knowledgeVersion: 'a1b2c3',
  },
}

/** What the ticket of somebody who sent two pictures says, before it is put into words. */
export const brief: TicketBrief = {
  reason: { code: 'failed-turns', values: { count: 2 } },
  urgency: 'high',
  mood: { emotion: 'angry', strength: 2 },
  attachments: [{ kind: 'image', count: 2 }],
  said: { earlier: 0, lines: ['多扣了25元'] },
  answered: { earlier: 3, lines: ['请稍等'] },
}

/** What a contact wrote to get a ticket. */
export interface Arrival {
  readonly text?: string
  readonly name?: string
  readonly title?: string
  readonly parts?: readonly Part[]
  readonly decision?: Partial<DecisionRecord>
  readonly say?: string
  /** What the turn took; absent: as before that was measured. */
  readonly times?: TurnTimes
  readonly dueInMs?: number
  readonly brief?: TicketBrief
}

/** A whole desk on a real server and a real database. */
export interface World {
  readonly origin: string
  /** Where it listens, whatever it is called outside. */
  readonly address: string
  readonly database: Database
  readonly agents: AgentDirectory
  readonly tickets: TicketStore
  readonly outbox: OutboxStore
  readonly media: MediaStore & UnsentFiles
  readonly keys: ApiKeyStore
  /** Where contacts were shown that an agent types, in order. */
  readonly typed: readonly { readonly conversationId: string; readonly on: boolean }[]
  readonly bus: Bus
  /** What asking for pushed notices stands on. */
  readonly push: PushGround
  readonly signIn: SignIn
  readonly clock: MovableClock
  readonly log: LogLine[]
  /** A new agent. */
  hire(role: Role, name?: string): Promise<Agent>
  /** A browser in which the agent is signed in. */
  enter(agent: Agent): Promise<Browser>
  /** A contact writes, the bot gives up, a ticket opens. */
  arrive(arrival?: Arrival): Promise<Ticket>
  /** The contact of a ticket writes again. */
  writesOn(ticket: Ticket, text: string): Promise<void>
  stop(): Promise<void>
}

const tokenOf = (path: string): string => new URL(path, 'http://x').hash.replace('#token=', '')

/** Opens the link an agent was given, as the sign-in page does. */
export const useLink = async (browser: Browser, path: string) =>
  browser.post('/api/desk/session/link', { token: tokenOf(path) })

const createArrivals = (database: Database, tickets: TicketStore, bus: Bus) => {
  const conversations = createConversationStore(database)
  let contacts = 0
  const keys = new Map<string, string>()
  const writesOn = async ({ id }: Ticket, text: string): Promise<void> => {
    const message = buildInbound({ contactKey: keys.get(id) ?? '', text })
    await conversations.accept([buildItem(message)], new Date())
    bus.publish(topics.ticket, { ticketId: id })
  }
  const arrive = async (arrival: Arrival = {}): Promise<Ticket> => {
    contacts += 1
    const contactKey = `contact-${contacts}`
    const { text = '我要找人工', name = `阿白${contacts}`, title = '大会员多扣一个月', say } = arrival
    const message = buildInbound({
      contactKey,
      displayName: name,
      text,
      ...(arrival.parts === undefined ? {} : { parts: arrival.parts }),
    })
    const now = new Date()
    const [accepted] = await conversations.accept([buildItem(message)], now)
    // What else is ready is not this contact's.
    const claims = await conversations.claim('test', 100, 30_000)
    const claim = claims.find(({ conversationId }) => conversationId === accepted?.conversationId)
    if (claim === undefined) throw new Error('nothing to claim')
    const number = await conversations.nextTicketNumber()
    const due = new Date(now.getTime() + (arrival.dueInMs ?? 3_600_000))
    await conversations.commit(
      [
        buildOutcome(claim, {
          decision: buildRecord({ kind: 'escalate', rule: 'asked-for-person', ...arrival.decision }),
          mode: 'human',
          dialogue: initialDialogue,
          ...(arrival.times === undefined ? {} : { times: arrival.times }),
          outbound: [buildDraft(say ?? `已转人工，工单 T-${number}`)],
          openTicket: buildTicketDraft(number, {
            title,
            ...(arrival.brief === undefined ? {} : { brief: arrival.brief }),
            firstReplyDueAt: due,
            resolutionDueAt: new Date(due.getTime() + 86_400_000),
          }),
        }),
      ],
      now,
    )
    const ticket = (await tickets.list({ view: 'all', agentId: '', limit: 200 })).find(
      (one) => one.number === number,
    )
    if (ticket === undefined) throw new Error('no ticket was opened')
    keys.set(ticket.id, contactKey)
    bus.publish(topics.ticket, { ticketId: ticket.id })
    return ticket
  }
  return { arrive, writesOn }
}

const openStores = async () => {
  const opened = await openTestEmbedded()
  const { database, folder } = opened
  const blobs = createFolderBlobs(join(folder, 'media'))
  return {
    ...opened,
    agents: createAgentDirectory(database),
    tickets: createTicketStore(database, initialDialogue),
    outbox: createOutboxStore(database),
    blobs,
    media: createMediaStore({ database, blobs, maxBytes: 1_000_000 }),
  }
}

/** Opens a world of its own. */
export const openWorld = async (
  limits: Partial<HttpLimits> = {},
  publicUrls: readonly string[] = [],
  api: Partial<ApiServices> = {},
  ways: Pick<SignInOptions, 'requireTotp' | 'oidc'> & { readonly mail?: MailInvitation } = {},
): Promise<World> => {
  const stores = await openStores()
  const { database, agents, tickets, outbox, media } = stores
  const bus = createInProcessBus()
  const clock = createMovableClock()
  const keys = createApiKeyStore(database)
  const sealing = createSealing(randomBytes(32))
  const push = openTestPushGround(database, clock)
  const typed: { readonly conversationId: string; readonly on: boolean }[] = []
  const lines: LogLine[] = []
  const log = createMemoryLog(lines)
  const signInStores = createSignInStores(database, sealing)
  const signIn = createSignIn({
    stores: signInStores,
    clock,
    log,
    limiters: createInProcessLimiters(),
    requireTotp: ways.requireTotp ?? [],
    oidc: ways.oidc ?? {},
  })
  const shared = {
    store: tickets,
    clock,
    // A slow machine may take long from an act to its undoing.
    undoMs: 60_000,
    publish: (ticketId: string) => bus.publish(topics.ticket, { ticketId }),
  }
  const queues = openQueues(database, shared, bus)
  const knowledge = openEditing(database, { folder: noFolder, clock })
  const links = createMediaLinks({ key: 'key-of-the-links', origin: '', lifeMs: 3_600_000, clock })
  const server = createHttpServer({
    log,
    extra: [(app) => mountMediaLinks(app, { links, media, log })],
    publicUrls,
    trustedProxies: ['127.0.0.1'],
    channels: new Map(),
    deskApp: openDeskApp(log),
    desk: {
      tickets,
      work: createTicketService({
        ...shared,
        render: (_inboxId, parts) => ({ rendered: parts, passiveOnly: false }),
      }),
      undo: createUndo(shared),
      queues,
      mentions: createMentionService(createMentionStore(database)),
      ticketOf: createFindRepliedTicket(database),
      reading: createThreadReading(database),
      ...{ drafts: createAgentDrafts(database), voices: createVoiceDecoder(), assist: undefined },
      relations: createTicketRelations(database, initialDialogue),
      originalOf: createFindOriginal(database, cleanPage),
      quiet: createListQuiet(database),
      preferences: createPreferenceStore(database),
      views: createTicketViewStore(database),
      push: openPush(push),
      mediaLink: links.publicUrl,
      textLimits: () => ({ max: 60, unit: 'bytes', markup: 'links', maxMessages: 4 }),
      retry: createRetryDelivery(database),
      typing: createAgentTyping({
        store: tickets,
        // Its time stands still: what is shown once in a few seconds is shown once, however slow the machine is.
        cache: createTestCache(createMovableClock({ now: () => new Date(0) })),
        showTyping: (conversationId, on) => void typed.push({ conversationId, on }),
      }),
      media,
      inboxes: careFor(openInboxes(), createInboxPauses(database), clock, () => undefined),
      ...{ contacts: createContactStore(database), masker },
      ...{ bus, clock },
      signIn,
    },
    api: {
      keys,
      staff: {
        members: signInStores.staff,
        invitations: createInvitations({
          store: signInStores.invitations,
          ...{ clock, log },
          mail: ways.mail ?? (() => Promise.resolve(false)),
        }),
      },
      reading: createApiReading(database),
      ...openSearchServices(database, clock),
      tickets,
      ...openTicketWork(database, shared),
      queues,
      suggestions: openSuggestionServices(database, clock),
      surveys: openSurveyServices(database, clock),
      quality: openQualityServices(database, clock),
      incidents: openIncidentServices(database, clock, () => bus.publish(topics.incidents, {})),
      knowledge,
      ...(await openSystemServices(database, { bus, clock, folder: stores.folder })),
      learning: openLearningServices(database, clock, knowledge),
      helpVotes: createHelpVotes(database),
      contacts: createContactStore(database),
      alerts: createAlertStore(database),
      ...openAutomation(database, shared, media),
      complaints: await openTestComplaints({ database, media, clock }),
      events: createEventLog(database),
      ...{ audit: createAuditLog(database), masker },
      personal: openPersonalServices(database, stores.blobs),
      idempotency: createIdempotencyStore(database, sealing),
      webhooks: createWebhookEndpoints(database, sealing),
      deliveries: createWebhookDeliveries(database),
      addressFault: () => undefined,
      limiters: createInProcessLimiters(),
      bus,
      clock,
      signIn,
      requestsPerMinute: 100_000,
      ...api,
    },
    ready: () => Promise.resolve(true),
    limits,
  })
  const { url: origin, port } = await server.listen({ port: 0 })
  let people = 0
  return {
    origin,
    address: `http://127.0.0.1:${port}`,
    database,
    agents,
    tickets,
    outbox,
    media,
    keys,
    bus,
    push,
    signIn,
    clock,
    typed,
    log: lines,
    hire: (role, name) => {
      people += 1
      return agents.create({ name: name ?? `${role} ${people}`, email: `person${people}@example.com`, role })
    },
    enter: async (agent) => {
      const browser = createBrowser(origin)
      await useLink(browser, (await signIn.createLink(agent.id, 15)).path)
      return browser
    },
    ...createArrivals(database, tickets, bus),
    stop: async () => {
      await server.stop()
      await bus.close()
      await stores.dispose()
    },
  }
}
