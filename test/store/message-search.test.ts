import { describe } from 'vitest'
import { isMessageSearch } from '../contract/message-search.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('searching messages on the embedded database', () => {
  isMessageSearch(openTestEmbedded)
})
describeWith('postgres', 'searching messages on PostgreSQL', (url) => {
  isMessageSearch(() => openTestPostgres(url))
})
