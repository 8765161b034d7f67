import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { ReviewForm, ReviewFormFacts, ReviewFormStore } from '../core/review-form.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'

const fields = `f.id, f.subject, f.state, n.number, n.name, n.groups, n.criteria, f.created_at as "createdAt",
  f.updated_at as "updatedAt", f.version`
const listAll = `
select ${fields} from review_forms f join review_form_numbers n on n.form_id = f.id and n.number = f.number
order by (f.state = 'retired'), n.name ->> 'zh', f.id`
const findOne = `
select ${fields} from review_forms f
join review_form_numbers n on n.form_id = f.id and n.number = coalesce($2::int, f.number) where f.id = $1`

type FormRow = ReviewForm & Row

const find = async (query: Query, id: string, number?: number): Promise<ReviewForm> => {
  const [row] = validate(id) ? await query<FormRow>(findOne, [id, number]) : []
  if (row !== undefined) return row
  throw new TongdaError(
    'not_found',
    'there is no such review form, or it has no such number; load the list again',
  )
}

const insertForm = `
insert into review_forms (id, subject, state, number, created_at, updated_at) values ($1, $2, $3, 1, $4, $4)
on conflict (id) do nothing returning id`
const insertNumber = `
insert into review_form_numbers (form_id, number, name, groups, criteria, created_at)
values ($1, $2, $3::jsonb, $4::jsonb, $5::jsonb, $6)`

const addNumber = async (
  query: Query,
  { id, number }: { readonly id: string; readonly number: number },
  { name, groups, criteria }: ReviewFormFacts,
  now: Date,
): Promise<void> => {
  await query(insertNumber, [id, number, toJson(name), toJson(groups), toJson(criteria), now])
}

const stale = (version: number, yours: number): TongdaError =>
  new TongdaError('conflict', 'the form was changed meanwhile; look at what is new, then try again', {
    version,
    yours,
  })

/** Holds the form until the end of the transaction. */
const lock = async (query: Query, id: string, expected: number): Promise<ReviewForm> => {
  if (validate(id)) await query('select id from review_forms where id = $1 for update', [id])
  const form = await find(query, id)
  if (form.version !== expected) throw stale(form.version, expected)
  return form
}

const moveOn = `
update review_forms set number = $2, state = $3, updated_at = $4, version = version + 1 where id = $1`

/** Forms on one database. */
export const createReviewFormStore = (database: Database): ReviewFormStore => ({
  list: () => database.query<FormRow>(listAll),
  get: (id, number) => find(database.query, id, number),
  create: ({ id, state, ...facts }, now) =>
    database.transaction(async (query) => {
      const [made] = await query(insertForm, [id, facts.subject, state, now])
      if (made !== undefined) await addNumber(query, { id, number: 1 }, facts, now)
      return find(query, id)
    }),
  rewrite: (id, facts, expectedVersion, now) =>
    database.transaction(async (query) => {
      const form = await lock(query, id, expectedVersion)
      const number = form.number + 1
      await addNumber(query, { id, number }, facts, now)
      await query(moveOn, [id, number, form.state, now])
      return find(query, id)
    }),
  setState: (id, state, expectedVersion, now) =>
    database.transaction(async (query) => {
      const { number } = await lock(query, id, expectedVersion)
      await query(moveOn, [id, number, state, now])
      return find(query, id)
    }),
})
