import { describe } from 'vitest'
import { itKeepsKnowledgeVersions } from '../contract/editing.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('knowledge versions on the embedded database', () => itKeepsKnowledgeVersions(openTestEmbedded))
describeWith('postgres', 'knowledge versions on PostgreSQL', (url) =>
  itKeepsKnowledgeVersions(() => openTestPostgres(url)),
)
