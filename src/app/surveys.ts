import { z } from 'zod'
import type { Config } from '../config.ts'
import { topics } from '../core/bus.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import { onTimer, type TimerHandler, type TimerKind } from '../core/timers.ts'
import type { ApiServices } from '../http/index.ts'
import { createPromiseTimes } from '../promises/index.ts'
import {
  campaignCsv,
  campaignResults,
  createAsker,
  createCampaignPreview,
  createCampaignRunner,
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
export const asksAfterTickets = ({ surveys, production, inboxes }: Config): boolean =>
  surveys.enabled ?? (!production && inboxes.length === 0)

/** Something is in the outbox, and desks show it. */
const tellsAsked =
  ({ backbone }: Parts) =>
  (conversationId: string): void => {
    backbone.bus.publish(topics.outbox, {})
    backbone.bus.publish(topics.ticket, { conversationId })
  }

/** What campaigns go by. */
const campaignOptions = (
  { config, clock, stores }: Parts,
  inboxes: Pick<Inboxes, 'find'>,
): Parameters<typeof createCampaignPreview>[0] => ({
  ...{ book: stores.campaignBook, config: config.surveys, clock },
  timeZone: config.calendars.hotline.timezone,
  capabilitiesOf: (inboxId) => inboxes.find(inboxId)?.capabilities,
})

const campaignRunner = (parts: Parts, inboxes: Inboxes): ReturnType<typeof createCampaignRunner> => {
  const { clock, log, stores, links } = parts
  const compose = composer(inboxes, links)
  const write = { actor: { kind: 'system' }, reason: 'its time is over' } as const
  return createCampaignRunner({
    ...campaignOptions(parts, inboxes),
    inboxIds: () => inboxes.all().keys(),
    end: ({ id, version }) => stores.campaigns.move(id, 'ended', { ...write, version }, clock.now()),
    onError: (error, campaignId) => {
      log.warn({ error, campaignId }, 'a survey campaign could not be looked after; it is tried again')
    },
    compose: (inboxId, said) => compose(inboxId, said, 'survey'),
    onAsked: tellsAsked(parts),
  })
}

/** What happens when somebody is due: the contact is asked, or it is noted down why not. */
export const surveyTimer = (parts: Parts, inboxes: Inboxes): TimerHandler => {
  const { config, clock, stores, links } = parts
  const compose = composer(inboxes, links)
  const ask = createAsker({
    ...{ book: stores.surveyBook, config: config.surveys, isOn: asksAfterTickets(config), clock },
    capabilitiesOf: (inboxId) => inboxes.find(inboxId)?.capabilities,
    compose: (inboxId, said) => compose(inboxId, said, 'survey'),
    onAsked: tellsAsked(parts),
  })
  return onTimer(surveyAsk, async (transaction, { key }) => {
    await ask(transaction, key)
    return undefined
  })
}

/** What is done about surveys in the background. */
export const surveyHandler = (parts: Parts, inboxes: Inboxes): JobHandler => {
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
  const invite = campaignRunner(parts, inboxes)
  return onJob(lookAfterSurveys, async (_data, { signal }) => {
    const planned = asksAfterTickets(config) ? await plan(signal) : 0
    const invited = await invite(signal)
    const reviewed = await review(signal)
    if (planned + reviewed + invited > 0)
      log.info({ planned, reviewed, invited }, 'surveys were looked after')
  })
}

/** What the public API knows of surveys. */
export const openSurveys = (parts: Parts, inboxes: Pick<Inboxes, 'find'>): ApiServices['surveys'] => {
  const { config, clock, stores } = parts
  return {
    records: stores.surveyRecords,
    results: createSurveyResults({
      ...{ records: stores.surveyRecords, clock },
      timeZone: config.calendars.hotline.timezone,
    }),
    csv: resultsCsv,
    campaigns: stores.campaigns,
    campaignRecords: stores.campaignRecords,
    preview: createCampaignPreview(campaignOptions(parts, inboxes)),
    campaignResults,
    campaignCsv,
    consents: stores.surveyConsents,
  }
}
