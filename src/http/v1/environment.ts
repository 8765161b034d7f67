import type { ApiKeyStore } from '../../core/api-key.ts'
import type { ApiReading } from '../../core/api-reading.ts'
import type { MacroService, RuleService } from '../../core/automation.ts'
import type { CannedService } from '../../core/canned.ts'
import type { AuditLog } from '../../core/audit.ts'
import type { Bus, Limiter, Limiters } from '../../core/bus.ts'
import type { CalendarDesk } from '../../core/calendar-desk.ts'
import type { ComplaintService } from '../../core/complaint-work.ts'
import type { Clock } from '../../core/clock.ts'
import type { ContactStore } from '../../core/contact.ts'
import type {
  ArticleReading,
  DraftService,
  DraftStore,
  PublishService,
  VersionReading,
} from '../../core/editing.ts'
import type { EditingHelp } from '../../core/editing-help.ts'
import type { EvaluationStore } from '../../core/evaluation.ts'
import type { ExchangeService } from '../../core/exchange.ts'
import type { EventLog } from '../../core/event-log.ts'
import type { SystemHealth } from '../../core/health.ts'
import type { HelpVotes } from '../../core/help.ts'
import type { IdempotencyStore } from '../../core/idempotency.ts'
import type {
  IncidentDesk,
  IncidentNotices,
  IncidentReading,
  IncidentReport,
  IncidentService,
  SpikeProposals,
} from '../../core/incident.ts'
import type { LearningService, ProposalStore } from '../../core/learning.ts'
import type { Logger } from '../../core/log.ts'
import type { McpServing } from '../../core/mcp-serve.ts'
import type { Masker } from '../../core/masking.ts'
import type { ScheduleService } from '../../core/publish-schedule.ts'
import type { SearchMessages } from '../../core/message-search.ts'
import type { ContactExports, Erasures, LegalHolds } from '../../core/personal-data.ts'
import type { AlertStore } from '../../core/promise.ts'
import type { PresenceService, QueueOutlook, QueueService, TeamMembers, TeamStore } from '../../core/queue.ts'
import type { DeskLanguage } from '../../core/reason.ts'
import type { CoachingService } from '../../core/review-coaching.ts'
import type { ReviewForms } from '../../core/review-form.ts'
import type { ReviewNumbering } from '../../core/review-numbers.ts'
import type { Report, ReportEntry, ReportName, ReportSpan, Wall } from '../../core/report.ts'
import type { SamplingRules, SamplingStore } from '../../core/review-sampling.ts'
import type { ReviewService } from '../../core/review.ts'
import type { NoticeReading, SuggestionTelling } from '../../core/suggestion-news.ts'
import type { FindSimilarTickets } from '../../core/similar-ticket.ts'
import type { SuggestionReport } from '../../core/suggestion-report.ts'
import type { SuggestionStore, ThemeStore } from '../../core/suggestions.ts'
import type {
  Campaign,
  CampaignPreview,
  CampaignRecords,
  CampaignCount,
  CampaignResults,
  CampaignStore,
  ConsentStore,
} from '../../core/campaign.ts'
import type { SurveyQuestion } from '../../core/survey-answer.ts'
import type { SurveyGrouping, SurveyRecords, SurveyResults } from '../../core/survey.ts'
import type { TicketReport } from '../../core/ticket-report.ts'
import type { RelationService, TicketStore, TicketUpkeep } from '../../core/ticket.ts'
import type { VerdictStore } from '../../core/verdict.ts'
import type { UnderstandingDesk } from '../../core/understanding-desk.ts'
import type { WebhookDeliveries, WebhookEndpoints } from '../../core/webhook.ts'
import type { PromiseDesk, RetentionInForce, SurveysInForce } from '../../core/settings-desk.ts'
import type { StaffStore } from '../../core/staff.ts'
import type { Origins } from '../origins.ts'
import type { RemoteAddress } from '../remote-address.ts'
import type { Invitations } from '../sign-in/invitations.ts'
import type { SignIn } from '../sign-in/sign-in.ts'

/** Teams, who is there, and who has what. */
export interface QueueParts {
  readonly teams: TeamStore
  readonly members: TeamMembers
  readonly presence: PresenceService
  readonly outlook: Pick<QueueOutlook, 'waiting'>
  readonly work: QueueService
}

/** What contacts suggest. */
export interface SuggestionServices {
  readonly items: SuggestionStore
  readonly themes: ThemeStore
  readonly notices: Pick<NoticeReading, 'list'>
  readonly telling: SuggestionTelling
  /** Throws `bad_input` for a month that has not begun. */
  readonly report: (month: string) => Promise<SuggestionReport>
  readonly write: Readonly<
    Record<'csv' | 'markdown', (report: SuggestionReport, language: DeskLanguage) => string>
  >
  /** Takes out of a text what tells who wrote it. */
  readonly mask: (text: string) => string
}

/** How satisfied contacts are. */
export interface SurveyServices {
  readonly records: Pick<SurveyRecords, 'list'>
  /** Of one agent where one is named. Throws `bad_input` for a month that has not begun. */
  readonly results: (month: string, by: SurveyGrouping, agentId?: string) => Promise<SurveyResults>
  readonly csv: (results: SurveyResults, language: DeskLanguage) => string
  readonly campaigns: CampaignStore
  readonly campaignRecords: CampaignRecords
  readonly preview: (campaign: Campaign) => Promise<CampaignPreview>
  readonly campaignResults: (
    question: SurveyQuestion,
    count: CampaignCount,
    language: DeskLanguage,
  ) => CampaignResults
  readonly campaignCsv: (results: CampaignResults, language: DeskLanguage) => string
  readonly consents: ConsentStore
}

