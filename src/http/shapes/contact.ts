import { z } from '@hono/zod-openapi'
import type { Contact, ContactIdentity } from '../../core/contact.ts'
import { Moment } from './message.ts'

/** An address of a contact, as far as agents may see it. */
const IdentitySchema = z
  .object({
    inboxId: z.string(),
    channel: z.string(),
    contactKey: z.string(),
    displayName: z.string().optional(),
    avatarMediaId: z.string().optional().openapi({ description: 'The picture at GET /media/{id}' }),
    fallback: z.boolean().openapi({
      description: 'The contact agreed to get answers here that cannot reach them where they asked',
    }),
    createdAt: Moment,
    conversationId: z.string().optional(),
    lastInboundAt: Moment.optional(),
    quota: z
      .record(z.string(), z.object({ left: z.number(), until: Moment, reserved: z.number() }))
      .optional()
      .openapi({ description: 'Open allowances: messages left, until when, how many only a person may use' }),
  })
  .openapi('ContactIdentity')

export const ContactSchema = z
  .object({
    id: z.string(),
    displayName: z.string(),
    tier: z.string().optional().openapi({ description: 'How the brand ranks the person' }),
    createdAt: Moment,
    identities: z.array(IdentitySchema).readonly(),
    merges: z
      .array(
        z.object({
          id: z.string(),
          fromContactId: z.string(),
          fromName: z.string(),
          at: Moment,
          reason: z.enum(['union', 'agent']),
          agentId: z.string().optional(),
          undoneAt: Moment.optional(),
        }),
      )
      .readonly(),
    tickets: z.array(z.object({ id: z.string(), number: z.number(), state: z.string() })).readonly(),
  })
  .openapi('Contact')

const identityJson = ({ createdAt, lastInboundAt, quota, ...rest }: ContactIdentity) => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  ...(lastInboundAt === undefined ? {} : { lastInboundAt: lastInboundAt.toISOString() }),
  ...(quota === undefined
    ? {}
    : {
        quota: Object.fromEntries(
          Object.entries(quota).map(([name, { until, ...left }]) => [
            name,
            { ...left, until: until.toISOString() },
          ]),
        ),
      }),
})

/** A contact as JSON. */
export const contactJson = (contact: Contact): z.infer<typeof ContactSchema> => ({
  ...contact,
  createdAt: contact.createdAt.toISOString(),
  identities: contact.identities.map(identityJson),
  merges: contact.merges.map(({ at, undoneAt, ...rest }) => ({
    ...rest,
    at: at.toISOString(),
    ...(undoneAt === undefined ? {} : { undoneAt: undoneAt.toISOString() }),
  })),
})
