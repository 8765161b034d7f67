import type { ApiRoute } from './define-route.ts'
import { agentRoutes } from './resources/agents.ts'
import { alertRoutes } from './resources/alerts.ts'
import { auditRoutes } from './resources/audit.ts'
import { complaintRoutes } from './resources/complaints.ts'
import { complaintIdentityRoutes } from './resources/complaint-identity.ts'
import { complaintWorkRoutes } from './resources/complaint-work.ts'
import { contactRoutes } from './resources/contacts.ts'
import { conversationRoutes } from './resources/conversations.ts'
import { eventRoutes } from './resources/events.ts'
import { erasureRoutes } from './resources/erasures.ts'
import { contactExportRoutes } from './resources/contact-exports.ts'
import { legalHoldRoutes } from './resources/legal-holds.ts'
import { feedbackItemRoutes } from './resources/feedback-items.ts'
import { feedbackReportRoutes } from './resources/feedback-report.ts'
import { feedbackThemeRoutes } from './resources/feedback-themes.ts'
import { invitationRoutes } from './resources/invitations.ts'
import { incidentRoutes } from './resources/incidents.ts'
import { incidentTellingRoutes } from './resources/incident-telling.ts'
import { keyRoutes } from './resources/keys.ts'
import { helpVoteRoutes } from './resources/help-votes.ts'
import { knowledgeArticleRoutes } from './resources/knowledge-articles.ts'
import { knowledgeDraftRoutes } from './resources/knowledge-drafts.ts'
import { knowledgeExchangeRoutes } from './resources/knowledge-exchange.ts'
import { knowledgeHelpRoutes } from './resources/knowledge-help.ts'
import { knowledgeProposalRoutes } from './resources/knowledge-proposals.ts'
import { knowledgeScheduleRoutes } from './resources/knowledge-schedules.ts'
import { knowledgeSearchRoutes } from './resources/knowledge-search.ts'
import { knowledgeVersionRoutes } from './resources/knowledge-versions.ts'
import { macroRoutes } from './resources/macros.ts'
import { messageSearchRoutes } from './resources/message-search.ts'
import { meRoutes } from './resources/me.ts'
import { presenceRoutes } from './resources/presence.ts'
import { calendarRoutes } from './resources/calendars.ts'
import { coachingRoutes } from './resources/coaching.ts'
import { reviewFormRoutes } from './resources/review-forms.ts'
import { reviewNumberRoutes } from './resources/review-numbers.ts'
import { reviewSamplingRoutes } from './resources/review-sampling.ts'
import { reviewRoutes } from './resources/reviews.ts'
import { reviewWorkRoutes } from './resources/review-work.ts'
import { revealRoutes } from './resources/reveal.ts'
import { cannedReplyRoutes } from './resources/canned-replies.ts'
import { campaignRoutes } from './resources/campaigns.ts'
import { surveyConsentRoutes } from './resources/survey-consents.ts'
import { reportRoutes } from './resources/reports.ts'
import { workReportRoutes } from './resources/work-reports.ts'
import { surveyRoutes } from './resources/surveys.ts'
import { spikeRoutes } from './resources/spikes.ts'
import { settingsRoutes } from './resources/settings.ts'
import { systemRoutes } from './resources/system.ts'
import { teamRoutes } from './resources/teams.ts'
import { ruleRoutes } from './resources/rules.ts'
import { ticketQueueRoutes } from './resources/ticket-queue.ts'
import { ticketHintRoutes } from './resources/ticket-hints.ts'
import { ticketRelationRoutes } from './resources/ticket-relations.ts'
import { ticketUpkeepRoutes } from './resources/ticket-upkeep.ts'
import { ticketRoutes } from './resources/tickets.ts'
import { verdictRoutes } from './resources/verdicts.ts'
import { understandingRoutes } from './resources/understanding.ts'
import { webhookRoutes } from './resources/webhooks.ts'

/** Every route of the public API. A new resource is one more list here. */
export const apiRoutes: readonly ApiRoute[] = [
  ...meRoutes,
  ...ticketRoutes,
  ...ticketUpkeepRoutes,
  ...ticketRelationRoutes,
  ...ticketHintRoutes,
  ...ticketQueueRoutes,
  ...teamRoutes,
  ...presenceRoutes,
  ...macroRoutes,
  ...cannedReplyRoutes,
  ...ruleRoutes,
  ...conversationRoutes,
  ...messageSearchRoutes,
  ...contactRoutes,
  ...alertRoutes,
  ...feedbackItemRoutes,
  ...feedbackThemeRoutes,
  ...feedbackReportRoutes,
  ...surveyRoutes,
  ...reviewFormRoutes,
  ...reviewSamplingRoutes,
  ...reviewRoutes,
  ...reviewWorkRoutes,
  ...reviewNumberRoutes,
  ...coachingRoutes,
  ...campaignRoutes,
  ...surveyConsentRoutes,
  ...reportRoutes,
  ...workReportRoutes,
  ...complaintRoutes,
  ...complaintWorkRoutes,
  ...complaintIdentityRoutes,
  ...incidentRoutes,
  ...incidentTellingRoutes,
  ...spikeRoutes,
  ...knowledgeArticleRoutes,
  ...knowledgeDraftRoutes,
  ...knowledgeVersionRoutes,
  ...knowledgeScheduleRoutes,
  ...knowledgeExchangeRoutes,
  ...knowledgeProposalRoutes,
  ...knowledgeHelpRoutes,
  ...knowledgeSearchRoutes,
  ...verdictRoutes,
  ...helpVoteRoutes,
  ...eventRoutes,
  ...webhookRoutes,
  ...keyRoutes,
  ...agentRoutes,
  ...invitationRoutes,
  ...auditRoutes,
  ...revealRoutes,
  ...contactExportRoutes,
  ...erasureRoutes,
  ...legalHoldRoutes,
  ...systemRoutes,
  ...calendarRoutes,
  ...settingsRoutes,
  ...understandingRoutes,
]
