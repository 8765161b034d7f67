import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/**
 * Who did what. A trigger numbers and chains the lines, and refuses every other change; see the migration
 * `audit-append-only`.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    /** Without a gap: given by the trigger. */
    seq: bigint('seq', { mode: 'number' }).primaryKey().default(0),
    at: at('at').notNull().defaultNow(),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id').notNull(),
    act: text('act').notNull(),
    objectKind: text('object_kind'),
    objectId: text('object_id'),
    address: text('address'),
    reason: text('reason'),
    detail: jsonb('detail').notNull(),
    /** The hash of the line before; empty for the first. */
    previous: text('previous').notNull().default(''),
    hash: text('hash').notNull().default(''),
  },
  (table) => [
    index('audit_log_object').on(table.objectId, table.seq),
    index('audit_log_actor').on(table.actorId, table.seq),
    index('audit_log_act').on(table.act, table.seq),
    index('audit_log_at').on(table.at),
  ],
)
