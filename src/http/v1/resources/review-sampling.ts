import { z } from '@hono/zod-openapi'
import { grades } from '../../../core/queue.ts'
import type { SamplingDraw, SamplingFacts, SamplingRule } from '../../../core/review-sampling.ts'
import { Done, done } from '../../shapes/done.ts'
import { ChannelSchema } from '../../shapes/incident.ts'
import { toIso, type Iso } from '../../shapes/iso.ts'
import { Moment } from '../../shapes/message.ts'
import { SubjectSchema } from '../../shapes/review.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'

const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(50).readonly().optional()
const When = z.strictObject({
  teamIds: list(z.uuid()),
  agentIds: list(z.string().min(1).max(80)),
  channels: list(ChannelSchema),
  topics: list(z.string().min(1).max(80)),
  kinds: list(z.enum(['question', 'complaint', 'feedback', 'appeal', 'incident-report'])),
  grades: list(z.enum(grades)).openapi({ description: 'Of the agent, in the ticket’s team' }),
  mostScore: z
    .int()
    .min(1)
    .max(5)
    .optional()
    .openapi({ description: 'The contact’s score was this or lower' }),
  reopened: z.boolean().optional(),
  promiseBroken: z.boolean().optional(),
  confidence: z
    .strictObject({ from: z.number().min(0).max(1).optional(), below: z.number().min(0).max(2).optional() })
    .optional()
    .openapi({ description: 'How sure the bot was' }),
  turnedDown: z
    .boolean()
    .optional()
    .openapi({ description: 'The contact’s next message said that this was not the question' }),
})
const share = z.number().min(0).max(1)
const days = z.int().min(1).max(90)
const facts = {
  name: z.string().trim().min(1).max(80),
  subject: SubjectSchema,
  when: When,
  amount: z
    .union([
      z.strictObject({ share: share.refine((one) => one > 0, 'must be more than 0') }),
      z.strictObject({ perWeek: z.int().min(1).max(1_000) }),
    ])
    .openapi({ description: 'A share of each day’s work, or so many a week of each agent’s' }),
  formId: z.uuid(),
  reviewers: z
    .strictObject({ teamId: z.uuid().optional(), agentIds: list(z.string().min(1).max(80)) })
    .openapi({ description: 'A team or persons; empty: whoever may review' }),
  dueDays: days,
  waitDays: z
    .int()
    .min(0)
    .max(30)
    .openapi({ description: 'Days after the end of the day or week until it is drawn from' }),
  doubleShare: share.openapi({ description: 'Share of these that two people review' }),
  enabled: z.boolean(),
}

/** Long enough for scores, complaints and broken promises to be in. */
const lateDays = 4

const RuleInput = z
  .strictObject({
    ...facts,
    when: When.default({}),
    reviewers: facts.reviewers.default({}),
    dueDays: days.default(7),
    waitDays: facts.waitDays.optional(),
    doubleShare: share.default(0),
    enabled: z.boolean().default(true),
  })
  .transform((input) => {
    const { mostScore, reopened, promiseBroken } = input.when
    const late = mostScore !== undefined || reopened === true || promiseBroken === true
    return { ...input, waitDays: input.waitDays ?? (late ? lateDays : 0) }
  })
const RuleChange = z
  .strictObject(facts)
  .partial()
  .openapi('SamplingRuleChange', { example: { enabled: false } })
