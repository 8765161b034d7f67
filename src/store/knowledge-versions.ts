import { v7 as uuid } from 'uuid'
import type {
  KnowledgeVersion,
  Overlay,
  PublishedState,
  VersionPlan,
  VersionReading,
  VersionWriting,
} from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { lockDraft, tellDrafts } from './knowledge-drafts.ts'
import {
  toDraft,
  toOverlay,
  toVersion,
  versionColumns,
  type ChangedVersionRow,
  type DraftRow,
  type OverlayRow,
  type VersionRow,
} from './knowledge-rows.ts'
import { recordEvents } from './record-event.ts'

const overlaysAt = `
select article_id, content, file_hash from knowledge_overlays
where from_version <= $1 and (until_version is null or until_version > $1) order by article_id`

/** Number and overlays in one statement: both of the same moment. */
const readCurrent = `
select v.number, o.article_id, o.content, o.file_hash
from (select coalesce(max(number), 0)::int as number from knowledge_versions) v
left join knowledge_overlays o on o.until_version is null order by o.article_id`

const insertVersion = `
insert into knowledge_versions (number, kind, at, by, reason, override, restored, changes, evaluation, content_hash,
  idempotency_key)
values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8::jsonb, $9::jsonb, $10, $11)`

const endOverlays = `
update knowledge_overlays set until_version = $1 where until_version is null and article_id = any($2)`
const insertOverlays = `
insert into knowledge_overlays (id, article_id, content, file_hash, from_version)
select x.id, x.article_id, x.content, x.file_hash, $1
from jsonb_to_recordset($2::jsonb) as x(id uuid, article_id text, content jsonb, file_hash text)`
const publishDrafts = `
update knowledge_drafts set state = 'published', published_in = $2, updated_at = $3, version = version + 1
where id = any($1::uuid[]) returning *`

/** Versions are made by one transaction at a time. */
const lockKey = 7_466_341

const noVersion = (): TongdaError =>
  new TongdaError('not_found', 'there is no such knowledge version; load the list again')

const newest = async (query: Query): Promise<number> => {
  const [row] = await query<{ number: number }>(
    'select coalesce(max(number), 0)::int as number from knowledge_versions',
  )
  return row?.number ?? 0
}

const findVersion = async (
  query: Query,
  where: string,
  value: unknown,
): Promise<KnowledgeVersion | undefined> => {
  const [row] = await query<ChangedVersionRow>(
    `select ${versionColumns}, changes from knowledge_versions where ${where} = $1`,
    [value],
  )
  return row === undefined ? undefined : { ...toVersion(row), changes: row.changes }
}

const getVersion = async (query: Query, number: number): Promise<KnowledgeVersion> => {
  const found = await findVersion(query, 'number', number)
  if (found === undefined) throw noVersion()
  return found
}

interface CurrentRow extends Row {
  readonly number: number
  readonly article_id: string | null
  readonly content: OverlayRow['content']
  readonly file_hash: string | null
}

const current = async (query: Query): Promise<PublishedState> => {
  const rows = await query<CurrentRow>(readCurrent)
  return {
    number: rows[0]?.number ?? 0,
    overlays: rows.flatMap(({ article_id, content, file_hash }): Overlay[] =>
      article_id === null ? [] : [toOverlay({ article_id, content, file_hash })],
    ),
  }
}

const layOver = async (query: Query, number: number, overlays: VersionPlan['overlays']): Promise<void> => {
  await query(endOverlays, [number, overlays.map(({ articleId }) => articleId)])
  const rows = overlays.flatMap((one) =>
    'none' in one
      ? []
      : [
          {
            id: uuid(),
            article_id: one.articleId,
            content: one.content ?? null,
            file_hash: one.fileHash ?? null,
          },
        ],
  )
  await query(insertOverlays, [number, toJson(rows)])
}

const takeDrafts = async (
  query: Query,
  drafts: VersionPlan['drafts'],
  { number, now }: { readonly number: number; readonly now: Date },
): Promise<void> => {
  for (const { id, version } of drafts)
    await lockDraft(query, id, { from: ['draft', 'in-review', 'approved'], version })
  const rows = await query<DraftRow>(publishDrafts, [drafts.map(({ id }) => id), number, now])
  await tellDrafts(query, rows.map(toDraft), now)
}

const publish = async (
  query: Query,
  plan: VersionPlan,
  now: Date,
  idempotencyKey: string | undefined,
): Promise<KnowledgeVersion> => {
  await query('select pg_advisory_xact_lock($1)', [lockKey])
  const known =
    idempotencyKey === undefined ? undefined : await findVersion(query, 'idempotency_key', idempotencyKey)
  if (known !== undefined) return known
  const before = await newest(query)
  if (before !== plan.onNumber)
    throw new TongdaError('conflict', 'another version was published meanwhile; look at it, then try again', {
      current: before,
    })
  const number = before + 1
  const { kind, by, reason, override, restored, changes, evaluation, contentHash } = plan
  await query(insertVersion, [
    ...[number, kind, now, toJson(by), reason, override, restored, toJson(changes)],
    ...[evaluation === undefined ? null : toJson(evaluation), contentHash, idempotencyKey],
  ])
  await layOver(query, number, plan.overlays)
  await takeDrafts(query, plan.drafts, { number, now })
  const articles = changes.map(({ articleId }) => articleId).slice(0, 100)
  await recordEvents(query, [
    { type: 'knowledge.published', at: now, data: { number, kind, articles, changed: changes.length } },
  ])
  return getVersion(query, number)
}

/** The knowledge versions of one database. */
export const createVersionStore = (database: Database): VersionReading & VersionWriting => ({
  current: () => current(database.query),
  stateAt: async (number) => {
    // The state before the first version is one, too: the files alone.
    if (number !== 0) await getVersion(database.query, number)
    return { number, overlays: (await database.query<OverlayRow>(overlaysAt, [number])).map(toOverlay) }
  },
  list: async ({ before, limit }) => {
    const rows = await database.query<VersionRow>(
      `select ${versionColumns} from knowledge_versions where $1::int is null or number < $1 order by number desc limit $2`,
      [before, limit],
    )
    return rows.map(toVersion)
  },
  get: (number) => getVersion(database.query, number),
  madeBy: (idempotencyKey) => findVersion(database.query, 'idempotency_key', idempotencyKey),
  publish: (plan, now, idempotencyKey) =>
    database.transaction((inside) => publish(inside, plan, now, idempotencyKey)),
})
