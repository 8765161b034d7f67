import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { onJob, type JobHandler } from '../core/jobs.ts'
import type { SetReminder } from '../core/review-coaching.ts'
import { onTimer, type TimerHandler, type TimerKind } from '../core/timers.ts'
import type { ApiServices } from '../http/index.ts'
import {
  createCoaching,
  createReviewForms,
  createReviewNumbering,
  createReviewService,
  createSampler,
  createSamplingRules,
} from '../quality/index.ts'
import { keyedId } from '../store/index.ts'
import type { Parts } from './parts.ts'
import { drawReviews } from './quality-jobs.ts'

/** The moment at which a coaching note is looked at again; its key is the note's id. */
const followUp: TimerKind<Record<string, never>> = { name: 'coaching-follow-up', payload: z.strictObject({}) }

/** What happens when that moment has come: both are reminded. */
export const coachingTimer = ({ stores, clock }: Parts): TimerHandler =>
  onTimer(followUp, async (transaction, { key }) => {
    await stores.coaching.remind(transaction, key, clock.now())
    return undefined
  })

const seedBytes = 16

/** What is drawn in the background. */
export const qualityHandler = ({ config, clock, log, stores }: Parts): JobHandler => {
  const draw = createSampler({
    ...{ rules: stores.samplingRules, store: stores.sampling, clock },
    timeZone: config.calendars.hotline.timezone,
    newSeed: () => randomBytes(seedBytes).toString('hex'),
  })
  return onJob(drawReviews, async (_data, { signal }) => {
    for (const { ruleId, found, drawn } of await draw(signal))
      log.info({ ruleId, found, drawn }, 'drew reviews')
  })
}

/** What the public API knows of reviews. */
export const openQuality = ({ config, clock, stores, work, content }: Parts): ApiServices['quality'] => {
  const forms = createReviewForms({
    ...{ store: stores.reviewForms, rules: stores.samplingRules },
    ...{ clock, idOf: keyedId },
  })
  const setReminder: SetReminder = async (transaction, key, dueAt) => {
    if (dueAt === undefined) await work.timers.cancel(transaction, followUp, key)
    else await work.timers.set(transaction, followUp, { key, dueAt, payload: {} })
  }
  return {
    forms,
    rules: createSamplingRules(stores.samplingRules, forms),
    draws: stores.sampling,
    reviews: createReviewService({
      ...{ store: stores.reviews, forms, clock, config: config.quality },
      articleOf: (id) => {
        const article = content.knowledge().articles.find((one) => one.id === id)
        return article && { id, question: article.question, answer: article.answer }
      },
    }),
    numbers: createReviewNumbering({
      ...{ counting: stores.reviewCounting, clock },
      timeZone: config.calendars.hotline.timezone,
    }),
    coaching: createCoaching({ store: stores.coaching, reviews: stores.reviews, clock, setReminder }),
  }
}
