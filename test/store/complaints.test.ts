import { describe } from 'vitest'
import { itChecksIdentities } from '../contract/complaint-identity.ts'
import { itTakesComplaints } from '../contract/complaint-intake.ts'
import { itKeepsComplaints } from '../contract/complaints.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('complaint cases on the embedded database', () => {
  itKeepsComplaints(openTestEmbedded)
  itTakesComplaints(openTestEmbedded)
  itChecksIdentities(openTestEmbedded)
})
describeWith('postgres', 'complaint cases on PostgreSQL', (url) => {
  itKeepsComplaints(() => openTestPostgres(url))
  itTakesComplaints(() => openTestPostgres(url))
  itChecksIdentities(() => openTestPostgres(url))
})
