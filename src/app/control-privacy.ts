import { z } from 'zod'
import {
  heldKinds,
  retainedKinds,
  type ContactExport,
  type ContactExports,
  type Erasure,
  type Erasures,
  type LegalHold,
  type LegalHolds,
} from '../core/personal-data.ts'
import type { RetentionCounts } from '../privacy/index.ts'

// Copying, erasing and holding, as the command line asks a running product for it.

const id = z.string().max(100)
const reason = z.string().max(1_000)
const version = z.exactOptional(z.number().int())

/** What can be asked. */
export const PrivacyAsk = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('request-export'), contactId: id, reason }),
  z.strictObject({ what: z.literal('get-export'), contactId: id, id }),
  z.strictObject({ what: z.literal('take-export'), contactId: id, id }),
  z.strictObject({ what: z.literal('plan-erasure'), contactId: id, reason }),
  z.strictObject({ what: z.literal('get-erasure'), contactId: id }),
  z.strictObject({ what: z.literal('confirm-erasure'), contactId: id, version }),
  z.strictObject({ what: z.literal('cancel-erasure'), contactId: id, version }),
  z.strictObject({
    what: z.literal('list-holds'),
    lifted: z.boolean(),
    limit: z.number().int().min(1).max(1_000),
  }),
  z.strictObject({ what: z.literal('get-hold'), id }),
  z.strictObject({ what: z.literal('set-hold'), kind: z.enum(heldKinds), id, reason }),
  z.strictObject({ what: z.literal('lift-hold'), id, reason, version }),
  z.strictObject({ what: z.literal('retention'), dryRun: z.boolean() }),
])
export type PrivacyAsk = z.infer<typeof PrivacyAsk>

/** Copying, erasing and holding, whichever way it reaches the data. */
export interface PrivacyTool {
  readonly exports: Pick<ContactExports, 'request' | 'get'> & {
    /** Writes down that it is taken. */
    readonly note: (contactId: string, id: string) => Promise<void>
  }
  readonly erasures: Erasures
  readonly holds: LegalHolds
  /** What is over its time, and removed unless `dryRun`. */
  readonly retention: (dryRun: boolean) => Promise<RetentionCounts>
}

/** Does what the command line asks for. */
export const performPrivacy = (ask: PrivacyAsk, tool: PrivacyTool): Promise<unknown> => {
  const { exports, erasures, holds, retention } = tool
  switch (ask.what) {
    case 'request-export':
      return exports.request(ask.contactId, ask.reason)
    case 'get-export':
      return exports.get(ask.contactId, ask.id)
    case 'take-export':
      return exports.note(ask.contactId, ask.id).then(() => null)
    case 'plan-erasure':
      return erasures.plan(ask.contactId, ask.reason)
    case 'get-erasure':
      return erasures.get(ask.contactId)
    case 'confirm-erasure':
      return erasures.confirm(ask.contactId, ask.version)
    case 'cancel-erasure':
      return erasures.cancel(ask.contactId, ask.version)
    case 'list-holds':
      return holds.list(ask)
    case 'get-hold':
      return holds.get(ask.id)
    case 'set-hold':
      return holds.set(ask, ask.reason)
    case 'lift-hold':
      return holds.lift(ask.id, ask.reason, ask.version)
    case 'retention':
      return retention(ask.dryRun)
    default:
      return ask satisfies never
  }
}

const moment = z.coerce.date()
const actor = z.strictObject({ kind: z.enum(['agent', 'key', 'system']), id: z.string() })
const bilingual = z.strictObject({ zh: z.string(), en: z.string() })

const ExportAnswer: z.ZodType<ContactExport> = z.strictObject({
  ...{ id: z.string(), contactId: z.string(), reason: z.string(), requestedBy: actor, requestedAt: moment },
  state: z.enum(['waiting', 'ready', 'failed', 'expired']),
  readyAt: z.exactOptional(moment),
  expiresAt: z.exactOptional(moment),
  bytes: z.exactOptional(z.number()),
})

const ErasureAnswer: z.ZodType<Erasure> = z.strictObject({
  ...{ id: z.string(), contactId: z.string(), reason: z.string(), version: z.number() },
  state: z.enum(['planned', 'confirmed', 'done', 'cancelled']),
  lines: z.array(
    z.strictObject({
      ...{ table: z.string(), title: bilingual, rows: z.number(), fate: z.enum(['deleted', 'blanked']) },
      why: z.exactOptional(bilingual),
    }),
  ),
  blockedBy: z.array(
    z.strictObject({
      ...{ kind: z.enum(['hold', 'complaint']), id: z.string(), state: z.exactOptional(z.string()) },
      held: z.exactOptional(z.strictObject({ kind: z.enum(heldKinds), id: z.string(), reason: z.string() })),
    }),
  ),
  ...{ plannedBy: actor, plannedAt: moment },
  ...{
    confirmedBy: z.exactOptional(actor),
    confirmedAt: z.exactOptional(moment),
    doneAt: z.exactOptional(moment),
  },
})

const HoldAnswer: z.ZodType<LegalHold> = z.strictObject({
  ...{ id: z.string(), objectKind: z.enum(heldKinds), objectId: z.string(), reason: z.string() },
  ...{ setBy: actor, setAt: moment, version: z.number() },
  ...{
    liftedBy: z.exactOptional(actor),
    liftedAt: z.exactOptional(moment),
    liftReason: z.exactOptional(z.string()),
  },
})

const CountsAnswer = z.record(z.enum(retainedKinds), z.number())

/** The tool as `ask` reaches it in another process. */
export const remotePrivacy = (
  ask: <Answer>(schema: z.ZodType<Answer>, request: PrivacyAsk) => Promise<Answer>,
): PrivacyTool => {
  const given = (version: number | undefined) => (version === undefined ? {} : { version })
  return {
    exports: {
      request: (contactId, why) => ask(ExportAnswer, { what: 'request-export', contactId, reason: why }),
      get: (contactId, exportId) => ask(ExportAnswer, { what: 'get-export', contactId, id: exportId }),
      note: async (contactId, exportId) => {
        await ask(z.null(), { what: 'take-export', contactId, id: exportId })
      },
    },
    erasures: {
      plan: (contactId, why) => ask(ErasureAnswer, { what: 'plan-erasure', contactId, reason: why }),
      get: (contactId) => ask(ErasureAnswer, { what: 'get-erasure', contactId }),
      confirm: (contactId, seen) =>
        ask(ErasureAnswer, { what: 'confirm-erasure', contactId, ...given(seen) }),
      cancel: (contactId, seen) => ask(ErasureAnswer, { what: 'cancel-erasure', contactId, ...given(seen) }),
    },
    holds: {
      list: ({ lifted, limit }) => ask(z.array(HoldAnswer), { what: 'list-holds', lifted, limit }),
      get: (holdId) => ask(HoldAnswer, { what: 'get-hold', id: holdId }),
      set: ({ kind, id: objectId }, why) =>
        ask(HoldAnswer, { what: 'set-hold', kind, id: objectId, reason: why }),
      lift: (holdId, why, seen) =>
        ask(HoldAnswer, { what: 'lift-hold', id: holdId, reason: why, ...given(seen) }),
    },
    retention: (dryRun) => ask(CountsAnswer, { what: 'retention', dryRun }),
  }
}