/** How well work is done. */
export interface QualityServices {
  readonly forms: ReviewForms
  readonly rules: SamplingRules
  readonly draws: Pick<SamplingStore, 'draws'>
  readonly reviews: ReviewService
  readonly numbers: ReviewNumbering
  readonly coaching: CoachingService
}

/** How work fares over a span, and how it stands now. Each throws `bad_input` for a span or zone that there is not. */
export interface ReportServices {
  readonly report: (name: ReportName, span: ReportSpan, language: DeskLanguage) => Promise<Report>
  /** Everything that one number counts; of one row where `section` and `key` name it. */
  readonly entries: (
    query: {
      readonly report: ReportName
      readonly metric: string
      readonly section?: string
      readonly key?: string
    },
    span: ReportSpan,
    language: DeskLanguage,
  ) => Promise<readonly ReportEntry[]>
  readonly wall: (zone: string, language: DeskLanguage) => Promise<Wall>
  readonly isMetric: (name: string) => boolean
  readonly write: Readonly<
    Record<'csv' | 'xlsx', (report: Report, language: DeskLanguage) => Promise<Uint8Array>>
  >
  /** In which days begin unless another is named. */
  readonly zone: string
}

/** Incidents, and the spikes that may be some. */
export interface IncidentServices {
  readonly reading: IncidentReading
  readonly spikes: Pick<SpikeProposals, 'list' | 'get'>
  readonly notices: Pick<IncidentNotices, 'list'>
  readonly work: IncidentService
  readonly desk: IncidentDesk
  readonly markdown: (report: IncidentReport, language: DeskLanguage) => string
}

/** Articles as editors see them. */
export interface KnowledgeServices {
  readonly articles: ArticleReading
  readonly drafts: Pick<DraftStore, 'list' | 'get'> & DraftService
  readonly versions: Pick<VersionReading, 'list' | 'get'>
  readonly evaluations: Pick<EvaluationStore, 'get'>
  readonly publishing: PublishService
  readonly exchange: ExchangeService
  readonly schedules: ScheduleService
  /** The published version that this node answers by. */
  readonly inUse: () => number
}

/** What is known of contacts as a whole: copied, erased, held. */
export interface PersonalServices {
  readonly exports: ContactExports
  readonly erasures: Erasures
  readonly holds: LegalHolds
}

/** What conversations that went wrong teach. */
export interface LearningServices {
  readonly proposals: ProposalStore
  readonly service: LearningService
  readonly verdicts: VerdictStore
}

/** The people who may sign in, and those who will. */
export interface StaffServices {
  readonly members: StaffStore
  readonly invitations: Invitations
}

/** How the product itself fares. */
export interface SystemServices {
  readonly health: () => Promise<SystemHealth>
  /** Gives a dead job all its tries again; false when there is no such dead job. */
  readonly replayJob: (id: string) => Promise<boolean>
}

/** What the public API's routes work with. */
export interface ApiServices {
  readonly keys: ApiKeyStore
  readonly reading: ApiReading
  readonly searchMessages: SearchMessages
  readonly similarTickets: FindSimilarTickets
  /** Throws `bad_input` for a month that has not begun. */
  readonly ticketReport: (month: string) => Promise<TicketReport>
  readonly reports: ReportServices
  readonly tickets: Pick<TicketStore, 'get' | 'transcript'>
  readonly upkeep: TicketUpkeep
  readonly relations: RelationService
  readonly queues: QueueParts
  readonly contacts: Pick<ContactStore, 'get' | 'setTier'>
  readonly alerts: AlertStore
  readonly macros: MacroService
  readonly rules: RuleService
  readonly canned: CannedService
  readonly suggestions: SuggestionServices
  readonly surveys: SurveyServices
  readonly quality: QualityServices
  readonly complaints: ComplaintService
  readonly incidents: IncidentServices
  readonly knowledge: KnowledgeServices
  readonly learning: LearningServices
  /** What a language model does for editors; absent: there is none, or it is switched off for them. */
  readonly editingHelp?: EditingHelp | undefined
  readonly helpVotes: Pick<HelpVotes, 'count'>
  readonly events: EventLog
  readonly masker: Masker
  readonly personal: PersonalServices
  readonly audit: Pick<AuditLog, 'list' | 'record'>
  readonly idempotency: IdempotencyStore
  readonly webhooks: WebhookEndpoints
  readonly deliveries: WebhookDeliveries
  /** Why a webhook may not go to this address, as far as it can be told without DNS; undefined: it may. */
  readonly addressFault: (url: string) => string | undefined
  readonly limiters: Limiters
  readonly bus: Bus
  readonly clock: Clock
  readonly signIn: Pick<SignIn, 'sessions' | 'mustEnrol' | 'resetSecondStep'>
  readonly staff: StaffServices
  readonly system: SystemServices
  readonly calendars: CalendarDesk
  readonly promises: PromiseDesk
  readonly understanding: UnderstandingDesk
  readonly retention: () => Promise<RetentionInForce>
  readonly surveysInForce: () => SurveysInForce
  /** Absent: there is no MCP server. */
  readonly mcp?: McpServing | undefined
  /** Requests one key, or one signed-in agent, may make in a minute. */
  readonly requestsPerMinute: number
}

/** The Hono environment of the public API. */
export interface ApiEnv {
  readonly Variables: { readonly requestId: string }
}

/** What the server adds to it. */
export interface ApiSurroundings extends ApiServices {
  readonly log: Logger
  readonly origins: () => Origins
  readonly remoteAddress: RemoteAddress
  /** Aborts when the server stops; open event streams end. */
  readonly stopping: AbortSignal
  /** Milliseconds between heartbeats of event streams. */
  readonly heartbeatMs: number
  readonly limiter: Limiter
  /** Open event streams of this node, by caller. */
  readonly streams: Map<string, number>
}
