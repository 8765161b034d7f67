import { v7 as uuid } from 'uuid'
import { cleanPage } from '../../channels/email/index.ts'
import type { RedisBackbone } from '../bus/index.ts'
import { type Config, publicUrlOf } from '../config.ts'
import type { BlobStore } from '../core/blobs.ts'
import { topics } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import { initialDialogue } from '../core/conversation.ts'
import type { Encoder } from '../core/encoder.ts'
import type { Logger } from '../core/log.ts'
import { createDecideAct, createDecideMove } from '../feedback/index.ts'
import {
  type MediaLinks,
  type MediaLinksOptions,
  type StatusLinks,
  createMediaLinks,
  createStatusLinks,
} from '../http/index.ts'
import {
  createAgentDirectory,
  createApiKeyStore,
  createAssignment,
  createApiReading,
  createAuditLog,
  createAvatars,
  createContactStore,
  createContactTrace,
  createConversationStore,
  createComplaintStore,
  createCursors,
  createCoachingStore,
  createReviewCounting,
  createReviewFormStore,
  createReviewStore,
  createSamplingRuleList,
  createSamplingStore,
  createCountIncident,
  createContradictionChecks,
  createContradictionStore,
  createDraftStore,
  createEvaluationStore,
  createCountTickets,
  createReportFacts,
  createEventLog,
  createIncidentChores,
  createIncidentHearing,
  createIncidentNotices,
  createIncidentReading,
  createIncidentStore,
  createSpikeProposals,
  createWaitingIncidentNews,
  createWatchStore,
  createFindOriginal,
  createForgetErased,
  createModelLedger,
  createFindRepliedTicket,
  createFindThread,
  createFindTurn,
  createIdempotencyStore,
  createImportStore,
  createHandBackSilent,
  createHandoffStore,
  createHelpVotes,
  createHolidayStore,
  createInboxCleaner,
  createInboxPauses,
  createLateMedia,
  createListQuiet,
  createListSilentForms,
  createMediaStore,
  createMessageLog,
  createMoveThreads,
  createRankContact,
  createThreadStandings,
  createOutboxStore,
  createPreferenceStore,
  createPresenceStore,
  createProviderNews,
  createQueueOutlook,
  createRetention,
  createRetryDelivery,
  createSealing,
  createSecrets,
  createSentMessages,
  createSignInStores,
  createStrandedMessages,
  createTeamMembers,
  createTeamStore,
  createTicketRelations,
  createTicketStandings,
  createTicketStore,
  createTicketTides,
  createPromiseBook,
  createAlertStore,
  createMacroList,
  createMessageIndex,
  createMessageIntake,
  createRuleList,
  createRuleReading,
  createWebhookDeliveries,
  createWebhookEndpoints,
  type Database,
  type Sealing,
  createNoticeReading,
  createNoticesWaiting,
  createNoticeStore,
  createSuggestionCounting,
  createSuggestionIntake,
  createSuggestionStore,
  createSuggestionVectors,
  createCampaignBook,
  createCampaignRecords,
  createCampaignStore,
  createConsentStore,
  createSurveyBook,
  createSurveyRecords,
  createSurveyReviews,
  createFailureIntake,
  createProposalMaking,
  createProposalStore,
  createQuestionGrouping,
  createQuestionVectors,
  createReaderIntake,
  createThemeMaking,
  createThemeStore,
  createVersionStore,
  createWebhookQueue,
} from '../store/index.ts'
import { isQuiet } from '../surveys/index.ts'
import type { OpenLanguageModel } from '../llm/index.ts'
import { openBackbone } from './backbone.ts'
import { startCalendars, type LiveCalendars } from './calendars.ts'
import { type Content, type ContentOptions, openContent } from './content.ts'
import { publishedIn, todayIn } from './published.ts'
import { tryConfiguredEncoder } from './encoder.ts'
import { createKeepPictures } from './keep-pictures.ts'
import { masterKey, openBlobs, openStore } from './store.ts'
import { openWork, type Work } from './work.ts'

/** What contacts suggest, and what becomes of it. */
const openSuggestionStores = (database: Database) => {
  const newId = (): string => uuid()
  return {
    suggestions: createSuggestionStore(database, createDecideMove(newId)),
    suggestionThemes: createThemeStore(database, createDecideAct(newId)),
    suggestionIntake: createSuggestionIntake(database),
    suggestionVectors: createSuggestionVectors(database),
    themeMaking: createThemeMaking(database),
    suggestionCounting: createSuggestionCounting(database),
    notices: createNoticeStore(database),
    noticeReading: createNoticeReading(database),
  }
}

