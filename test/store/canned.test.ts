import { describe } from 'vitest'
import { itKeepsCannedReplies } from '../contract/canned.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('canned replies on the embedded database', () => itKeepsCannedReplies(openTestEmbedded))
describeWith('postgres', 'canned replies on PostgreSQL', (url) =>
  itKeepsCannedReplies(() => openTestPostgres(url)),
)
