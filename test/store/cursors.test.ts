import { describe } from 'vitest'
import { itIsACursorStore } from '../contract/cursor-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('cursors on the embedded database', () => itIsACursorStore(openTestEmbedded))
describeWith('postgres', 'cursors on PostgreSQL', (url) => itIsACursorStore(() => openTestPostgres(url)))
