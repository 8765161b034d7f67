import { z } from '@hono/zod-openapi'
import { conditionFacts, type Macro, type Planned, type Rule } from '../../core/automation.ts'
import { Moment } from './message.ts'
import { topic } from './queue.ts'
import { TicketSchema, TimelineSchema } from './ticket.ts'

const { kind, priority } = TicketSchema.shape
const tags = z.array(z.string().max(200)).min(1).max(20).readonly()
const text = z.string().max(10_000).openapi({
  description: 'May name {{contact}}, {{ticket}} and {{agent}}',
})

/** One thing that is done to a ticket. */
const Action = z
  .discriminatedUnion('do', [
    z.strictObject({ do: z.literal('set-priority'), priority }),
    z.strictObject({ do: z.literal('set-kind'), kind }),
    z.strictObject({ do: z.literal('set-topic'), topic }),
    z.strictObject({ do: z.literal('add-tags'), tags }),
    z.strictObject({ do: z.literal('remove-tags'), tags }),
    z.strictObject({
      do: z.literal('set-field'),
      field: z.string().min(1).max(60),
      value: z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]),
    }),
    z.strictObject({ do: z.literal('queue'), teamId: z.uuid() }),
    z.strictObject({
      do: z.literal('hold'),
      reason: z.string().max(5_000),
      hours: z.number().positive().max(8_760).optional(),
    }),
    z.strictObject({ do: z.literal('solve') }),
    z.strictObject({ do: z.literal('note'), text }),
    z.strictObject({ do: z.literal('reply'), text }),
  ])
  .openapi('TicketAction')

const actions = z.array(Action).min(1).max(20).readonly()

const Condition = z
  .strictObject({
    fact: z.enum(conditionFacts).openapi({
      description: '`assigned`: yes or no; `tag`: any of its tags; `field`: the custom field `name`',
    }),
    name: z.string().min(1).max(60).optional().openapi({ description: 'For `field`: its name' }),
    op: z.enum(['is', 'is-not', 'contains']).openapi({
      description: '`is`: one of the values; `is-not`: none of them; `contains`: one of them in any place',
    }),
    values: z.array(z.string().min(1).max(200)).min(1).max(50).readonly(),
  })
  .refine(({ fact, name }) => (fact === 'field') === (name !== undefined), {
    path: ['name'],
    error: 'is given for the fact field, and for no other',
  })
  .openapi('TicketCondition')

const bothNames = z.strictObject({
  zh: z.string().trim().min(1).max(60),
  en: z.string().trim().min(1).max(60),
})

/** A macro's own facts, as they are read and written. */
export const macroFacts = { name: bothNames, actions }

export const MacroSchema = z
  .object({ id: z.string(), ...macroFacts, createdAt: Moment, updatedAt: Moment, version: z.number() })
  .openapi('Macro')

/** A rule's own facts, as they are read and written. */
export const ruleFacts = {
  name: z.string().trim().min(1).max(60),
  on: z
    .array(TimelineSchema.shape.change)
    .min(1)
    .max(40)
    .readonly()
    .openapi({ description: 'Words of a ticket’s history that it reacts to' }),
  when: z.array(Condition).max(20).readonly().openapi({ description: 'All of it must be so' }),
  actions,
  enabled: z.boolean(),
  position: z.number().int().min(0).max(100_000).openapi({ description: 'The smaller is tried first' }),
}

export const RuleSchema = z
  .object({
    id: z.string(),
    ...ruleFacts,
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number(),
    failure: z
      .object({ at: Moment, message: z.string() })
      .optional()
      .openapi({ description: 'Why its actions could not be done the last time that was so' }),
  })
  .openapi('Rule')

/** What would be done. */
export const PlannedSchema = z
  .object({
    facts: z
      .record(z.string(), z.object({ from: z.unknown(), to: z.unknown() }))
      .openapi({ description: 'Each fact as it is and as it would be' }),
    note: z.string().optional(),
    reply: z.string().optional(),
  })
  .openapi('Planned')

const timesOf = ({ createdAt, updatedAt }: { readonly createdAt: Date; readonly updatedAt: Date }) => ({
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** A macro as JSON. */
export const macroJson = (macro: Macro): z.output<typeof MacroSchema> => ({ ...macro, ...timesOf(macro) })

/** A rule as JSON. */
export const ruleJson = ({ failure, ...rule }: Rule): z.output<typeof RuleSchema> => ({
  ...rule,
  ...timesOf(rule),
  ...(failure === undefined ? {} : { failure: { ...failure, at: failure.at.toISOString() } }),
})

/** A plan as JSON: moments become text. */
export const plannedJson = ({ facts, ...texts }: Planned): z.output<typeof PlannedSchema> => ({
  ...texts,
  facts: Object.fromEntries(
    Object.entries(facts).map(([name, { from, to }]) => [
      name,
      {
        from: from instanceof Date ? from.toISOString() : from,
        to: to instanceof Date ? to.toISOString() : to,
      },
    ]),
  ),
})
