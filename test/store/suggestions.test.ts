import { describe } from 'vitest'
import { areSuggestions } from '../contract/suggestions.ts'
import { tellsWhoAsked } from '../contract/suggestion-telling.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('suggestions on the embedded database', () => {
  areSuggestions(openTestEmbedded)
})
describe('telling of suggestions on the embedded database', () => {
  tellsWhoAsked(openTestEmbedded)
})
describeWith('postgres', 'suggestions on PostgreSQL', (url) => {
  areSuggestions(() => openTestPostgres(url))
})
describeWith('postgres', 'telling of suggestions on PostgreSQL', (url) => {
  tellsWhoAsked(() => openTestPostgres(url))
})
