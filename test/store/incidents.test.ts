import { describe } from 'vitest'
import { areIncidents } from '../contract/incidents.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('incidents on the embedded database', () => {
  areIncidents(openTestEmbedded)
})
describeWith('postgres', 'incidents on PostgreSQL', (url) => {
  areIncidents(() => openTestPostgres(url))
})
