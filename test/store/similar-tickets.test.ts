import { describe } from 'vitest'
import { itFindsPastTickets } from '../contract/similar-tickets.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('settled tickets on the embedded database', () => itFindsPastTickets(openTestEmbedded))
describeWith('postgres', 'settled tickets on PostgreSQL', (url) =>
  itFindsPastTickets(() => openTestPostgres(url)),
)
