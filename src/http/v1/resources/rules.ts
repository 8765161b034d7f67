import { z } from '@hono/zod-openapi'
import type { RuleFacts } from '../../../core/automation.ts'
import { TongdaError } from '../../../core/errors.ts'
import { plannedJson, PlannedSchema, ruleFacts, ruleJson, RuleSchema } from '../../shapes/automation.ts'
import { Done, done } from '../../shapes/done.ts'
import { Moment } from '../../shapes/message.ts'
import { TimelineSchema } from '../../shapes/ticket.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { staleProblem } from '../versions.ts'
import { idOf, TicketParams } from './tickets.ts'

const at = '2026-11-27T04:00:00.000Z'
const facts = {
  name: '大额退款先给资深同事',
  on: ['opened'],
  when: [
    { fact: 'topic', op: 'is', values: ['vip-refund'] },
    { fact: 'tier', op: 'is', values: ['vip'] },
  ],
  actions: [
    { do: 'set-priority', priority: 'high' },
    { do: 'add-tags', tags: ['大额'] },
  ],
  enabled: true,
  position: 10,
} satisfies z.input<z.ZodObject<typeof ruleFacts>>
const example = {
  ...{ id: '0198c0de-0000-7000-8000-000000000041', ...facts },
  ...{ createdAt: at, updatedAt: at, version: 1 },
} satisfies z.output<typeof RuleSchema>

const RuleInput = z
  .strictObject({
    ...ruleFacts,
    when: ruleFacts.when.default([]),
    enabled: ruleFacts.enabled.default(true),
    position: ruleFacts.position.default(100),
  })
  .openapi('RuleInput', { example: facts })
const RuleChange = z
  .strictObject(ruleFacts)
  .partial()
  .openapi('RuleChange', { example: { enabled: false } })
const IdParams = z.strictObject({ id: z.uuid() })

const DryRunSchema = z
  .object({
    tickets: z.number().openapi({ description: 'How many were looked at' }),
    matches: z
      .array(
        z.object({
          ticketId: z.string(),
          number: z.number(),
          title: z.string(),
          at: Moment,
          change: TimelineSchema.shape.change,
          would: PlannedSchema,
        }),
      )
      .readonly()
      .openapi({ description: 'What it would have done; 200 at most' }),
  })
  .openapi('RuleDryRun')

const reading = {
  tag: 'rules',
  permission: 'rule.read',
  method: 'get',
  query: nothing,
  body: nothing,
} as const
const managing = { tag: 'rules', permission: 'rule.manage', query: nothing } as const
const one = { answer: RuleSchema, example } as const
const dayMs = 86_400_000

const changed = (before: RuleFacts, change: z.output<typeof RuleChange>): RuleFacts => ({
  name: change.name ?? before.name,
  on: change.on ?? before.on,
  when: change.when ?? before.when,
  actions: change.actions ?? before.actions,
  enabled: change.enabled ?? before.enabled,
  position: change.position ?? before.position,
})

/** What is done by itself when something happens to a ticket. */
export const ruleRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listRules',
    path: '/rules',
    summary: 'List rules',
    description: 'In the order in which they are tried.',
    params: nothing,
    answer: z.object({ data: z.array(RuleSchema).readonly() }).openapi('RuleList'),
    example: { data: [example] },
    handle: async ({ api }) => ({ body: { data: (await api.rules.list.list()).map(ruleJson) } }),
  }),
  defineRoute({
    ...reading,
    ...one,
    id: 'getRule',
    path: '/rules/{id}',
    summary: 'Read a rule',
    versioned: true,
    params: IdParams,
    handle: async ({ api, params }) => {
      const rule = await api.rules.list.get(params.id)
      return { body: ruleJson(rule), version: rule.version }
    },
  }),
  defineRoute({
    ...managing,
    ...one,
    id: 'createRule',
    method: 'post',
    path: '/rules',
    summary: 'Create a rule',
    description:
      'It reacts to what happens from now on. Rules that would set each other going without end are refused.',
    status: 201,
    params: nothing,
    body: RuleInput,
    handle: async ({ api, body, idempotencyKey }) => {
      const rule = await api.rules.list.create(body, api.clock.now(), idempotencyKey)
      return { body: ruleJson(rule), version: rule.version, location: `/rules/${rule.id}` }
    },
  }),
  defineRoute({
    ...managing,
    ...one,
    id: 'changeRule',
    method: 'patch',
    path: '/rules/{id}',
    summary: 'Change a rule, or switch it on or off',
    description: 'What is left out stays.',
    versioned: true,
    params: IdParams,
    body: RuleChange,
    handle: async ({ api, params, body, version }) => {
      const { list } = api.rules
      const before = await list.get(params.id)
      try {
        const wanted = changed(before, body)
        const rule = await list.change(before.id, wanted, version ?? before.version, api.clock.now())
        return { body: ruleJson(rule), version: rule.version }
      } catch (error) {
        if (!(error instanceof TongdaError) || error.code !== 'conflict') throw error
        throw staleProblem(ruleJson(await list.get(before.id)), { version, changes: body })
      }
    },
  }),
  defineRoute({
    ...managing,
    id: 'deleteRule',
    method: 'delete',
    path: '/rules/{id}',
    summary: 'Delete a rule',
    description: 'What it did stays.',
    params: IdParams,
    body: nothing,
    answer: Done,
    example: done,
    handle: async ({ api, params }) => {
      await api.rules.list.remove(params.id)
      return { body: done }
    },
  }),
  defineRoute({
    ...managing,
    id: 'tryRule',
    method: 'post',
    path: '/rules/dry-run',
    summary: 'Try a rule on past tickets',
    description:
      'Goes back through the history of the tickets that changed last and tells where the rule would have done something, and what. Changes nothing.',
    ofContacts: true,
    params: nothing,
    body: z.strictObject({
      rule: RuleInput,
      days: z.number().int().min(1).max(90).default(7),
      tickets: z.number().int().min(1).max(1_000).default(200),
      ticket: TicketParams.shape.id
        .optional()
        .openapi({ description: 'Only this ticket, with all of its history, instead of the last ones' }),
    }),
    answer: DryRunSchema,
    example: {
      tickets: 200,
      matches: [
        {
          ...{ ticketId: '0198c0de-0000-7000-8000-00000000000a', number: 1001, title: '大会员多扣一个月' },
          ...{ at, change: 'opened', would: { facts: { priority: { from: 'normal', to: 'high' } } } },
        },
      ],
    },
    handle: async ({ api, body }) => {
      const since = new Date(api.clock.now().getTime() - body.days * dayMs)
      const { tickets, matches } =
        body.ticket === undefined
          ? await api.rules.dryRun(body.rule, since, body.tickets)
          : await api.rules.dryRunOn(body.rule, await idOf(api, body.ticket))
      return {
        body: {
          tickets,
          matches: matches.map(({ at: when, would, ...rest }) => ({
            ...rest,
            at: when.toISOString(),
            would: plannedJson(would),
          })),
        },
      }
    },
  }),
]
