import { describe } from 'vitest'
import { itShowsViews } from '../contract/ticket-views.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('views of tickets on the embedded database', () => itShowsViews(openTestEmbedded))
describeWith('postgres', 'views of tickets on PostgreSQL', (url) => itShowsViews(() => openTestPostgres(url)))
