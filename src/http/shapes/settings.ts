import { z } from '@hono/zod-openapi'
import { retainedKinds } from '../../core/personal-data.ts'
import type {
  PromisesInForce,
  RetentionInForce,
  SurveysInForce,
  TriedPromise,
} from '../../core/settings-desk.ts'
import { toIso } from './iso.ts'
import { Moment } from './message.ts'

const hours = {
  firstReplyHours: z.number(),
  nextReplyHours: z.number(),
  resolutionHours: z.number(),
  calendar: z
    .string()
    .optional()
    .openapi({ description: 'In whose open time the hours are counted; absent: around the clock' }),
}
const names = z.array(z.string()).readonly()
const told = { tell: names, robots: names }

export const PromisesSchema = z
  .object({
    policies: z
      .array(
        z.object({
          name: z.string(),
          when: z.object({ kinds: names, priorities: names, channels: names, tiers: names }),
          ...hours,
        }),
      )
      .readonly()
      .openapi({ description: 'Tried in this order; the first that fits holds. An empty list: any' }),
    otherwise: z.object(hours),
    peopleCalendar: z.string(),
    warn: z.object(told).openapi({ description: 'When a quarter of the time is left' }),
    chain: z.array(z.object({ afterMinutes: z.number(), ...told })).readonly(),
    robots: z.array(z.object({ name: z.string(), kind: z.string() })).readonly(),
  })
  .openapi('PromisesInForce')

export const TriedPromiseSchema = z
  .object({ policy: z.string(), ...hours, firstReplyDueAt: Moment, resolutionDueAt: Moment })
  .openapi('TriedPromise')

export const RetentionSchema = z
  .object({
    days: z
      .record(z.enum(retainedKinds), z.number())
      .openapi({ description: '0: for as long as nobody erases it' }),
    auditDays: z.number(),
    exportHours: z.number(),
    masked: names,
    lastRunAt: Moment.optional(),
  })
  .openapi('RetentionInForce')

export const SurveysSchema = z
  .object({
    isOn: z.boolean(),
    share: z.number(),
    everyDays: z.number(),
    delayMinutes: z.number(),
    answerHours: z.number(),
    lowScore: z.number(),
    exceptKinds: names,
    exceptTopics: names,
    from: z.string(),
    to: z.string(),
    question: z.object({ zh: z.string(), en: z.string() }),
  })
  .openapi('SurveysInForce')

/** The promises as JSON. */
export const promisesJson = (promises: PromisesInForce): z.output<typeof PromisesSchema> => promises
/** What was promised on trial, as JSON. */
export const triedJson = (tried: TriedPromise): z.output<typeof TriedPromiseSchema> => toIso(tried)
/** How long what is kept, as JSON. */
export const retentionJson = (retention: RetentionInForce): z.output<typeof RetentionSchema> =>
  toIso(retention)
/** How contacts are asked, as JSON. */
export const surveysJson = (surveys: SurveysInForce): z.output<typeof SurveysSchema> => surveys
