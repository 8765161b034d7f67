import { describe } from 'vitest'
import { itReadsThreads } from '../contract/thread-reading.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('conversations piece by piece on the embedded database', () => itReadsThreads(openTestEmbedded))
describeWith('postgres', 'conversations piece by piece on PostgreSQL', (url) =>
  itReadsThreads(() => openTestPostgres(url)),
)
