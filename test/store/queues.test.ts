import { describe } from 'vitest'
import { itKeepsQueues } from '../contract/queues.ts'
import { itKeepsTeams } from '../contract/teams.ts'
import { itRacesForTickets } from '../contract/queue-races.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { openPostgres } from '../../src/store/index.ts'
import { silentLog } from '../../src/core/log.ts'
import { describeWith } from '../support/services.ts'

describe('queues on the embedded database', () => itKeepsQueues(openTestEmbedded))
describe('teams on the embedded database', () => itKeepsTeams(openTestEmbedded))
describe('races on the embedded database', () =>
  itRacesForTickets(openTestEmbedded, ({ database }) =>
    Promise.resolve({ database, close: () => Promise.resolve() }),
  ))

describeWith('postgres', 'teams on PostgreSQL', (url) => itKeepsTeams(() => openTestPostgres(url)))
describeWith('postgres', 'queues on PostgreSQL', (url) => itKeepsQueues(() => openTestPostgres(url)))
describeWith('postgres', 'two nodes on PostgreSQL', (url) =>
  itRacesForTickets(
    () => openTestPostgres(url),
    async (test) => {
      const options = { url: test.url, maxConnections: 8, timeoutMs: 20_000, log: silentLog }
      const database = await openPostgres(options)
      return { database, close: () => database.close() }
    },
  ),
)
