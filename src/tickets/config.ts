import { z } from 'zod'

const ticketKinds = ['question', 'complaint', 'feedback', 'appeal', 'incident-report'] as const

const Label = z.strictObject({
  zh: z.string().trim().min(1).max(40).describe('Shown to Chinese readers.'),
  en: z.string().trim().min(1).max(40).describe('Shown to English readers.'),
})

const FieldConfigSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'must be a name like orderNumber: letters and digits')
      .describe('How the API and rules name it, e.g. orderNumber.'),
    label: Label.describe('How agents read it.'),
    type: z
      .enum(['text', 'number', 'yes-no', 'date', 'choice'])
      .default('text')
      .describe('What it holds. A date is written 2026-11-27. Default text.'),
    kinds: z.array(z.enum(ticketKinds)).default([]).describe('Kinds of tickets that have it. Default: all.'),
    choices: z
      .array(
        z.strictObject({
          value: z.string().min(1).max(60).describe('As stored.'),
          label: Label.describe('As read.'),
        }),
      )
      .max(100)
      .default([])
      .describe('What a field of type choice can be.'),
  })
  .refine(({ type, choices }) => (type === 'choice') === choices.length > 0, {
    path: ['choices'],
    error: 'must be given for a field of type choice, and for no other',
  })

/** One custom field of tickets. */
export type FieldConfig = z.output<typeof FieldConfigSchema>

/** The `tickets` section of the configuration: what agents do with tickets. */
export const ticketsConfig = z.strictObject({
  undoSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .default(5)
    .describe(
      "Seconds an agent's reply waits before it is sent, and a reply or a solve can be taken back. Default 5; 0: sent at once, nothing can be taken back.",
    ),
  reopenHours: z.coerce
    .number()
    .positive()
    .max(8_760)
    .default(72)
    .describe(
      'Hours after solving in which a contact who writes that it is not settled, or calls for a person again, gets the same ticket. Then it is closed, and what comes later is a new ticket that names it. Default 72.',
    ),
  fields: z
    .array(FieldConfigSchema)
    .max(60)
    .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, {
      error: 'must have different names',
    })
    .default([])
    .describe('Custom fields that agents fill in, by kind of ticket. Default: none.'),
})

/** A checked `tickets` section. */
export type TicketsConfig = z.output<typeof ticketsConfig>
