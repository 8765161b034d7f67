import { describe } from 'vitest'
import { takesBackWhatWasNotTried } from '../contract/give-back.ts'
import { itIsAnOutboxStore } from '../contract/outbox-store.ts'
import { knowsWhatMayRide } from '../contract/riding.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the outbox on the embedded database', () => {
  itIsAnOutboxStore(openTestEmbedded)
  knowsWhatMayRide(openTestEmbedded)
  takesBackWhatWasNotTried(openTestEmbedded)
})
describeWith('postgres', 'the outbox on PostgreSQL', (url) => {
  itIsAnOutboxStore(() => openTestPostgres(url))
  knowsWhatMayRide(() => openTestPostgres(url))
  takesBackWhatWasNotTried(() => openTestPostgres(url))
})
