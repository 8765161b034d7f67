import { z } from 'zod'
import type { Config } from '../config.ts'
import { topics } from '../core/bus.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import { onTimer, type TimerHandler, type TimerKind } from '../core/timers.ts'
import type { ApiServices } from '../http/index.ts'
import { createPromiseTimes } from '../promises/index.ts'
import {
  createAsker,
  createPlanner,
  createReviewer,
  createSurveyResults,
  resultsCsv,
} from '../surveys/index.ts'
import { describeTicket } from '../tickets/index.ts'
import type { Inboxes } from './inboxes.ts'
import { composer } from './line.ts'
import type { Parts } from './parts.ts'
import { lookAfterSurveys } from './survey-jobs.ts'

/** The moment at which a contact is asked; its key is the invitation's id. */
const surveyAsk: TimerKind<Record<string, never>> = { name: 'survey-ask', payload: z.strictObject({}) }

/** A brand switches it on knowingly; the demo shows it. */
const isOn = ({ surveys, production, inboxes }: Config): boolean =>
  surveys.enabled ?? (!production && inboxes.length === 0)

/** What happens when somebody is due: the contact is asked, or it is noted down why not. */
export const surveyTimer = (parts: Parts, inboxes: Inboxes): TimerHandler => {
  const { config, clock, stores, backbone, links } = parts
  const compose = composer(inboxes, links)
  const ask = createAsker({
    ...{ book: stores.surveyBook, config: config.surveys, clock },
    capabilitiesOf: (inboxId) => inboxes.find(inboxId)?.capabilities,
    compose: (inboxId, said) => compose(inboxId, said, 'survey'),
    onAsked: (conversationId) => {
      backbone.bus.publish(topics.outbox, {})
      backbone.bus.publish(topics.ticket, { conversationId })
    },
  })
  return onTimer(surveyAsk, async (transaction, { key }) => {
    await ask(transaction, key)
    return undefined
  })
}

/** What is done about surveys in the background. */
export const surveyHandler = (parts: Parts): JobHandler => {
  const { config, clock, log, stores, backbone, calendars, work } = parts
  const plan = createPlanner({
    ...{ book: stores.surveyBook, config: config.surveys, clock },
    setMoment: (transaction, key, dueAt) =>
      work.timers.set(transaction, surveyAsk, { key, dueAt, payload: {} }),
  })
  const review = createReviewer({
    ...{ reviews: stores.surveyReviews, clock },
    promise: createPromiseTimes(config.promises, calendars),
    describe: (brief) => describeTicket(brief, 'zh'),
    publish: (ticketId) => backbone.bus.publish(topics.ticket, { ticketId }),
  })
  return onJob(lookAfterSurveys, async (_data, { signal }) => {
    const planned = isOn(config) ? await plan(signal) : 0
    const reviewed = await review(signal)
    if (planned + reviewed > 0) log.info({ planned, reviewed }, 'surveys were looked after')
  })
}

/** What the public API knows of surveys. */
export const openSurveys = ({ config, clock, stores }: Parts): ApiServices['surveys'] => ({
  records: stores.surveyRecords,
  results: createSurveyResults({
    ...{ records: stores.surveyRecords, clock },
    timeZone: config.calendars.hotline.timezone,
  }),
  csv: resultsCsv,
})
