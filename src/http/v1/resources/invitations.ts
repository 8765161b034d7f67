import { z } from '@hono/zod-openapi'
import { roles } from '../../../core/agent.ts'
import {
  invitationExample,
  invitationJson,
  InvitationSchema,
  personName,
  SentInvitationSchema,
} from '../../shapes/staff.ts'
import type { SentInvitation } from '../../sign-in/invitations.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'
import { checkReach } from './agents.ts'

const cursors = createCursors('invitations', z.object({ before: z.uuid() }))

const Query = z.strictObject({
  ...pageQuery,
  settled: z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true')
    .openapi({
      type: 'string',
      enum: ['true', 'false'],
      description: 'Those accepted, withdrawn and run out, too',
    }),
})

const InvitationInput = z
  .strictObject({
    email: z.email().max(254),
    name: personName.optional(),
    role: z.enum(roles).default('agent'),
    teamIds: z.array(z.uuid()).max(50).default([]),
  })
  .openapi('InvitationInput', { example: { email: invitationExample.email, role: 'agent' } })

const reply = (
  { api }: Pick<RawCall, 'api'>,
  { invitation, mailed, path }: SentInvitation,
): Reply<z.output<typeof SentInvitationSchema>> => ({
  body: {
    ...invitationJson(invitation),
    mailed,
    ...(path === undefined ? {} : { link: `${api.origins().main}${path}` }),
  },
  version: invitation.version,
})

const managing = { tag: 'agents', permission: 'agent.manage', query: nothing } as const
const IdParams = z.strictObject({ id: z.uuid() })
const sentExample = { ...invitationExample, mailed: true }

/** Colleagues to be. */
export const invitationRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...managing,
    id: 'listInvitations',
    method: 'get',
    path: '/invitations',
    summary: 'List invitations',
    description: 'The newest first.',
    params: nothing,
    query: Query,
    body: nothing,
    answer: pageOf(InvitationSchema).openapi('InvitationPage'),
    example: { data: [invitationExample] },
    handle: async ({ api, query }) => {
      const { limit, settled } = query
      const facts = { settled, now: api.clock.now(), limit: limit + 1, ...cursors.read(query.cursor) }
      const page = cutPage(await api.staff.invitations.list(facts), limit, {
        json: invitationJson,
        cursor: ({ id }) => cursors.write({ before: id }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...managing,
    id: 'createInvitation',
    method: 'post',
    path: '/invitations',
    summary: 'Invite a colleague',
    description:
      'By mail where there is an inbox for it, else the answer brings the link. It is good for seven days, once.',
    status: 201,
    params: nothing,
    body: InvitationInput,
    answer: SentInvitationSchema,
    example: sentExample,
    handle: async (call) => {
      const { api, caller, body, idempotencyKey } = call
      checkReach(caller, body.role)
      const { name, ...wanted } = body
      const sent = await api.staff.invitations.invite({
        ...wanted,
        ...(name === undefined ? {} : { name }),
        invitedBy: caller.id,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      })
      return { ...reply(call, sent), location: `/invitations/${sent.invitation.id}` }
    },
  }),
  defineRoute({
    ...managing,
    id: 'getInvitation',
    method: 'get',
    path: '/invitations/{id}',
    summary: 'Read an invitation',
    versioned: true,
    params: IdParams,
    body: nothing,
    answer: InvitationSchema,
    example: invitationExample,
    handle: async ({ api, params }) => {
      const invitation = await api.staff.invitations.get(params.id)
      return { body: invitationJson(invitation), version: invitation.version }
    },
  }),
  defineRoute({
    ...managing,
    id: 'resendInvitation',
    method: 'post',
    path: '/invitations/{id}/resend',
    summary: 'Send an invitation again',
    description: 'With a new link, good for seven days; the one before ends.',
    versioned: true,
    params: IdParams,
    body: nothing,
    answer: SentInvitationSchema,
    example: sentExample,
    handle: async (call) => {
      const { api, caller, params, version } = call
      const { invitations } = api.staff
      checkReach(caller, (await invitations.get(params.id)).role)
      const sent = await showingCurrent(
        () => invitations.resend(params.id, version),
        async () => invitationJson(await invitations.get(params.id)),
        { version, changes: {} },
      )
      return reply(call, sent)
    },
  }),
  defineRoute({
    ...managing,
    id: 'withdrawInvitation',
    method: 'delete',
    path: '/invitations/{id}',
    summary: 'Withdraw an invitation',
    description: 'Its link ends. Withdrawing it again changes nothing.',
    versioned: true,
    params: IdParams,
    body: nothing,
    answer: InvitationSchema,
    example: { ...invitationExample, withdrawnAt: invitationExample.createdAt, version: 2 },
    handle: async ({ api, caller, params, version }) => {
      const { invitations } = api.staff
      checkReach(caller, (await invitations.get(params.id)).role)
      const withdrawn = await showingCurrent(
        () => invitations.withdraw(params.id, version),
        async () => invitationJson(await invitations.get(params.id)),
        { version, changes: {} },
      )
      return { body: invitationJson(withdrawn), version: withdrawn.version }
    },
  }),
]
