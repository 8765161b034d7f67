import { describe } from 'vitest'
import { learns } from '../contract/learning.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('learning on the embedded database', () => {
  learns(openTestEmbedded)
})
describeWith('postgres', 'learning on PostgreSQL', (url) => {
  learns(() => openTestPostgres(url))
})
