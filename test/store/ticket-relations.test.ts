import { describe } from 'vitest'
import { itKeepsTicketsTogether } from '../contract/ticket-relations.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('tickets that belong together on the embedded database', () =>
  itKeepsTicketsTogether(openTestEmbedded))
describeWith('postgres', 'tickets that belong together on PostgreSQL', (url) =>
  itKeepsTicketsTogether(() => openTestPostgres(url)),
)
