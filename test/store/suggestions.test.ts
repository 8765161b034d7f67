import { describe } from 'vitest'
import { areSuggestions } from '../contract/suggestions.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('suggestions on the embedded database', () => areSuggestions(openTestEmbedded))
describeWith('postgres', 'suggestions on PostgreSQL', (url) => areSuggestions(() => openTestPostgres(url)))
