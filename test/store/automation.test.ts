import { describe } from 'vitest'
import { itAutomates } from '../contract/automation.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('macros and rules on the embedded database', () => itAutomates(openTestEmbedded))
describeWith('postgres', 'macros and rules on PostgreSQL', (url) => itAutomates(() => openTestPostgres(url)))
