import type { KeptSpace, SuggestionVectors } from '../core/suggestions.ts'
import { toJson, type Database, type Row } from './database.ts'
import { packVector } from './feedback-rows.ts'

const newest =
  'select id, maker, dimensions, data from feedback_spaces order by created_at desc, id desc limit 1'

const keepSpace = `
insert into feedback_spaces (id, maker, dimensions, data, created_at) values ($1, $2, $3, $4::jsonb, $5)`

const anyLoose =
  'select exists (select from feedback_items where theme_id is null and discarded_at is null) as loose'

/** Those that wait for a theme first. */
const lacking = `
select id, sentence as text from feedback_items
where discarded_at is null and space_id is distinct from $1 and sentence <> '' order by theme_id is not null, id limit $2`

const keep = `
with given as (
  select * from jsonb_to_recordset($2::jsonb) as x(id uuid, vector text)
), kept as (
  update feedback_items i set vector = decode(g.vector, 'base64'), space_id = $1
  from given g where i.id = g.id and i.discarded_at is null returning i.theme_id
)
update feedback_themes t set sum = null where t.id in (select theme_id from kept where theme_id is not null)`

/** Vectors and spaces on one database. */
export const createSuggestionVectors = ({ query }: Database): SuggestionVectors => ({
  space: async () => (await query<KeptSpace & Row>(newest))[0],
  keepSpace: async ({ id, maker, dimensions, data }, now) => {
    await query(keepSpace, [id, maker, dimensions, toJson(data), now])
  },
  anyLoose: async () => (await query<{ loose: boolean }>(anyLoose))[0]?.loose ?? false,
  lacking: (spaceId, limit) => query<{ id: string; text: string } & Row>(lacking, [spaceId, limit]),
  keep: async (spaceId, vectors) => {
    const rows = vectors.map(({ id, vector }) => ({ id, vector: packVector(vector) }))
    await query(keep, [spaceId, toJson(rows)])
  },
})
