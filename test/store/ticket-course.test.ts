import { describe } from 'vitest'
import { itFollowsTickets } from '../contract/ticket-course.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the course of tickets on the embedded database', () => itFollowsTickets(openTestEmbedded))
describeWith('postgres', 'the course of tickets on PostgreSQL', (url) =>
  itFollowsTickets(() => openTestPostgres(url)),
)
