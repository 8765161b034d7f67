import type { Clock } from '../../src/core/clock.ts'
import type { ApiServices } from '../../src/http/index.ts'
import { createMessageSearch } from '../../src/search/index.ts'
import { createCountTickets, createMessageIndex, type Database } from '../../src/store/index.ts'
import { createTicketReporter } from '../../src/tickets/index.ts'
import { masker } from './masker.ts'

/** Finding what was said, and how tickets fare, as the public API knows them. */
export const openSearchServices = (
  database: Database,
  clock: Clock,
): Pick<ApiServices, 'searchMessages' | 'ticketReport'> => ({
  searchMessages: createMessageSearch({
    index: createMessageIndex(database),
    masker,
    now: () => clock.now(),
  }),
  ticketReport: createTicketReporter({
    ...{ count: createCountTickets(database), clock },
    timeZone: 'Asia/Shanghai',
  }),
})