const RuleSchema = z
  .object({
    id: z.string(),
    ...facts,
    since: Moment.openapi({ description: 'Work from the day or week of then on is drawn from' }),
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('SamplingRule')
const DrawSchema = z
  .object({
    ruleId: z.string(),
    from: Moment,
    to: Moment,
    seed: z.string().openapi({ description: 'By which anybody can draw it again' }),
    at: Moment,
    found: z.number(),
    drawn: z.number(),
  })
  .openapi('SamplingDraw')

const at = '2026-11-27T04:00:00.000Z'
const id = '0198c0de-0000-7000-8000-0000000000f3'
const example: z.output<typeof RuleSchema> = {
  ...{ id, name: '每人每周两张', subject: 'ticket', when: { channels: ['wechat'] }, amount: { perWeek: 2 } },
  ...{ formId: '0198c0de-0000-7000-8000-0000000000f0', reviewers: {}, dueDays: 7, waitDays: 0 },
  ...{ doubleShare: 0.1, enabled: true, since: at, createdAt: at, updatedAt: at, version: 1 },
}
const drawExample: z.output<typeof DrawSchema> = {
  ...{ ruleId: id, from: '2026-11-15T16:00:00.000Z', to: '2026-11-22T16:00:00.000Z' },
  ...{ seed: '6f1c0f2f8a7d4f4e9f0d0d5a3c1b2a90', at, found: 4_120, drawn: 380 },
}

const ruleJson = (rule: SamplingRule): Iso<SamplingRule> => toIso(rule)
const drawJson = (draw: SamplingDraw): Iso<SamplingDraw> => toIso(draw)

const changed = (before: SamplingFacts, change: z.output<typeof RuleChange>): SamplingFacts => ({
  name: change.name ?? before.name,
  subject: change.subject ?? before.subject,
  when: change.when ?? before.when,
  amount: change.amount ?? before.amount,
  formId: change.formId ?? before.formId,
  reviewers: change.reviewers ?? before.reviewers,
  dueDays: change.dueDays ?? before.dueDays,
  waitDays: change.waitDays ?? before.waitDays,
  doubleShare: change.doubleShare ?? before.doubleShare,
  enabled: change.enabled ?? before.enabled,
})

const common = { tag: 'quality', permission: 'quality.manage', query: nothing, body: nothing } as const
const one = { answer: RuleSchema, example } as const
const IdParams = z.strictObject({ id: z.uuid() })

/** What is reviewed by rule. */
export const reviewSamplingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listSamplingRules',
    method: 'get',
    path: '/quality/sampling',
    summary: 'List sampling rules',
    params: nothing,
    answer: z.object({ data: z.array(RuleSchema).readonly() }).openapi('SamplingRuleList'),
    example: { data: [example] },
    handle: async ({ api }) => ({ body: { data: (await api.quality.rules.list()).map(ruleJson) } }),
  }),
  defineRoute({
    ...common,
    ...one,
    id: 'createSamplingRule',
    method: 'post',
    path: '/quality/sampling',
    summary: 'Create a sampling rule',
    description:
      'It draws from the day or week of its creation on, each once that is over, never the same work twice under one form.',
    status: 201,
    params: nothing,
    body: RuleInput,
    handle: async ({ api, body, idempotencyKey }) => {
      const rule = await api.quality.rules.create(body, api.clock.now(), idempotencyKey)
      return { body: ruleJson(rule), version: rule.version, location: `/quality/sampling/${rule.id}` }
    },
  }),
  defineRoute({
    ...common,
    ...one,
    id: 'getSamplingRule',
    method: 'get',
    path: '/quality/sampling/{id}',
    summary: 'Read a sampling rule',
    versioned: true,
    params: IdParams,
    handle: async ({ api, params }) => {
      const rule = await api.quality.rules.get(params.id)
      return { body: ruleJson(rule), version: rule.version }
    },
  }),
  defineRoute({
    ...common,
    ...one,
    id: 'changeSamplingRule',
    method: 'patch',
    path: '/quality/sampling/{id}',
    summary: 'Change a sampling rule, or switch it on or off',
    description: 'What is left out stays; what was drawn stays.',
    versioned: true,
    params: IdParams,
    body: RuleChange,
    handle: async ({ api, params, body, version }) => {
      const { rules } = api.quality
      const before = await rules.get(params.id)
      const rule = await showingCurrent(
        () => rules.change(before.id, changed(before, body), version ?? before.version, api.clock.now()),
        async () => ruleJson(await rules.get(before.id)),
        { version, changes: body },
      )
      return { body: ruleJson(rule), version: rule.version }
    },
  }),
  defineRoute({
    ...common,
    id: 'deleteSamplingRule',
    method: 'delete',
    path: '/quality/sampling/{id}',
    summary: 'Delete a sampling rule',
    description: 'What was drawn stays.',
    params: IdParams,
    answer: Done,
    example: done,
    handle: async ({ api, params }) => {
      await api.quality.rules.remove(params.id)
      return { body: done }
    },
  }),
  defineRoute({
    ...common,
    id: 'listSamplingDraws',
    method: 'get',
    path: '/quality/sampling/{id}/draws',
    summary: 'List what a sampling rule drew',
    description: 'The latest first, 100 at most, each with its seed.',
    params: IdParams,
    answer: z.object({ data: z.array(DrawSchema).readonly() }).openapi('SamplingDrawList'),
    example: { data: [drawExample] },
    handle: async ({ api, params }) => {
      const { id: ruleId } = await api.quality.rules.get(params.id)
      return { body: { data: (await api.quality.draws.draws(ruleId, 100)).map(drawJson) } }
    },
  }),
]
