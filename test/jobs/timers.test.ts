import { describe } from 'vitest'
import { areTimers } from '../contract/timers.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('timers on the embedded database', () => areTimers(openTestEmbedded))
describeWith('postgres', 'timers on PostgreSQL', (url) => areTimers(() => openTestPostgres(url)))
