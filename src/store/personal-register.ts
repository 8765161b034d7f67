import { askedTables } from './personal-asked.ts'
import { learnedTables } from './personal-learned.ts'
import { saidTables } from './personal-said.ts'
import type { PersonalTables } from './personal-table.ts'
import { workTables } from './personal-work.ts'

/**
 * What is known of contacts, table by table, in the order in which it is erased. A test holds it against the database: a
 * table or column that nobody declared fails it.
 */
export const personalTables: PersonalTables = {
  ...learnedTables,
  ...saidTables,
  ...askedTables,
  ...workTables,
}

/** Tables in which nothing of contacts stands, and what stands there instead. */
export const otherTables: Readonly<Record<string, string>> = {
  // Numbers and ids.
  note_mentions: 'which agent was mentioned on which ticket; ids',
  answer_verdicts: 'what agents found of answers; ids',
  agent_reads: 'how far agents have read; numbers, and go with the conversation',
  alerts: 'which agent was told of which ticket; ids',
  queue_exits: 'when tickets left a queue; ids',
  ticket_links: 'pairs of tickets; ids',
  incident_tickets: 'tickets under incidents; ids',
  incident_counts: 'numbers',
  work_review_scores: 'numbers',
  complaint_groups: 'how often an object was reported; goes with its last report',
  spike_proposals: 'numbers, and the words of supervisors about them',
  spike_watch: 'numbers',
  help_votes: 'numbers, by article and day',
  review_draws: 'numbers',
  feedback_spaces: 'how meanings are compared; learned from articles',
  erased_messages: 'hashes of keys, for a month',
  event_readers: 'places in the log',
  inbox_cursors: 'places in what providers keep',
  inbox_pauses: 'until when inboxes wait',
  model_calls: 'what calls of language models took; numbers and ids of conversations, for 90 days',
  node_inboxes: 'how inboxes fare on nodes',
  // Files: the rows hold no words; those of contacts are deleted with their bytes.
  media: 'type, size and hash of files; goes with what names it',
  // What is needed for proof.
  audit_log:
    'ids and acts; reasons are masked when they are written; append-only, retired after privacy.auditDays',
  contact_erasures:
    'ids and numbers; reasons are masked when they are written; proves that a wish was followed',
  idempotent_requests: 'sealed answers, forgotten after a day',
  // The brand's own words.
  macros: 'the brand’s own words',
  canned_replies: 'the brand’s own words',
  ticket_rules: 'the brand’s own words',
  teams: 'the brand’s own words',
  incidents: 'the brand’s own words',
  incident_updates: 'the brand’s own words',
  incident_history: 'the brand’s own words',
  feedback_history: 'what people did to themes',
  review_forms: 'the brand’s own words',
  review_form_numbers: 'the brand’s own words',
  review_rules: 'the brand’s own words',
  survey_campaigns: 'the brand’s own words; ids of contacts at most',
  survey_campaign_history: 'what people did to campaigns',
  knowledge_drafts:
    'the brand’s own words; what is taken over from questions, or written from tickets, was masked before',
  knowledge_versions: 'the brand’s own words',
  knowledge_overlays: 'the brand’s own words',
  knowledge_imports: 'the brand’s own words',
  knowledge_schedules: 'the brand’s own words',
  knowledge_pairs: 'ids and hashes of articles',
  knowledge_contradictions: 'the brand’s own words; remarks of a model that saw articles alone',
  knowledge_checks: 'numbers',
  knowledge_refusals: 'ids and hashes of articles',
  calendar_sets: 'public holidays',
  calendar_exceptions: 'public holidays',
  // The brand's own people and programs.
  agents: 'the brand’s own people',
  sessions: 'the brand’s own people',
  sign_in_links: 'the brand’s own people',
  sign_in_challenges: 'the brand’s own people',
  second_factors: 'the brand’s own people',
  recovery_codes: 'the brand’s own people',
  agent_identities: 'the brand’s own people',
  provider_attempts: 'ways of the brand’s own people to sign in, for minutes',
  invitations: 'the brand’s own people',
  presence: 'the brand’s own people',
  ticket_views: 'which tickets the brand’s own people look at, in their own words',
  agent_preferences: 'keys and notices of the brand’s own people',
  push_subscriptions: 'browsers of the brand’s own people; addresses and keys sealed',
  push_told: 'which agent was told of which ticket; ids',
  team_members: 'the brand’s own people',
  api_keys: 'programs',
  webhook_endpoints: 'programs',
  secrets: 'sealed keys of the product',
}
