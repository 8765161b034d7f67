import { describe } from 'vitest'
import { itIsAHolidayStore } from '../contract/holiday-store.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('imported holidays on the embedded database', () => itIsAHolidayStore(openTestEmbedded))
describeWith('postgres', 'imported holidays on PostgreSQL', (url) =>
  itIsAHolidayStore(() => openTestPostgres(url)),
)
