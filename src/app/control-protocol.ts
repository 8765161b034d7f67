/**
 * How the command line talks to the product that runs on the same data folder: one JSON request over HTTP on loopback,
 * proven by a key that only this user can read. Both sides parse with these schemas.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { roles } from '../core/agent.ts'
import { scopes } from '../core/api-key.ts'
import { auditFaults } from '../core/audit.ts'
import { weekdays } from '../core/calendar.ts'
import { LettersAsk } from './control-letters.ts'
import { PrivacyAsk } from './control-privacy.ts'
import { knowledgeRequests } from './knowledge-protocol.ts'

/** Where a running product says how it is reached, beside its lock. */
export const controlFile = (folder: string): string => join(folder, 'control.json')

/** What stands in that file. `pid` is the lock holder's, so that a file left by a killed process counts for nothing. */
export const ControlAddress = z.strictObject({
  pid: z.number().int(),
  port: z.number().int().min(1).max(65_535),
  key: z.string().regex(/^[\w-]{43}$/),
})
export type ControlAddress = z.infer<typeof ControlAddress>

const moment = z.coerce.date()
const civilDate = z.iso.date()

const DayRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed') }),
  z.strictObject({ kind: z.literal('ordinary') }),
  z.strictObject({ kind: z.literal('workday'), like: z.exactOptional(z.enum(weekdays)) }),
  z.strictObject({
    kind: z.literal('hours'),
    spans: z
      .array(
        z.strictObject({
          from: z.number().int().min(0).max(1_439),
          to: z.number().int().min(1).max(2_879),
        }),
      )
      .max(100)
      .readonly(),
  }),
])
const day = { date: civilDate, rule: DayRule, name: z.exactOptional(z.string().max(100)) }
const origin = { source: z.string().max(500), importedAt: moment, importedBy: z.string().max(200) }
const holidaySet = {
  set: z.string().max(100),
  version: z.number().int().min(0),
  knownUntil: z.exactOptional(civilDate),
}

/** What can be asked; nothing else. */
export const ControlRequest = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('status') }),
  z.strictObject({
    act: z.literal('add-person'),
    name: z.string().max(1_000),
    email: z.string().max(1_000),
    role: z.enum(roles),
  }),
  z.strictObject({ act: z.literal('link-person'), email: z.string().max(1_000) }),
  z.strictObject({ act: z.literal('list-people') }),
  z.strictObject({ act: z.literal('invite-person'), email: z.string().max(1_000), role: z.enum(roles) }),
  z.strictObject({ act: z.literal('reset-totp'), email: z.string().max(1_000) }),
  z.strictObject({
    act: z.literal('create-key'),
    name: z.string().max(1_000),
    scopes: z.array(z.enum(scopes)).max(scopes.length).readonly(),
    expiresInDays: z.exactOptional(z.number()),
  }),
  z.strictObject({ act: z.literal('list-keys') }),
  z.strictObject({ act: z.literal('revoke-key'), id: z.string().max(100) }),
  z.strictObject({
    act: z.literal('verify-audit'),
    noted: z.exactOptional(z.strictObject({ number: z.number().int().min(1), hash: z.string().max(200) })),
  }),
  z.strictObject({ act: z.literal('copy-database') }),
  z.strictObject({ act: z.literal('list-inboxes') }),
  z.strictObject({ act: z.literal('inbox-traffic'), inboxId: z.string().max(100) }),
  z.strictObject({ act: z.literal('job-depth') }),
  z.strictObject({ act: z.literal('dead-jobs'), limit: z.number().int().min(1).max(1_000) }),
  z.strictObject({ act: z.literal('replay-job'), id: z.string().max(100) }),
  z.strictObject({ act: z.literal('letters'), ask: LettersAsk }),
  z.strictObject({ act: z.literal('privacy'), ask: PrivacyAsk }),
  ...knowledgeRequests,
  z.strictObject({ act: z.literal('list-holidays') }),
  z.strictObject({
    act: z.literal('import-holidays'),
    change: z.strictObject({
      ...holidaySet,
      ...origin,
      days: z.array(z.strictObject(day)).max(4_000).readonly(),
    }),
  }),
])
export type ControlRequest = z.infer<typeof ControlRequest>

const Person = z.strictObject({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles) })

/** Answers `status`. */
export const ControlStatus = z.strictObject({ url: z.url(), ready: z.boolean() })
/** Answers `link-person` and `invite-person`. */
export const LinkAnswer = z.strictObject({ url: z.url(), expiresAt: z.coerce.date() })
/** Answers `add-person`. */
export const AddedPerson = z.strictObject({ agent: Person, link: LinkAnswer })
/** Answers `reset-totp`. */
export const PersonAnswer = Person
/** Answers `list-people`. */
export const PeopleAnswer = z.array(Person)

const Key = z.strictObject({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdBy: z.string(),
  createdAt: moment,
  expiresAt: z.exactOptional(moment),
  lastUsedAt: z.exactOptional(moment),
  revokedAt: z.exactOptional(moment),
})
/** Answers `create-key`. */
export const CreatedKey = z.strictObject({ key: Key, token: z.string() })
/** Answers `list-keys`. */
export const KeysAnswer = z.array(Key)
/** Answers `revoke-key`. */
export const RevokedKey = Key
/** Answers `verify-audit`. */
export const VerdictAnswer = z.strictObject({
  lines: z.number(),
  head: z.exactOptional(z.strictObject({ number: z.number(), hash: z.string() })),
  fault: z.exactOptional(z.strictObject({ number: z.number(), what: z.enum(auditFaults) })),
  noted: z.exactOptional(z.enum(['same', 'retired'])),
})

/** Answers `list-inboxes`. */
export const InboxesAnswer = z.array(
  z.strictObject({
    inboxId: z.string(),
    channel: z.string(),
    state: z.enum(['starting', 'running', 'failing', 'stopped']),
    since: moment,
    lastError: z.exactOptional(z.strictObject({ at: moment, message: z.string() })),
    nextTryAt: z.exactOptional(moment),
    pause: z.exactOptional(z.strictObject({ until: moment, reason: z.string() })),
  }),
)
export type InboxesAnswer = z.infer<typeof InboxesAnswer>
/** Answers `inbox-traffic`. */
export const TrafficAnswer = z.strictObject({
  firstMessageAt: z.exactOptional(moment),
  firstReplyAt: z.exactOptional(moment),
})

/** Answers `job-depth`. */
export const DepthAnswer = z.array(
  z.strictObject({
    ...{ kind: z.string(), waiting: z.number(), running: z.number(), dead: z.number(), lateMs: z.number() },
  }),
)
/** Answers `dead-jobs`. */
export const DeadJobsAnswer = z.array(
  z.strictObject({
    ...{ id: z.string(), kind: z.string(), tries: z.number(), error: z.string() },
    ...{ createdAt: moment, diedAt: moment },
  }),
)

/** Answers `list-holidays`. */
export const HolidaysAnswer = z.array(
  z.strictObject({ ...holidaySet, days: z.array(z.strictObject({ ...day, ...origin })) }),
)

/** A refusal; `code` is an error's, as far as it can come from here. */
export const ControlRefusal = z.strictObject({
  code: z.enum(['bad_input', 'conflict', 'not_found', 'unauthenticated', 'failed']),
  message: z.string(),
})
export type ControlRefusal = z.infer<typeof ControlRefusal>

/** More than any request needs; the largest brings a file of articles. */
export const maxControlBytes = 8_388_608
