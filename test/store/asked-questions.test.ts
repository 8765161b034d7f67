import { describe } from 'vitest'
import { itKeepsQuestions } from '../contract/asked-questions.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('questions on the embedded database', () => itKeepsQuestions(openTestEmbedded))
describeWith('postgres', 'questions on PostgreSQL', (url) => itKeepsQuestions(() => openTestPostgres(url)))
