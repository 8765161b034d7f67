import { ChannelError } from '../core/errors.ts'
import { onJob, type JobHandler, type JobSchedule } from '../core/jobs.ts'
import { spanOfMail, writeMail } from '../reports/index.ts'
import { createMailRoom } from './identity-mail.ts'
import type { Inboxes } from './inboxes.ts'
import type { Parts } from './parts.ts'
import { mailReport, mailingOf } from './report-mail-jobs.ts'
import { openReporter } from './reports.ts'

/** Reports that are mailed by the clock, in the zone of the hotline. */
export const reportMailSchedules = ({ config }: Pick<Parts, 'config'>): readonly JobSchedule<unknown>[] =>
  config.reports.mail.map(({ cron }, place) => ({
    ...{ kind: mailingOf(place), data: {}, cron },
    zone: config.calendars.hotline.timezone,
  }))

const planHandlers = ({ config, clock, stores, work }: Parts): readonly JobHandler[] => {
  const zone = config.calendars.hotline.timezone
  return config.reports.mail.map(({ to: addresses, report, span, language }, place) =>
    onJob(mailingOf(place), async () => {
      const { from, to: until } = spanOfMail(span, zone, clock.now())
      await stores.database.transaction(async (transaction) => {
        for (const to of addresses)
          await work.jobs.enqueueIn(transaction, mailReport, { to, report, from, until, zone, language })
      })
    }),
  )
}

const sendHandler = (parts: Parts, inboxes: Inboxes): JobHandler => {
  const { config, clock, log, origin, stores } = parts
  const room = createMailRoom(inboxes, config.reports.mailInbox)
  const reporter = openReporter({ ...parts, facts: stores.reportFacts })
  return onJob(mailReport, async ({ to, report: name, from, until, zone, language }, { id, attempt }) => {
    if (room.inboxId() === undefined)
      throw new ChannelError(
        'email',
        'temporary',
        'reports: there is no inbox for mail; name reports.mailInbox',
      )
    const report = await reporter.report(name, { from, to: until, zone, time: 'calendar' }, language)
    const address = new URL(`/desk/app/reports/${name}`, origin)
    for (const [key, value] of Object.entries({ from, to: until, zone })) address.searchParams.set(key, value)
    const text = writeMail(report, language, address.href)
    await room.deliver({ id, conversationId: id, to, text, createdAt: clock.now(), attempt })
    log.info({ report: name, from, until }, 'a report was mailed')
  })
}

/** Mails reports. */
export const reportMailHandlers = (parts: Parts, inboxes: Inboxes): readonly JobHandler[] => [
  ...planHandlers(parts),
  sendHandler(parts, inboxes),
]
