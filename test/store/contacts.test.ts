import { describe } from 'vitest'
import { itIsAContactStore } from '../contract/contact-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('contacts on the embedded database', () => itIsAContactStore(openTestEmbedded))
describeWith('postgres', 'contacts on PostgreSQL', (url) => itIsAContactStore(() => openTestPostgres(url)))
