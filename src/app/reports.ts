import { openTimeBetween } from '../calendar/index.ts'
import type { ReportFacts } from '../core/report.ts'
import type { ApiServices } from '../http/index.ts'
import { createReporter, isMetric, writeCsv, writeXlsx, type Reporter } from '../reports/index.ts'
import type { Parts } from './parts.ts'

/** What reports stand on. */
export interface ReportParts extends Pick<Parts, 'clock'> {
  readonly config: Pick<Parts['config'], 'calendars'>
  readonly calendars: Pick<Parts['calendars'], 'get'>
  readonly facts: ReportFacts
}

/** Makes reports; business time is that of the hotline. */
export const openReporter = ({ clock, calendars, facts }: ReportParts): Reporter =>
  createReporter({
    ...{ facts, clock },
    openTime: (from, to) => openTimeBetween(calendars.get('hotline'), from, to),
  })

/** What the public API knows of reports. */
export const openReports = (parts: ReportParts): ApiServices['reports'] => {
  const reporter = openReporter(parts)
  return {
    report: (name, span, language) => reporter.report(name, span, language),
    // What is no number has no entries; the API asks before.
    entries: async ({ metric, ...query }, span, language) =>
      isMetric(metric) ? reporter.entries({ ...query, metric }, span, language) : [],
    wall: (zone, language) => reporter.wall(zone, language),
    isMetric,
    write: {
      csv: (report, language) => Promise.resolve(Buffer.from(writeCsv(report, language))),
      xlsx: writeXlsx,
    },
    zone: parts.config.calendars.hotline.timezone,
  }
}
