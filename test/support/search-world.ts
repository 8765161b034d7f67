import { buildCalendars } from '../../src/calendar/index.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { ApiServices } from '../../src/http/index.ts'
import { createFindSimilar, createMessageSearch } from '../../src/search/index.ts'
import { findCalendar } from '../../src/app/calendars.ts'
import { openReports } from '../../src/app/reports.ts'
import { configSchema } from '../../src/config.ts'
import {
  createCountTickets,
  createMessageIndex,
  createPastTickets,
  createReportFacts,
  type Database,
} from '../../src/store/index.ts'
import { createTicketReporter } from '../../src/tickets/index.ts'
import { masker } from './masker.ts'

const config = configSchema.parse({})
const calendar = findCalendar(buildCalendars(config.calendars, []), 'hotline')

/** Finding what was said, and how tickets fare, as the public API knows them. */
export const openSearchServices = (
  database: Database,
  clock: Clock,
): Pick<ApiServices, 'searchMessages' | 'similarTickets' | 'ticketReport' | 'reports'> => ({
  similarTickets: createFindSimilar({ past: createPastTickets(database), clock }),
  searchMessages: createMessageSearch({
    index: createMessageIndex(database),
    masker,
    now: () => clock.now(),
  }),
  ticketReport: createTicketReporter({
    ...{ count: createCountTickets(database), clock },
    timeZone: 'Asia/Shanghai',
  }),
  reports: openReports({
    ...{ clock, config, facts: createReportFacts(database) },
    calendars: { get: () => calendar },
  }),
})
