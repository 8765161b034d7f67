import { describe } from 'vitest'
import { areSurveys } from '../contract/surveys.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('surveys on the embedded database', () => {
  areSurveys(openTestEmbedded)
})
describeWith('postgres', 'surveys on PostgreSQL', (url) => {
  areSurveys(() => openTestPostgres(url))
})
