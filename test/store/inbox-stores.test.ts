import { describe } from 'vitest'
import { itKeepsInboxes } from '../contract/inbox-stores.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the embedded database, for channels', () => itKeepsInboxes(openTestEmbedded))
describeWith('postgres', 'PostgreSQL, for channels', (url) => itKeepsInboxes(() => openTestPostgres(url)))
