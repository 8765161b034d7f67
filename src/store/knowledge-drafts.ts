import { validate } from 'uuid'
import type { Draft, DraftChange, DraftState, DraftStore, NewDraft } from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import { toJson, type Database, type Query } from './database.ts'
import { checkVersion } from './check-version.ts'
import { keyedId } from './keyed-id.ts'
import { toDraft, type DraftRow } from './knowledge-rows.ts'
import { recordEvents } from './record-event.ts'

const noDraft = (): TongdaError => new TongdaError('not_found', 'there is no such draft; load the list again')

const insertDraft = `
insert into knowledge_drafts (id, article_id, action, content, reason, state, author, source, base, base_version,
  file_hash, created_at, updated_at)
values ($1, $2, $3, $4::jsonb, $5, 'draft', $6::jsonb, $7::jsonb, $8, $9, $10, $11, $11)
on conflict (id) do nothing returning *`

const updateDraft = `
update knowledge_drafts set content = coalesce($2::jsonb, content), reason = coalesce($3, reason),
  state = coalesce($4, state), author = coalesce($5::jsonb, author),
  reviewer = case when $6 then $7::jsonb else reviewer end, note = case when $6 then $8 else note end,
  base = case when $9 then $10 else base end, base_version = coalesce($11, base_version),
  file_hash = case when $9 then $12 else file_hash end, updated_at = $13, version = version + 1
where id = $1 returning *`

const listDrafts = `
select * from knowledge_drafts
where ($1::text[] is null or state = any($1)) and ($2::text is null or article_id = $2) and ($3::uuid is null or id < $3)
order by id desc limit $4`

/** Tells systems outside how a draft stands. */
export const tellDrafts = (query: Query, drafts: readonly Draft[], now: Date): Promise<void> =>
  recordEvents(
    query,
    drafts.map(({ id, articleId, action, state, version }) => ({
      type: 'knowledge.draft-changed',
      at: now,
      data: { draftId: id, articleId, action, state, version },
    })),
  )

const json = (value: unknown): string | null => (value === undefined ? null : toJson(value))

const addDraft = async (query: Query, id: string, draft: NewDraft, now: Date): Promise<Draft> => {
  const { articleId, action, content, reason, author, source, base, baseVersion, fileHash } = draft
  const facts = [articleId, action, json(content), reason, toJson(author), json(source)]
  const [row] = await query<DraftRow>(insertDraft, [id, ...facts, base, baseVersion, fileHash, now])
  if (row === undefined) return findDraft(query, id)
  const made = toDraft(row)
  await tellDrafts(query, [made], now)
  return made
}

const findDraft = async (query: Query, id: string, lock = ''): Promise<Draft> => {
  const [row] = validate(id)
    ? await query<DraftRow>(`select * from knowledge_drafts where id = $1 ${lock}`, [id])
    : []
  if (row === undefined) throw noDraft()
  return toDraft(row)
}

const refusals: Readonly<Record<DraftState, string>> = {
  draft: 'this draft was not submitted for review yet; submit it first',
  'in-review': 'this draft is in review; return it before you change it',
  approved: 'this draft is approved; return it before you change it',
  published: 'this draft is published; write another one',
  discarded: 'this draft was discarded; write another one',
}

/** Finds and locks a draft that may be written; throws `conflict` when it has moved on. */
export const lockDraft = async (
  query: Query,
  id: string,
  { from, version }: { readonly from: readonly DraftState[]; readonly version?: number | undefined },
): Promise<Draft> => {
  const draft = await findDraft(query, id, 'for update')
  checkVersion(draft.version, version)
  if (!from.includes(draft.state))
    throw new TongdaError('conflict', refusals[draft.state], { state: draft.state, version: draft.version })
  return draft
}

const write = async (query: Query, id: string, change: DraftChange, now: Date): Promise<Draft> => {
  const { content, reason, state, reviewer, note, author } = change
  const isReview = state !== undefined
  const isRebase = change.baseVersion !== undefined
  const [row] = await query<DraftRow>(updateDraft, [
    ...[id, json(content), reason, state, json(author)],
    ...[isReview, json(reviewer), note],
    ...[isRebase, change.base, change.baseVersion, change.fileHash, now],
  ])
  if (row === undefined) throw noDraft()
  const written = toDraft(row)
  await tellDrafts(query, [written], now)
  return written
}

/** The drafts of one database. */
export const createDraftStore = (database: Database): DraftStore => ({
  list: async ({ states, articleId }, { after, limit }) =>
    (await database.query<DraftRow>(listDrafts, [states, articleId, after, limit])).map(toDraft),
  get: (id) => findDraft(database.query, id),
  create: (drafts, now, idempotencyKey) =>
    database.transaction(async (inside) => {
      const made: Draft[] = []
      for (const [at, draft] of drafts.entries()) {
        const key = idempotencyKey === undefined ? undefined : `${idempotencyKey}:draft:${String(at)}`
        made.push(await addDraft(inside, keyedId(key), draft, now))
      }
      return made
    }),
  write: (id, change, { from, version, now }) =>
    database.transaction(async (inside) => {
      await lockDraft(inside, id, { from, version })
      return write(inside, id, change, now)
    }),
})