/** How satisfied contacts are. */
const openSurveyStores = (database: Database) => ({
  surveyBook: createSurveyBook(database),
  surveyReviews: createSurveyReviews(database),
  surveyRecords: createSurveyRecords(database),
  campaigns: createCampaignStore(database),
  campaignBook: createCampaignBook(database),
  campaignRecords: createCampaignRecords(database),
  surveyConsents: createConsentStore(database),
})

/** How well work is done. */
const openQualityStores = (database: Database) => ({
  reviewForms: createReviewFormStore(database),
  reviews: createReviewStore(database),
  samplingRules: createSamplingRuleList(database),
  sampling: createSamplingStore(database),
  reviewCounting: createReviewCounting(database),
  coaching: createCoachingStore(database),
})

/** Incidents, and the spikes that may be some. */
const openIncidentStores = (database: Database) => ({
  incidents: createIncidentReading(database),
  incidentStore: createIncidentStore(database),
  incidentHearing: createIncidentHearing(database),
  incidentNotices: createIncidentNotices(database),
  incidentNews: createWaitingIncidentNews(database),
  noticesWaiting: createNoticesWaiting(database),
  incidentChores: createIncidentChores(database),
  countIncident: createCountIncident(database),
  spikes: createSpikeProposals(database),
  spikeWatch: createWatchStore(database),
})

/** What messages are found by, and how tickets fare. */
const openSearchStores = (database: Database) => ({
  messageIndex: createMessageIndex(database),
  messageIntake: createMessageIntake(database),
  countTickets: createCountTickets(database),
  reportFacts: createReportFacts(database),
})

/** Who works, and what waits for them. */
const openQueueStores = (database: Database) => ({
  teams: createTeamStore(database),
  members: createTeamMembers(database),
  presence: createPresenceStore(database),
  assignment: createAssignment(database, initialDialogue),
  outlook: createQueueOutlook(database),
  threadStanding: createThreadStandings(database),
  rankContact: createRankContact(database),
  handBackSilent: createHandBackSilent(database, initialDialogue),
})

/** Who did what, and what is kept of whom. */
const openPrivacyStores = (database: Database, blobs: BlobStore) => ({
  audit: createAuditLog(database),
  retention: createRetention(database),
  forgetErased: createForgetErased(database),
  modelLedger: createModelLedger(database),
  handoffs: createHandoffStore(database),
  blobs,
})

/** What is promised for tickets, and what is done with them by rule. */
const openRuleStores = (database: Database) => ({
  ...openQualityStores(database),
  promises: createPromiseBook(database),
  alerts: createAlertStore(database),
  macroList: createMacroList(database),
  ruleList: createRuleList(database),
  ruleReading: createRuleReading(database),
})

/** What editors make of the articles. */
const openEditingStores = (database: Database) => ({
  drafts: createDraftStore(database),
  knowledgeVersions: createVersionStore(database),
  evaluations: createEvaluationStore(database),
  imports: createImportStore(database),
  contradictions: createContradictionStore(database),
  contradictionChecks: createContradictionChecks(database),
})

/** What conversations that went wrong teach. */
const openLearningStores = (database: Database) => {
  const newId = (): string => uuid()
  const act = createDecideAct(newId)
  return {
    failureIntake: createFailureIntake(database),
    readerIntake: createReaderIntake(database),
    questionVectors: createQuestionVectors(database),
    questionGrouping: createQuestionGrouping(database),
    proposalMaking: createProposalMaking(database),
    proposals: createProposalStore(database, {
      merge: (board, id, from) => act(board, id, { act: 'merge', from }),
      move: createDecideMove(newId),
    }),
  }
}

/** What editors make of the articles, and what they might. */
const openKnowledgeStores = (database: Database) => ({
  ...openEditingStores(database),
  ...openLearningStores(database),
  helpVotes: createHelpVotes(database),
})

/** Who may sign in, and how. */
const openPeopleStores = (database: Database, sealing: Sealing) => ({
  agents: createAgentDirectory(database),
  signIn: createSignInStores(database, sealing),
  preferences: createPreferenceStore(database),
})

const openOutbox = ({ surveys, calendars }: Config, database: Database) =>
  createOutboxStore(database, { isQuiet: (now) => isQuiet(surveys, calendars.hotline.timezone, now) })

