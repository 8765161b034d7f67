import { z } from '@hono/zod-openapi'
import { heldKinds } from '../../core/personal-data.ts'
import { Moment } from './message.ts'

const ActorSchema = z
  .object({ kind: z.enum(['agent', 'key', 'system']), id: z.string() })
  .openapi('PrivacyActor')

const BilingualSchema = z.object({ zh: z.string(), en: z.string() }).openapi('Bilingual')

/** The erasure of a contact. */
export const ErasureSchema = z
  .object({
    id: z.string(),
    contactId: z.string(),
    reason: z.string(),
    state: z.enum(['planned', 'confirmed', 'done', 'cancelled']).openapi({
      description: 'confirmed: under way, and not to be taken back',
    }),
    lines: z
      .array(
        z.object({
          table: z.string(),
          title: BilingualSchema,
          rows: z.number().int(),
          fate: z.enum(['deleted', 'blanked']).openapi({
            description: 'blanked: the rows stay as numbers, without the person',
          }),
          why: BilingualSchema.optional().openapi({ description: 'Why they stay' }),
        }),
      )
      .readonly()
      .openapi({
        description: 'What goes and what stays: now while it is planned, else when it was confirmed',
      }),
    blockedBy: z
      .array(
        z.object({
          kind: z.enum(['hold', 'complaint']),
          id: z.string(),
          held: z.object({ kind: z.enum(heldKinds), id: z.string(), reason: z.string() }).optional(),
          state: z.string().optional().openapi({ description: 'Of a complaint case' }),
        }),
      )
      .readonly()
      .openapi({ description: 'Empty: it can be confirmed' }),
    plannedBy: ActorSchema,
    plannedAt: Moment,
    confirmedBy: ActorSchema.optional(),
    confirmedAt: Moment.optional(),
    doneAt: Moment.optional(),
    version: z.number().int(),
  })
  .openapi('Erasure')

/** A copy of what is known of a contact. */
export const ContactExportSchema = z
  .object({
    id: z.string(),
    contactId: z.string(),
    reason: z.string(),
    state: z.enum(['waiting', 'ready', 'failed', 'expired']),
    requestedBy: ActorSchema,
    requestedAt: Moment,
    readyAt: Moment.optional(),
    expiresAt: Moment.optional().openapi({ description: 'Until when it can be taken' }),
    bytes: z.number().optional(),
  })
  .openapi('ContactExport')

/** That something must be kept. */
export const LegalHoldSchema = z
  .object({
    id: z.string(),
    objectKind: z.enum(heldKinds),
    objectId: z.string(),
    reason: z.string(),
    setBy: ActorSchema,
    setAt: Moment,
    liftedBy: ActorSchema.optional(),
    liftedAt: Moment.optional(),
    liftReason: z.string().optional(),
    version: z.number().int(),
  })
  .openapi('LegalHold')

/** Why something is done with personal data; kept for years, so what tells of the person in it is masked. */
export const ReasonField = z.string().trim().min(2).max(500).openapi({ description: 'Why; it is recorded' })
