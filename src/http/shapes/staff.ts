import { z } from '@hono/zod-openapi'
import { roles } from '../../core/agent.ts'
import type { Invitation, StaffMember } from '../../core/staff.ts'
import { toIso } from './iso.ts'
import { Moment } from './message.ts'
import type { SessionSchema } from './session.ts'

/** A person's name as colleagues and contacts see it. */
export const personName = z.string().trim().min(1).max(100)

/** Somebody who may sign in. */
export const AgentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(roles),
    teamIds: z.array(z.string()).readonly(),
    hasPassword: z.boolean(),
    hasSecondStep: z.boolean().openapi({ description: 'A code of an app is asked for when they sign in' }),
    issuers: z.array(z.string()).readonly().openapi({ description: 'Identity providers they sign in with' }),
    lastSeenAt: Moment.optional(),
    createdAt: Moment,
    updatedAt: Moment,
    deactivatedAt: Moment.optional().openapi({ description: 'Signs in no more' }),
    version: z.int(),
  })
  .openapi('Agent')

/** Somebody as JSON. */
export const memberJson = (member: StaffMember): z.output<typeof AgentSchema> => toIso(member)

const at = '2026-11-28T04:00:00.000Z'

export const agentExample: z.output<typeof AgentSchema> = {
  ...{ id: '0198c0de-0000-7000-8000-000000000003', name: '李然', email: 'li@example.com', role: 'agent' },
  teamIds: ['0198c0de-0000-7000-8000-000000000020'],
  ...{ hasPassword: true, hasSecondStep: true, issuers: [] },
  ...{ lastSeenAt: at, createdAt: at, updatedAt: at, version: 1 },
}

export const sessionExample: z.output<typeof SessionSchema> = {
  id: '0198c0de-0000-4000-8000-000000000030',
  ...{
    by: 'password',
    secondStep: 'code',
    createdAt: at,
    lastSeenAt: at,
    expiresAt: '2026-12-28T04:00:00.000Z',
  },
  ...{ address: '203.0.113.7', browser: 'Chrome · Windows', current: false },
}

const invitationFields = {
  id: z.string(),
  email: z.string(),
  name: z.string().optional().openapi({ description: 'Absent: they say it themselves' }),
  role: z.enum(roles),
  teamIds: z.array(z.string()).readonly(),
  invitedBy: z.string().openapi({ description: 'An agent’s id, a key’s id, or `command-line`' }),
  createdAt: Moment,
  expiresAt: Moment,
  acceptedAt: Moment.optional(),
  agentId: z.string().optional().openapi({ description: 'Who they became' }),
  withdrawnAt: Moment.optional(),
  version: z.int(),
}

/** A colleague to be. */
export const InvitationSchema = z.object(invitationFields).openapi('Invitation')

/** An invitation with its way to whom it is for. */
export const SentInvitationSchema = z
  .object({
    ...invitationFields,
    mailed: z.boolean(),
    link: z
      .string()
      .optional()
      .openapi({ description: 'To be handed over, where no mail was sent. Shown this once' }),
  })
  .openapi('SentInvitation')

/** An invitation as JSON. */
export const invitationJson = (invitation: Invitation): z.output<typeof InvitationSchema> => toIso(invitation)

export const invitationExample: z.output<typeof InvitationSchema> = {
  id: '0198c0de-0000-7000-8000-000000000040',
  ...{ email: 'chen@example.com', role: 'agent', teamIds: [] },
  invitedBy: agentExample.id,
  ...{ createdAt: at, expiresAt: '2026-12-05T04:00:00.000Z', version: 1 },
}
