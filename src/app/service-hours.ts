import { isOpen, nextOpening, weekWords } from '../calendar/index.ts'
import type { Config } from '../config.ts'
import type { Calendars } from '../core/calendar.ts'
import type { ServiceHours } from '../core/dialogue.ts'

/** When people can be reached, by the calendars as they are at that moment. */
export const createServiceHours = (
  { promises }: Pick<Config, 'promises'>,
  calendars: Calendars,
): ServiceHours => ({
  hotline: (language) => weekWords(calendars.get('hotline'), language === 'en' ? 'en' : 'zh'),
  peopleBackAt: (now) => {
    const calendar = calendars.get(promises.peopleCalendar)
    return isOpen(calendar, now) ? undefined : nextOpening(calendar, now)
  },
})
