import { describe } from 'vitest'
import { itKeepsComplaints } from '../contract/complaints.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('complaint cases on the embedded database', () => itKeepsComplaints(openTestEmbedded))
describeWith('postgres', 'complaint cases on PostgreSQL', (url) =>
  itKeepsComplaints(() => openTestPostgres(url)),
)
