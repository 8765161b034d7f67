import type { Permission } from './agent.ts'
import { permissions } from './agent.ts'

/** What a key was made for; each scope stands for permissions, as a role does. */
export const scopes = [
  'tickets:read',
  'tickets:write',
  'contacts:read',
  'contacts:reveal',
  'contacts:write',
  'inboxes:read',
  'events:read',
  'teams:read',
  'teams:manage',
  'rules:read',
  'rules:manage',
  'feedback:read',
  'feedback:manage',
  'surveys:read',
  'quality:read',
  'quality:manage',
  'surveys:manage',
  'reports:read',
  'incidents:read',
  'incidents:manage',
  'knowledge:search',
  'knowledge:read',
  'knowledge:manage',
  'webhooks:manage',
  'keys:manage',
  'agents:read',
  'agents:manage',
  'complaints:read',
  'complaints:write',
  'complaints:act',
  'audit:read',
  'personal:reveal',
  'privacy:read',
  'privacy:manage',
  'system:read',
  'system:manage',
  'admin',
] as const
export type Scope = (typeof scopes)[number]

/** Deny by default: what no scope of a key lists is refused. */
export const scopePermissions: Readonly<Record<Scope, readonly Permission[]>> = {
  'tickets:read': ['ticket.read', 'media.read'],
  'tickets:write': [
    'ticket.take',
    'ticket.reply',
    'ticket.note',
    'ticket.handback',
    'ticket.solve',
    'ticket.take-over',
    'ticket.change',
  ],
  'contacts:read': ['contact.read'],
  'contacts:reveal': ['contact.read', 'contact.reveal'],
  'contacts:write': ['contact.read', 'contact.change', 'contact.merge'],
  'inboxes:read': ['inbox.read'],
  'events:read': ['event.read'],
  'teams:read': ['team.read'],
  'teams:manage': ['team.read', 'team.manage'],
  'rules:read': ['macro.read', 'canned.read', 'rule.read'],
  'rules:manage': [
    'macro.read',
    'macro.manage',
    'canned.read',
    'canned.write',
    'canned.manage',
    'rule.read',
    'rule.manage',
  ],
  'feedback:read': ['feedback.read'],
  'feedback:manage': ['feedback.read', 'feedback.manage'],
  'surveys:read': ['survey.read'],
  'quality:read': ['ticket.read', 'quality.read'],
  'quality:manage': ['ticket.read', 'quality.read', 'quality.review', 'quality.manage'],
  'surveys:manage': ['survey.read', 'survey.manage'],
  'reports:read': ['report.read'],
  'incidents:read': ['incident.read'],
  'incidents:manage': ['incident.read', 'incident.manage'],
  'knowledge:search': ['knowledge.search'],
  'knowledge:read': ['knowledge.read', 'knowledge.search'],
  'knowledge:manage': ['knowledge.read', 'knowledge.search', 'knowledge.edit', 'knowledge.publish'],
  'webhooks:manage': ['webhook.manage'],
  'keys:manage': ['key.manage'],
  'agents:read': ['agent.read'],
  'agents:manage': ['agent.read', 'agent.manage'],
  'complaints:read': ['complaint.read'],
  'complaints:write': ['complaint.read', 'complaint.work'],
  'complaints:act': ['complaint.act'],
  'audit:read': ['audit.read'],
  'personal:reveal': ['personal.reveal'],
  'privacy:read': ['privacy.read'],
  'privacy:manage': ['privacy.read', 'privacy.manage'],
  'system:read': ['system.read'],
  'system:manage': ['system.read', 'system.manage'],
  admin: permissions.admin,
}

/** A key of the public API. Its token is shown once; only a hash is kept. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  /** How the token begins: finds a key that was seen somewhere. */
  readonly prefix: string
  readonly scopes: readonly Scope[]
  /** An agent's id, or `command-line`. */
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt?: Date
  /** To the minute. */
  readonly lastUsedAt?: Date
  readonly revokedAt?: Date
}

/** A key to be kept. */
export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt?: Date
  readonly prefix: string
  readonly tokenHash: string
  /** Creating with the same key again gives the same API key a new token instead of making a second one. */
  readonly idempotencyKey?: string
}

/** The keys of the public API. */
export interface ApiKeyStore {
  create(key: NewApiKey): Promise<ApiKey>
  /** All keys, the newest first; revoked and expired ones too. */
  list(): Promise<readonly ApiKey[]>
  /** The key however old it is, revoked or not. */
  find(tokenHash: string): Promise<ApiKey | undefined>
  touch(id: string, now: Date): Promise<void>
  /** Ends a key for good; revoking it again changes nothing. Throws `not_found`. */
  revoke(id: string, now: Date): Promise<ApiKey>
}
