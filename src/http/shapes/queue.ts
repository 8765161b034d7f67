import { z } from '@hono/zod-openapi'
import { availabilities, grades, spreads, type Presence, type Team, type Waiting } from '../../core/queue.ts'
import { Moment } from './message.ts'
import { TicketSchema } from './ticket.ts'

const { kind, priority, state } = TicketSchema.shape

export const topic = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be a topic, e.g. vip-refund')
  .max(60)
export const skill = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters, digits and hyphens, e.g. refunds')
  .max(40)
const channel = z.enum([
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

/** A team's own facts, as they are read and written. */
export const teamFacts = {
  name: z.object({ zh: z.string().trim().min(1).max(60), en: z.string().trim().min(1).max(60) }),
  spread: z.enum(spreads).openapi({
    description: 'leastLoaded: to who carries least of what they may; roundRobin: in turn',
  }),
  takes: z
    .object({
      kinds: z.array(kind).max(20).readonly(),
      topics: z.array(topic).max(200).readonly(),
      priorities: z.array(priority).max(3).readonly(),
      channels: z.array(channel).max(20).readonly(),
    })
    .openapi({
      description:
        'Which tickets it takes; an empty list: any. All empty: only what is transferred to it. Where several teams fit, the one that names most of the ticket takes it',
    }),
  skills: z.record(topic, skill).openapi({ description: 'The skill that tickets of a topic need, by topic' }),
  isDefault: z.boolean().openapi({ description: 'Takes what no other team does; one team at most' }),
}

export const TeamSchema = z
  .object({ id: z.string(), ...teamFacts, createdAt: Moment, updatedAt: Moment, version: z.number() })
  .openapi('Team')

export const MemberSchema = z
  .object({
    teamId: z.string(),
    agentId: z.string(),
    agentName: z.string(),
    grade: z.enum(grades),
    skills: z.array(skill).readonly(),
  })
  .openapi('TeamMember')

export const Availability = z.enum(availabilities).openapi({
  description: 'Only who is online is given tickets',
})

export const PresenceSchema = z
  .object({
    agentId: z.string(),
    agentName: z.string(),
    availability: Availability,
    automatic: z.boolean().openapi({ description: 'Nobody said so: it came of silence' }),
    since: Moment,
    seenAt: Moment.openapi({ description: 'The last sign of life of their desk' }),
    load: z.number().openapi({ description: 'Tickets they carry' }),
  })
  .openapi('Presence')

export const WaitingSchema = z
  .object({
    position: z.number().openapi({ description: '1: the next' }),
    ticketId: z.string(),
    number: z.number(),
    title: z.string(),
    state,
    priority,
    topic: z.string(),
    skill: skill.optional().openapi({ description: 'What who takes it must be able to' }),
    firstReplyDueAt: Moment,
    queuedAt: Moment,
  })
  .openapi('WaitingTicket')

/** A team as JSON. */
export const teamJson = ({ createdAt, updatedAt, ...rest }: Team): z.output<typeof TeamSchema> => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** Somebody's presence as JSON. */
export const presenceJson = ({ since, seenAt, ...rest }: Presence): z.output<typeof PresenceSchema> => ({
  ...rest,
  since: since.toISOString(),
  seenAt: seenAt.toISOString(),
})

/** A waiting ticket as JSON. */
export const waitingJson = (entry: Waiting): z.output<typeof WaitingSchema> => {
  const { skill: wanted, firstReplyDueAt, queuedAt, ...rest } = entry
  return {
    ...rest,
    ...(wanted === undefined ? {} : { skill: wanted }),
    firstReplyDueAt: firstReplyDueAt.toISOString(),
    queuedAt: queuedAt.toISOString(),
  }
}
