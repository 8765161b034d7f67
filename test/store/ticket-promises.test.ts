import { describe } from 'vitest'
import { itKeepsPromises } from '../contract/ticket-promises.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the promises of tickets on the embedded database', () => itKeepsPromises(openTestEmbedded))
describeWith('postgres', 'the promises of tickets on PostgreSQL', (url) =>
  itKeepsPromises(() => openTestPostgres(url)),
)
