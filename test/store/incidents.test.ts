import { describe } from 'vitest'
import { isIncidentTelling } from '../contract/incident-telling.ts'
import { areIncidents } from '../contract/incidents.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('incidents on the embedded database', () => {
  areIncidents(openTestEmbedded)
})
describe('telling of incidents on the embedded database', () => {
  isIncidentTelling(openTestEmbedded)
})
describeWith('postgres', 'incidents on PostgreSQL', (url) => {
  areIncidents(() => openTestPostgres(url))
})
describeWith('postgres', 'telling of incidents on PostgreSQL', (url) => {
  isIncidentTelling(() => openTestPostgres(url))
})
