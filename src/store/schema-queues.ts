import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'
import { agents } from './schema.ts'

/** People who work the same tickets. A removed team stays for the tickets that name it. */
export const teams = pgTable(
  'teams',
  {
    id: uuid('id').primaryKey(),
    nameZh: text('name_zh').notNull(),
    nameEn: text('name_en').notNull(),
    /** `leastLoaded` or `roundRobin`. */
    spread: text('spread').notNull(),
    /** Takes what no other team does. */
    isDefault: boolean('is_default').notNull(),
    /** Which tickets it takes; empty: any. */
    kinds: text('kinds').array().notNull(),
    topics: text('topics').array().notNull(),
    priorities: text('priorities').array().notNull(),
    channels: text('channels').array().notNull(),
    /** The skill that tickets of a topic need, by topic. */
    skills: jsonb('skills').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    retiredAt: at('retired_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('teams_default')
      .on(table.isDefault)
      .where(sql`is_default and retired_at is null`),
  ],
)

/** Who is in which team, as what, and when the team last gave them a ticket. */
export const teamMembers = pgTable(
  'team_members',
  {
    teamId: uuid('team_id')
      .notNull()
      .references(() => teams.id),
    agentId: text('agent_id')
      .notNull()
      .references(() => agents.id),
    grade: text('grade').notNull(),
    skills: text('skills').array().notNull(),
    lastAssignedAt: at('last_assigned_at'),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.agentId] }),
    index('team_members_agent').on(table.agentId),
  ],
)

/** Whether agents are there. */
export const presence = pgTable('presence', {
  agentId: text('agent_id')
    .primaryKey()
    .references(() => agents.id),
  /** `online`, `busy`, `away` or `offline`. */
  availability: text('availability').notNull(),
  /** It came of silence; nobody said so. */
  automatic: boolean('automatic').notNull(),
  since: at('since').notNull(),
  seenAt: at('seen_at').notNull(),
  activeAt: at('active_at').notNull(),
})

/** When tickets left a team's queue for an agent: the pace that waits are told by. */
export const queueExits = pgTable(
  'queue_exits',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    teamId: uuid('team_id').notNull(),
    ticketId: uuid('ticket_id').notNull(),
    agentId: text('agent_id').notNull(),
    enteredAt: at('entered_at').notNull(),
    leftAt: at('left_at').notNull(),
  },
  (table) => [
    index('queue_exits_pace').on(table.teamId, table.leftAt),
    index('queue_exits_age').on(table.leftAt),
  ],
)
