import { describe } from 'vitest'
import { areReports } from '../contract/reports.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('reports on the embedded database', () => {
  areReports(openTestEmbedded)
})
describeWith('postgres', 'reports on PostgreSQL', (url) => {
  areReports(() => openTestPostgres(url))
})
