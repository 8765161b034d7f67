/** agent < senior < supervisor < admin; editors and auditors stand beside the ladder. */
export type Role = 'agent' | 'senior' | 'supervisor' | 'editor' | 'admin' | 'auditor'
export const roles: readonly Role[] = ['agent', 'senior', 'supervisor', 'editor', 'admin', 'auditor']

/** What a role may do; routes name the permission, this table gives it. */
export type Permission =
  | 'ticket.read'
  | 'ticket.take'
  | 'ticket.reply'
  | 'ticket.note'
  | 'ticket.handback'
  | 'ticket.solve'
  | 'ticket.take-over'
  /** What a ticket says of itself, whether it waits, and what belongs to it. */
  | 'ticket.change'
  | 'media.read'
  /** How the product itself fares, and when work is done. */
  | 'system.read'
  /** Giving failed work another try, importing holidays. */
  | 'system.manage'
  | 'inbox.read'
  | 'contact.read'
  | 'contact.change'
  | 'contact.merge'
  | 'inbox.resume'
  /** Teams, who is in them and there, and what waits. */
  | 'team.read'
  /** Teams and their members, and the presence of others. */
  | 'team.manage'
  /** Addresses of contacts in full. */
  | 'contact.reveal'
  /** Macros, and what they would do; applying one is changing a ticket. */
  | 'macro.read'
  | 'macro.manage'
  /** Canned replies: those of the team, and one's own. */
  | 'canned.read'
  /** One's own. */
  | 'canned.write'
  /** Those of the team. */
  | 'canned.manage'
  /** Views of tickets that everybody has. */
  | 'view.share'
  /** What is done by itself. */
  | 'rule.read'
  | 'rule.manage'
  /** What contacts suggest. */
  | 'feedback.read'
  /** Themes, their status, and telling those who asked. */
  | 'feedback.manage'
  /** How satisfied contacts are. */
  | 'survey.read'
  /** Everybody's reviews, and their numbers. */
  | 'quality.read'
  /** Reviewing, deciding on disputes of others' reviews, coaching. */
  | 'quality.review'
  /** Forms, what is reviewed by rule, and any review. */
  | 'quality.manage'
  /** Campaigns, and consent that was given elsewhere. */
  | 'survey.manage'
  /** How work fares: numbers, and none about one person. */
  | 'report.read'
  /** Incidents, and the spikes that may be some. */
  | 'incident.read'
  /** Declaring, telling and closing them. */
  | 'incident.manage'
  /** Articles with their drafts and versions. */
  | 'knowledge.read'
  /** Live articles as contacts find them, what the bot would answer, and vectors of texts. */
  | 'knowledge.search'
  /** Drafts, and reviewing those of others. */
  | 'knowledge.edit'
  /** Making drafts live, and taking versions back. */
  | 'knowledge.publish'
  | 'event.read'
  | 'webhook.manage'
  | 'key.manage'
  /** The people who may sign in. */
  | 'agent.read'
  /** Inviting and changing them, and how they sign in. */
  | 'agent.manage'
  /** Who did what. */
  | 'audit.read'
  /** Personal data in full, which is masked otherwise; each time with a reason that is recorded. */
  | 'personal.reveal'
  /** Copies and erasures of contacts, and what is held: reading of it. */
  | 'privacy.read'
  /** To copy and to erase what is known of a contact, and to hold it. */
  | 'privacy.manage'
  | 'complaint.read'
  /** Everything on a case but to decide it. */
  | 'complaint.work'
  | 'complaint.decide'
  /** To be the second person of a decision that needs two. */
  | 'complaint.approve'
  /** To say what became of an action. */
  | 'complaint.act'

const reading: readonly Permission[] = [
  'ticket.read',
  'media.read',
  'inbox.read',
  'contact.read',
  'contact.reveal',
  'event.read',
  'team.read',
  'macro.read',
  'canned.read',
  'rule.read',
  'feedback.read',
  'complaint.read',
  'incident.read',
  'knowledge.read',
  'knowledge.search',
]
const working: readonly Permission[] = [
  ...reading,
  'ticket.take',
  'ticket.reply',
  'ticket.note',
  'ticket.handback',
  'ticket.solve',
  'ticket.change',
  'contact.change',
  'contact.merge',
  'canned.write',
  'complaint.work',
  'personal.reveal',
]
const deciding: readonly Permission[] = [
  ...working,
  'canned.manage',
  'view.share',
  'complaint.decide',
  'quality.review',
]
const leading: readonly Permission[] = [
  ...deciding,
  'complaint.approve',
  'ticket.take-over',
  'system.read',
  'agent.read',
  'inbox.resume',
  'team.manage',
  'macro.manage',
  'rule.manage',
  'feedback.manage',
  'survey.read',
  'quality.read',
  'quality.manage',
  'survey.manage',
  'report.read',
  'incident.manage',
  'knowledge.edit',
  'knowledge.publish',
]
const ruling: readonly Permission[] = [
  ...leading,
  'webhook.manage',
  'key.manage',
  'agent.manage',
  'complaint.act',
  'audit.read',
  'privacy.read',
  'privacy.manage',
  'system.manage',
]

/** Deny by default: what is not listed is refused. */
export const permissions: Readonly<Record<Role, readonly Permission[]>> = {
  agent: working,
  senior: deciding,
  supervisor: leading,
  editor: ['knowledge.read', 'knowledge.search', 'knowledge.edit'],
  admin: ruling,
  auditor: [
    ...reading,
    'system.read',
    'agent.read',
    'survey.read',
    'quality.read',
    'report.read',
    'audit.read',
    'privacy.read',
  ],
}

/** A person who works tickets. */
export interface Agent {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

/** The people who may sign in. */
export interface AgentDirectory {
  /** All agents, by name. */
  list(): Promise<readonly Agent[]>
  /** Mail addresses are compared without case. */
  findByEmail(email: string): Promise<Agent | undefined>
  /** Throws `conflict` when the address is taken. */
  create(agent: { readonly name: string; readonly email: string; readonly role: Role }): Promise<Agent>
  count(): Promise<number>
  /** Changes what an agent may do and ends all sessions of theirs. Throws `not_found`. */
  setRole(agentId: string, role: Role): Promise<Agent>
}
