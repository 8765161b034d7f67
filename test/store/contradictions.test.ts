import { describe } from 'vitest'
import { itFindsContradictions } from '../contract/contradictions.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('contradictions on the embedded database', () => itFindsContradictions(openTestEmbedded))
describeWith('postgres', 'contradictions on PostgreSQL', (url) =>
  itFindsContradictions(() => openTestPostgres(url)),
)
