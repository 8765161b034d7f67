import { describe } from 'vitest'
import { itIsATicketStore } from '../contract/ticket-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('tickets on the embedded database', () => itIsATicketStore(openTestEmbedded))
describeWith('postgres', 'tickets on PostgreSQL', (url) => itIsATicketStore(() => openTestPostgres(url)))
