import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at } from './schema-columns.ts'

/** Edits of articles, from the first word to being published. */
export const knowledgeDrafts = pgTable(
  'knowledge_drafts',
  {
    id: uuid('id').primaryKey(),
    articleId: text('article_id').notNull(),
    /** `save`, `retire` or `use-file`. */
    action: text('action').notNull(),
    /** The whole article, for `save`. */
    content: jsonb('content'),
    reason: text('reason').notNull(),
    /** `draft`, `in-review`, `approved`, `published` or `discarded`. */
    state: text('state').notNull(),
    author: jsonb('author').notNull(),
    reviewer: jsonb('reviewer'),
    note: text('note'),
    /** What made it, when no person wrote it by hand. */
    source: jsonb('source'),
    /** Hash of the article as it was live, and of its file, when this was written. */
    base: text('base'),
    baseVersion: integer('base_version').notNull(),
    fileHash: text('file_hash'),
    publishedIn: integer('published_in'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('knowledge_drafts_state').on(table.state, table.id),
    index('knowledge_drafts_article').on(table.articleId),
  ],
)

/** States of what is published, one after the other. */
export const knowledgeVersions = pgTable(
  'knowledge_versions',
  {
    number: integer('number').primaryKey(),
    /** `publish` or `rollback`. */
    kind: text('kind').notNull(),
    at: at('at').notNull(),
    by: jsonb('by').notNull(),
    reason: text('reason').notNull(),
    /** Why it was published although the evaluation spoke against it. */
    override: text('override'),
    /** The version whose state it has again. */
    restored: integer('restored'),
    /** Articles before and after. */
    changes: jsonb('changes').notNull(),
    evaluation: jsonb('evaluation'),
    contentHash: text('content_hash').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (table) => [uniqueIndex('knowledge_versions_key').on(table.idempotencyKey)],
)

/** What lies over the files: from one version on, until another. */
export const knowledgeOverlays = pgTable(
  'knowledge_overlays',
  {
    id: uuid('id').primaryKey(),
    articleId: text('article_id').notNull(),
    /** The whole article; null: it is retired. */
    content: jsonb('content'),
    /** Hash of the file it was written over; null: there was none. */
    fileHash: text('file_hash'),
    fromVersion: integer('from_version').notNull(),
    /** The version in which it ended; null: it is in use. */
    untilVersion: integer('until_version'),
  },
  (table) => [
    uniqueIndex('knowledge_overlays_in_use')
      .on(table.articleId)
      .where(sql`until_version is null`),
    index('knowledge_overlays_versions').on(table.fromVersion, table.untilVersion),
  ],
)

/** Drafts measured against what was live. */
export const knowledgeEvaluations = pgTable(
  'knowledge_evaluations',
  {
    id: uuid('id').primaryKey(),
    /** `waiting`, `done` or `failed`. */
    state: text('state').notNull(),
    draftIds: uuid('draft_ids').array().notNull(),
    /** Stands for exactly these contents on exactly this version. */
    fingerprint: text('fingerprint').notNull(),
    questions: text('questions').array().notNull(),
    whole: boolean('whole').notNull(),
    by: jsonb('by').notNull(),
    createdAt: at('created_at').notNull(),
    doneAt: at('done_at'),
    result: jsonb('result'),
    failure: text('failure'),
  },
  (table) => [index('knowledge_evaluations_fingerprint').on(table.fingerprint, table.doneAt)],
)

/** Files that were read into drafts. */
export const knowledgeImports = pgTable('knowledge_imports', {
  id: uuid('id').primaryKey(),
  /** `csv`, `xlsx` or `markdown`. */
  format: text('format').notNull(),
  name: text('name').notNull(),
  /** `read`, `applied` or `undone`. */
  state: text('state').notNull(),
  /** What each row would do. */
  rows: jsonb('rows').notNull(),
  draftIds: uuid('draft_ids').array().notNull(),
  by: jsonb('by').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
  version: integer('version').notNull().default(1),
})

/** Drafts that are published at a moment. */
export const knowledgeSchedules = pgTable(
  'knowledge_schedules',
  {
    id: uuid('id').primaryKey(),
    draftIds: uuid('draft_ids').array().notNull(),
    dueAt: at('due_at').notNull(),
    reason: text('reason').notNull(),
    override: text('override'),
    by: jsonb('by').notNull(),
    /** `waiting`, `published`, `failed` or `cancelled`. */
    state: text('state').notNull(),
    /** Why it could not be published. */
    failure: text('failure'),
    publishedIn: integer('published_in'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('knowledge_schedules_due').on(table.dueAt, table.id)],
)
