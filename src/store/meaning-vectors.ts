import type { SuggestionVectors } from '../core/suggestions.ts'
import { toJson, type Database, type Row } from './database.ts'
import { packVector, type MeaningTables } from './meaning-tables.ts'

const statementsOn = ({ items, groups }: MeaningTables) => ({
  anyLoose: `select exists (select from ${items} where theme_id is null and discarded_at is null) as loose`,
  /** Those that wait for a group first. */
  lacking: `
select id, sentence as text from ${items}
where discarded_at is null and space_id is distinct from $1 and sentence <> ''
order by theme_id is not null, id limit $2`,
  /** Found by the index of those that wait. */
  lackingLoose: `
select id, sentence as text from ${items}
where theme_id is null and discarded_at is null and space_id is distinct from $1 and sentence <> ''
order by id limit $2`,
  keep: `
with given as (
  select * from jsonb_to_recordset($2::jsonb) as x(id uuid, vector text)
), kept as (
  update ${items} i set vector = decode(g.vector, 'base64'), space_id = $1
  from given g where i.id = g.id and i.discarded_at is null returning i.theme_id
)
update ${groups} t set sum = null where t.id in (select theme_id from kept where theme_id is not null)`,
})

/** Vectors of items on one database. */
export const createMeaningVectors = (
  { query }: Database,
  tables: MeaningTables,
): Pick<SuggestionVectors, 'anyLoose' | 'lacking' | 'keep'> => {
  const { anyLoose, lacking, lackingLoose, keep } = statementsOn(tables)
  return {
    anyLoose: async () => (await query<{ loose: boolean }>(anyLoose))[0]?.loose ?? false,
    lacking: (spaceId, limit, among) =>
      query<{ id: string; text: string } & Row>(among === 'loose' ? lackingLoose : lacking, [spaceId, limit]),
    keep: async (spaceId, vectors) => {
      const rows = vectors.map(({ id, vector }) => ({ id, vector: packVector(vector) }))
      await query(keep, [spaceId, toJson(rows)])
    },
  }
}
