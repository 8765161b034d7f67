import { z } from '@hono/zod-openapi'
import {
  proposalStates,
  type Incident,
  type IncidentActor,
  type IncidentEntry,
  type IncidentNotice,
  type IncidentReport,
  type IncidentUpdate,
  type SpikeProposal,
} from '../../core/incident.ts'
import { noticeReasons, WordingSchema } from './feedback.ts'
import { Moment } from './message.ts'

/** Names as `inboxes` writes them. */
export const ChannelSchema = z.enum([
  'wechat',
  'wecom',
  'weibo',
  'email',
  'web',
  'telegram',
  'botframework',
  'wechaty',
  'api',
])

export const ActorSchema = z
  .object({
    kind: z.enum(['agent', 'key', 'system']),
    id: z.string().optional(),
    name: z.string().optional(),
  })
  .openapi('IncidentActor')

const actorJson = (actor: IncidentActor): z.output<typeof ActorSchema> =>
  actor.kind === 'system' ? { kind: 'system' } : { kind: actor.kind, id: actor.id, name: actor.name }

const Words = z.object({ zh: z.string(), en: z.string().optional() })
export const ChannelNoticesSchema = z.partialRecord(ChannelSchema, WordingSchema)

/** A spike that may be an incident. */
export const SpikeSchema = z
  .object({
    id: z.string(),
    topic: z.string().optional().openapi({ description: 'Absent: whatever the topic' }),
    channel: z.string().optional().openapi({ description: 'Absent: on every channel' }),
    sinceAt: Moment,
    evidence: z.object({
      observed: z.number().openapi({ description: 'Messages in the window' }),
      expected: z.number().openapi({ description: 'Messages usual for the window at this hour' }),
      factor: z.number(),
      minutes: z.number().openapi({ description: 'Length of the window' }),
      p: z.number().openapi({ description: 'Chance of so many or more when nothing is wrong' }),
    }),
    state: z.enum(proposalStates),
    endedAt: Moment.optional().openapi({ description: 'When it was calm again' }),
    settledAt: Moment.optional(),
    settledBy: ActorSchema.optional(),
    reason: z.string().optional(),
    incidentId: z.string().optional(),
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('SpikeProposal')

const iso = (at: Date | undefined): string | undefined => at?.toISOString()

/** Leaves out what is undefined. */
const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value

export const spikeJson = (spike: SpikeProposal): z.output<typeof SpikeSchema> => {
  const { sinceAt, endedAt, settledAt, settledBy, createdAt, updatedAt, ...rest } = spike
  return present({
    ...rest,
    sinceAt: sinceAt.toISOString(),
    endedAt: iso(endedAt),
    settledAt: iso(settledAt),
    settledBy: settledBy === undefined ? undefined : actorJson(settledBy),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  })
}

/** A known disturbance. */
export const IncidentSchema = z
  .object({
    id: z.string(),
    number: z.number().openapi({ description: 'Shown as I-<number>' }),
    title: Words,
    notice: Words.openapi({ description: 'What contacts hear above the answer' }),
    channelNotices: z.partialRecord(ChannelSchema, Words).readonly(),
    noticeVersion: z.number(),
    topics: z.array(z.string()).readonly().openapi({ description: 'Empty: every topic' }),
    channels: z.array(ChannelSchema).readonly().openapi({ description: 'Empty: every channel' }),
    parentTicketId: z.string().optional(),
    spikeId: z.string().optional(),
    sinceAt: Moment,
    state: z.enum(['open', 'closed']),
    declaredAt: Moment,
    declaredBy: ActorSchema,
    closedAt: Moment.optional(),
    closedBy: ActorSchema.optional(),
    updatedAt: Moment,
    tickets: z.number().openapi({ description: 'Tickets that hang under it' }),
    openTickets: z.number(),
    followers: z.number().openapi({ description: 'People who are told how it goes on' }),
    heard: z.number().openapi({ description: 'Conversations that heard the notice' }),
    version: z.number(),
  })
  .openapi('Incident')

export const incidentJson = (incident: Incident): z.output<typeof IncidentSchema> => {
  const { sinceAt, declaredAt, declaredBy, closedAt, closedBy, updatedAt, ...rest } = incident
  return present({
    ...rest,
    sinceAt: sinceAt.toISOString(),
    declaredAt: declaredAt.toISOString(),
    declaredBy: actorJson(declaredBy),
    closedAt: iso(closedAt),
    closedBy: closedBy === undefined ? undefined : actorJson(closedBy),
    updatedAt: updatedAt.toISOString(),
  })
}

export const IncidentEntrySchema = z
  .object({
    id: z.number(),
    at: Moment,
    actor: ActorSchema,
    change: z.enum(['declared', 'changed', 'updated', 'hung', 'taken-out', 'closed']),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('IncidentEntry')
export const incidentEntryJson = ({
  at,
  actor,
  ...rest
}: IncidentEntry): z.output<typeof IncidentEntrySchema> => ({
  ...rest,
  at: at.toISOString(),
  actor: actorJson(actor),
})

export const IncidentUpdateSchema = z
  .object({ id: z.string(), kind: z.enum(['update', 'closed']), wording: Words, at: Moment, by: ActorSchema })
  .openapi('IncidentUpdate')
export const incidentUpdateJson = ({
  at,
  by,
  ...rest
}: IncidentUpdate): z.output<typeof IncidentUpdateSchema> => ({
  ...rest,
  at: at.toISOString(),
  by: actorJson(by),
})

export const IncidentNoticeSchema = z
  .object({
    id: z.string(),
    updateId: z.string(),
    contactId: z.string(),
    conversationId: z.string(),
    state: z.enum(['planned', 'told', 'waits', 'never']),
    way: z.enum(['now', 'fallback', 'next-message']).optional(),
    reason: z.enum(noticeReasons).optional().openapi({ description: 'Why it waits, or is never told' }),
    messageId: z.string().optional(),
    delivery: z.string().optional().openapi({ description: 'How the message that tells it fares' }),
    createdAt: Moment,
    settledAt: Moment.optional(),
  })
  .openapi('IncidentNotice')
export const incidentNoticeJson = ({
  createdAt,
  settledAt,
  ...rest
}: IncidentNotice): z.output<typeof IncidentNoticeSchema> =>
  present({ ...rest, createdAt: createdAt.toISOString(), settledAt: iso(settledAt) })

/** What was, when it is over, or so far. */
export const IncidentReportSchema = z
  .object({
    incident: IncidentSchema,
    spike: SpikeSchema.optional(),
    from: Moment,
    to: Moment,
    timeZone: z.string(),
    timeline: z.array(IncidentEntrySchema).readonly(),
    updates: z.array(IncidentUpdateSchema).readonly(),
    channels: z
      .array(z.object({ channel: z.string(), count: z.number(), usual: z.number().optional() }))
      .readonly(),
    slots: z
      .array(z.object({ at: Moment, channel: z.string(), count: z.number(), usual: z.number().optional() }))
      .readonly()
      .openapi({
        description: 'Ten minutes each; usual: the mean of the same time in up to four weeks before',
      }),
    tickets: z.object({
      total: z.number(),
      open: z.number(),
      solved: z.number(),
      replied: z.number(),
      medianReplyMinutes: z.number().optional(),
    }),
    told: z
      .object({
        now: z.number(),
        fallback: z.number(),
        'next-message': z.number(),
        planned: z.number(),
        waits: z.number(),
        never: z.number(),
      })
      .readonly(),
    reasons: z.record(z.string(), z.number()).readonly(),
  })
  .openapi('IncidentReport')

export const incidentReportJson = (report: IncidentReport): z.output<typeof IncidentReportSchema> => {
  const { incident, spike, from, to, timeline, updates, slots, ...rest } = report
  return present({
    ...rest,
    incident: incidentJson(incident),
    spike: spike === undefined ? undefined : spikeJson(spike),
    from: from.toISOString(),
    to: to.toISOString(),
    timeline: timeline.map(incidentEntryJson),
    updates: updates.map(incidentUpdateJson),
    slots: slots.map(({ at, ...slot }) => ({ ...slot, at: at.toISOString() })),
  })
}
