import type { ThemeMaking } from '../core/suggestions.ts'
import type { Database } from './database.ts'
import { addThemeLine } from './feedback-history.ts'
import { createMeaningMaking } from './meaning-making.ts'
import { suggestionTables } from './meaning-tables.ts'

/** What the machine makes of suggestions, on one database. */
export const createThemeMaking = (database: Database): ThemeMaking =>
  createMeaningMaking(database, suggestionTables, (query, themeId, into, now) =>
    addThemeLine(
      query,
      {
        ...{ themeId, change: 'ended', actor: { kind: 'system' } },
        detail: into === undefined ? {} : { into },
      },
      now,
    ),
  )
