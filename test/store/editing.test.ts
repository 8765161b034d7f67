import { describe } from 'vitest'
import { itKeepsWhatBecomesOfDrafts } from '../contract/editing-chores.ts'
import { itKeepsKnowledgeVersions } from '../contract/editing.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('knowledge versions on the embedded database', () => itKeepsKnowledgeVersions(openTestEmbedded))
describe('drafts’ chores on the embedded database', () => itKeepsWhatBecomesOfDrafts(openTestEmbedded))
describeWith('postgres', 'knowledge versions on PostgreSQL', (url) => {
  itKeepsKnowledgeVersions(() => openTestPostgres(url))
})
describeWith('postgres', 'drafts’ chores on PostgreSQL', (url) => {
  itKeepsWhatBecomesOfDrafts(() => openTestPostgres(url))
})
