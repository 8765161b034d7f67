import type { SuggestionVectors, ThemeMaking } from '../core/suggestions.ts'
import type { Database } from './database.ts'
import { tellProposal } from './learning-rows.ts'
import { createMeaningMaking } from './meaning-making.ts'
import { questionTables } from './meaning-tables.ts'
import { createMeaningVectors } from './meaning-vectors.ts'

/** Groups of questions as the machine makes them, on one database. */
export const createQuestionGrouping = (database: Database): ThemeMaking =>
  createMeaningMaking(database, questionTables, async (query, id, into, now) => {
    // Of groups too small to propose anything nobody was told.
    const [row] = await query<{ kind: string | null }>('select kind from learning_proposals where id = $1', [
      id,
    ])
    if (row === undefined || row.kind === null) return
    const detail = into === undefined ? {} : { into }
    await tellProposal(query, { id, change: 'ended', actor: 'system', detail }, now)
  })

/** Vectors of questions, in the space of the suggestions. */
export const createQuestionVectors = (
  database: Database,
): Pick<SuggestionVectors, 'anyLoose' | 'lacking' | 'keep'> => createMeaningVectors(database, questionTables)
