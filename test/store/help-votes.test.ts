import { describe } from 'vitest'
import { itIsAHelpVoteStore } from '../contract/help-votes.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('votes of readers on the embedded database', () => itIsAHelpVoteStore(openTestEmbedded))
describeWith('postgres', 'votes of readers on PostgreSQL', (url) =>
  itIsAHelpVoteStore(() => openTestPostgres(url)),
)
