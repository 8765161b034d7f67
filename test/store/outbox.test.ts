import { describe } from 'vitest'
import { itIsAnOutboxStore } from '../contract/outbox-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the outbox on the embedded database', () => itIsAnOutboxStore(openTestEmbedded))
describeWith('postgres', 'the outbox on PostgreSQL', (url) => itIsAnOutboxStore(() => openTestPostgres(url)))