/** Everything that keeps data. */
const openStores = async (config: Config, clock: Clock, log: Logger) => {
  const database = await openStore(config, log)
  const blobs = openBlobs(config)
  const sealing = createSealing(masterKey(config))
  const secrets = createSecrets(database, sealing)
  return {
    database,
    ...openSuggestionStores(database),
    ...openSurveyStores(database),
    ...openIncidentStores(database),
    ...openPrivacyStores(database, blobs),
    ...openKnowledgeStores(database),
    ...openSearchStores(database),
    conversations: createConversationStore(database),
    contacts: createContactStore(database),
    stranded: createStrandedMessages(database),
    outbox: openOutbox(config, database),
    retryDelivery: createRetryDelivery(database),
    tickets: createTicketStore(database, initialDialogue),
    relations: createTicketRelations(database, initialDialogue),
    standings: createTicketStandings(database),
    tides: createTicketTides(database),
    ...openRuleStores(database),
    ...openQueueStores(database),
    ticketOf: createFindRepliedTicket(database),
    originalOf: createFindOriginal(database, cleanPage),
    quiet: createListQuiet(database),
    silentForms: createListSilentForms(database),
    messageLog: createMessageLog(database),
    contactTrace: createContactTrace(database),
    cleaner: createInboxCleaner({ database, blobs }),
    media: createMediaStore({ database, blobs, maxBytes: config.media.maxBytes }),
    lateMedia: createLateMedia(database),
    pauses: createInboxPauses(database),
    cursors: createCursors(database),
    holidays: createHolidayStore(database),
    news: createProviderNews({ database, freshDialogue: initialDialogue, now: () => clock.now() }),
    sent: createSentMessages(database),
    avatars: createAvatars(database),
    findThread: createFindThread(database),
    findTurn: createFindTurn(database),
    moveThreads: createMoveThreads(database),
    secrets,
    mediaLinkKey: await secrets('media-links'),
    statusLinkKey: await secrets('status-links'),
    identityCodeKey: await secrets('identity-codes'),
    ...openPeopleStores(database, sealing),
    complaints: createComplaintStore(database),
    apiKeys: createApiKeyStore(database),
    apiReading: createApiReading(database),
    idempotency: createIdempotencyStore(database, sealing),
    events: createEventLog(database),
    webhooks: createWebhookEndpoints(database, sealing),
    webhookDeliveries: createWebhookDeliveries(database),
    webhookQueue: createWebhookQueue(database, sealing),
  }
}
type Stores = Awaited<ReturnType<typeof openStores>>

/** What every part of the product stands on. */
export interface Parts extends BareParts {
  /** Undefined: there is to be none, or it cannot be used. */
  readonly languageModel: OpenLanguageModel | undefined
  /** Why the configured one is not in use, with what to do. */
  readonly languageModelProblem: string | undefined
}

/** What stands before the language model, which is opened by it. */
export interface BareParts {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly stores: Stores
  readonly backbone: RedisBackbone
  readonly work: Work
  readonly content: Content
  /** Undefined: answers go by words alone. */
  readonly encoder: Encoder | undefined
  /** Why the configured one is not in use, with what to do. */
  readonly encoderProblem: string | undefined
  readonly links: MediaLinks
  readonly statusLinks: StatusLinks
  readonly calendars: LiveCalendars
  /** Where browsers reach the product. */
  readonly origin: string
}

/** Addresses of files for channels that can only show links. */
const openLinks = ({ media }: Config, facts: Omit<MediaLinksOptions, 'lifeMs'>): MediaLinks =>
  createMediaLinks({ ...facts, lifeMs: media.linkDays * 86_400_000 })

const openUnderstanding = async (
  config: Config,
  log: Logger,
  options: Pick<ContentOptions, 'keepPictures' | 'published' | 'today'>,
): Promise<Pick<Parts, 'content' | 'encoder' | 'encoderProblem'>> => {
  const opened = await tryConfiguredEncoder(config, log.child({ part: 'encoder' }))
  return { ...opened, content: await openContent(config, log, { encoder: opened.encoder, ...options }) }
}

/** Everything that stands before the first channel opens. */
export const openParts = async (
  config: Config,
  { clock, log, port }: Pick<Parts, 'clock' | 'log'> & { port: number },
): Promise<BareParts> => {
  const opening = openStores(config, clock, log)
  const connecting = openBackbone(config, log)
  const [stores, backbone, work, understanding] = await Promise.all([
    opening,
    connecting,
    Promise.all([opening, connecting]).then(([{ database }, { bus }]) =>
      openWork(config, { database, bus, clock, log: log.child({ part: 'jobs' }) }),
    ),
    openUnderstanding(config, log, {
      keepPictures: createKeepPictures(async () => (await opening).media, log),
      published: publishedIn(async () => (await opening).knowledgeVersions),
      today: todayIn(config, clock),
    }),
  ])
  await backbone.bus.subscribe(topics.knowledge, () => understanding.content.look())
  const origin = publicUrlOf({ ...config.server, port })
  const links = openLinks(config, { key: stores.mediaLinkKey, origin, clock })
  const statusLinks = createStatusLinks({ key: stores.statusLinkKey, origin })
  const calendars = await startCalendars({
    config: config.calendars,
    store: stores.holidays,
    bus: backbone.bus,
    clock,
    log: log.child({ part: 'calendar' }),
  })
  return {
    config,
    clock,
    log,
    stores,
    backbone,
    work,
    ...understanding,
    links,
    statusLinks,
    calendars,
    origin,
  }
}
