import type { KeptSpace, SuggestionVectors } from '../core/suggestions.ts'
import { toJson, type Database, type Row } from './database.ts'
import { suggestionTables } from './meaning-tables.ts'
import { createMeaningVectors } from './meaning-vectors.ts'

const newest =
  'select id, maker, dimensions, data from feedback_spaces order by created_at desc, id desc limit 1'

const keepSpace = `
insert into feedback_spaces (id, maker, dimensions, data, created_at) values ($1, $2, $3, $4::jsonb, $5)`

/** Vectors and spaces on one database. */
export const createSuggestionVectors = (database: Database): SuggestionVectors => ({
  space: async () => (await database.query<KeptSpace & Row>(newest))[0],
  keepSpace: async ({ id, maker, dimensions, data }, now) => {
    await database.query(keepSpace, [id, maker, dimensions, toJson(data), now])
  },
  ...createMeaningVectors(database, suggestionTables),
})
