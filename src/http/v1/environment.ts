import type { ApiKeyStore } from '../../core/api-key.ts'
import type { ApiReading } from '../../core/api-reading.ts'
import type { MacroService, RuleService } from '../../core/automation.ts'
import type { Bus, Limiter, Limiters } from '../../core/bus.ts'
import type { ComplaintService } from '../../core/complaint-work.ts'
import type { Clock } from '../../core/clock.ts'
import type { ContactStore } from '../../core/contact.ts'
import type { EventLog } from '../../core/event-log.ts'
import type { IdempotencyStore } from '../../core/idempotency.ts'
import type {
  IncidentDesk,
  IncidentNotices,
  IncidentReading,
  IncidentReport,
  IncidentService,
  SpikeProposals,
} from '../../core/incident.ts'
import type { Logger } from '../../core/log.ts'
import type { AlertStore } from '../../core/promise.ts'
import type { PresenceService, QueueOutlook, QueueService, TeamMembers, TeamStore } from '../../core/queue.ts'
import type { DeskLanguage } from '../../core/reason.ts'
import type { NoticeReading, SuggestionTelling } from '../../core/suggestion-news.ts'
import type { SuggestionReport } from '../../core/suggestion-report.ts'
import type { SuggestionStore, ThemeStore } from '../../core/suggestions.ts'
import type { SurveyGrouping, SurveyRecords, SurveyResults } from '../../core/survey.ts'
import type { RelationService, TicketStore, TicketUpkeep } from '../../core/ticket.ts'
import type { WebhookDeliveries, WebhookEndpoints } from '../../core/webhook.ts'
import type { Origins } from '../origins.ts'
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

/** What the public API's routes work with. */
export interface ApiServices {
  readonly keys: ApiKeyStore
  readonly reading: ApiReading
  readonly tickets: Pick<TicketStore, 'get'>
  readonly upkeep: TicketUpkeep
  readonly relations: RelationService
  readonly queues: QueueParts
  readonly contacts: Pick<ContactStore, 'get' | 'setTier'>
  readonly alerts: AlertStore
  readonly macros: MacroService
  readonly rules: RuleService
  readonly suggestions: SuggestionServices
  readonly surveys: SurveyServices
  readonly complaints: ComplaintService
  readonly incidents: IncidentServices
  readonly events: EventLog
  readonly idempotency: IdempotencyStore
  readonly webhooks: WebhookEndpoints
  readonly deliveries: WebhookDeliveries
  /** Why a webhook may not go to this address, as far as it can be told without DNS; undefined: it may. */
  readonly addressFault: (url: string) => string | undefined
  readonly limiters: Limiters
  readonly bus: Bus
  readonly clock: Clock
  readonly signIn: Pick<SignIn, 'sessions'>
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
  /** Aborts when the server stops; open event streams end. */
  readonly stopping: AbortSignal
  /** Milliseconds between heartbeats of event streams. */
  readonly heartbeatMs: number
  readonly limiter: Limiter
  /** Open event streams of this node, by caller. */
  readonly streams: Map<string, number>
}
