import { describe } from 'vitest'
import { itPlansHandoffSummaries } from '../contract/handoffs.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('handovers to summarise, on the embedded database', () => itPlansHandoffSummaries(openTestEmbedded))
describeWith('postgres', 'handovers to summarise, on PostgreSQL', (url) =>
  itPlansHandoffSummaries(() => openTestPostgres(url)),
)
