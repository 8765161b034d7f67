import { describe } from 'vitest'
import { itKeepsVerdicts } from '../contract/verdicts.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('verdicts on the embedded database', () => itKeepsVerdicts(openTestEmbedded))
describeWith('postgres', 'verdicts on PostgreSQL', (url) => itKeepsVerdicts(() => openTestPostgres(url)))
