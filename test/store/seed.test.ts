import { describe } from 'vitest'
import { isSeeded } from '../contract/seed.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('made-up data on the embedded database', () => {
  isSeeded(openTestEmbedded)
})
describeWith('postgres', 'made-up data on PostgreSQL', (url) => {
  isSeeded(() => openTestPostgres(url))
})
