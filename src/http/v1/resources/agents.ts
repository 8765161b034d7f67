import { z } from '@hono/zod-openapi'
import { permissions, roles, type Role } from '../../../core/agent.ts'
import { topics } from '../../../core/bus.ts'
import type { StaffMember } from '../../../core/staff.ts'
import { Problem } from '../../problem.ts'
import { Done, done } from '../../shapes/done.ts'
import { sessionJson, SessionSchema } from '../../shapes/session.ts'
import { agentExample, AgentSchema, memberJson, personName, sessionExample } from '../../shapes/staff.ts'
import type { Caller } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'

/** Nobody makes, changes or locks out somebody who may do what they may not. */
export const checkReach = (caller: Caller, role: Role): void => {
  const beyond = permissions[role].filter((permission) => !caller.permissions.has(permission))
  if (beyond.length > 0)
    throw new Problem('forbidden', `the role ${role} may do what you may not: ${beyond.join(', ')}`, {
      permissions: beyond,
    })
}

type Call = Pick<RawCall, 'api' | 'caller' | 'version'>

const reply = (member: StaffMember): Reply<z.output<typeof AgentSchema>> => ({
  body: memberJson(member),
  version: member.version,
})

/** Changes somebody within the caller's reach; who was changed meanwhile is shown as they are. */
const changing = async (
  { api, caller, version }: Call,
  { id, changes, what }: { readonly id: string; readonly changes: unknown; readonly what: string },
  work: (expectedVersion: number | undefined) => Promise<StaffMember>,
): Promise<Reply<z.output<typeof AgentSchema>>> => {
  const { members } = api.staff
  checkReach(caller, (await members.get(id)).role)
  const member = await showingCurrent(
    () => work(version),
    async () => memberJson(await members.get(id)),
    { version, changes },
  )
  api.log.info({ agentId: id, by: caller.id }, what)
  // Their streams look whether they are still signed in, the queues who is there.
  api.bus.publish(topics.sessions, { agentId: id })
  api.bus.publish(topics.presence, {})
  return reply(member)
}

const tag = 'agents'
const IdParams = z.strictObject({ id: z.string().min(1).max(100) })
const reading = { tag, permission: 'agent.read', method: 'get', body: nothing } as const
const managing = { tag, permission: 'agent.manage', params: IdParams, query: nothing } as const
const oneAgent = { answer: AgentSchema, example: agentExample, versioned: true } as const

const ChangeInput = z
  .strictObject({
    name: personName.optional(),
    role: z.enum(roles).optional(),
    teamIds: z.array(z.uuid()).max(50).optional().openapi({
      description: 'All teams they are in from now on; who is in one already keeps grade and skills',
    }),
  })
  .openapi('AgentChange', { example: { role: 'senior' } })

const readingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listAgents',
    path: '/agents',
    summary: 'List the people who may sign in',
    description: 'By name.',
    params: nothing,
    query: z.strictObject({
      deactivated: z
        .enum(['true', 'false'])
        .default('false')
        .transform((word) => word === 'true')
        .openapi({ type: 'string', enum: ['true', 'false'], description: 'Those who were deactivated, too' }),
    }),
    answer: z.object({ data: z.array(AgentSchema).readonly() }).openapi('AgentList'),
    example: { data: [agentExample] },
    handle: async ({ api, query }) => ({
      body: { data: (await api.staff.members.list(query)).map(memberJson) },
    }),
  }),
  defineRoute({
    ...reading,
    ...oneAgent,
    id: 'getAgent',
    path: '/agents/{id}',
    summary: 'Read who somebody is and may do',
    params: IdParams,
    query: nothing,
    handle: async ({ api, params }) => reply(await api.staff.members.get(params.id)),
  }),
]

const changingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...managing,
    ...oneAgent,
    id: 'changeAgent',
    method: 'patch',
    path: '/agents/{id}',
    summary: 'Change somebody’s name, role or teams',
    description: 'What is left out stays. A new role ends all their sessions. One administrator must remain.',
    body: ChangeInput,
    handle: (call) => {
      const { api, caller, params, body } = call
      if (body.role !== undefined) checkReach(caller, body.role)
      const { name, role, teamIds } = body
      const facts = {
        ...(name === undefined ? {} : { name }),
        ...(role === undefined ? {} : { role }),
        ...(teamIds === undefined ? {} : { teamIds }),
      }
      return changing(call, { id: params.id, changes: body, what: 'agent changed' }, (expectedVersion) =>
        api.staff.members.change(
          params.id,
          { ...facts, ...(expectedVersion === undefined ? {} : { expectedVersion }) },
          api.clock.now(),
        ),
      )
    },
  }),
  defineRoute({
    ...managing,
    ...oneAgent,
    id: 'deactivateAgent',
    method: 'post',
    path: '/agents/{id}/deactivate',
    summary: 'Deactivate somebody',
    description:
      'They sign in no more, at once; their tickets go back to the queue. What they said and did stays. One administrator must remain.',
    body: nothing,
    handle: (call) => {
      const { api, params } = call
      return changing(call, { id: params.id, changes: {}, what: 'agent deactivated' }, async (version) => {
        const { member, ticketIds } = await api.staff.members.deactivate(params.id, api.clock.now(), version)
        for (const ticketId of ticketIds) api.bus.publish(topics.ticket, { ticketId })
        return member
      })
    },
  }),
  defineRoute({
    ...managing,
    ...oneAgent,
    id: 'reactivateAgent',
    method: 'post',
    path: '/agents/{id}/reactivate',
    summary: 'Let somebody sign in again',
    body: nothing,
    handle: (call) => {
      const { api, params } = call
      return changing(call, { id: params.id, changes: {}, what: 'agent reactivated' }, (version) =>
        api.staff.members.reactivate(params.id, api.clock.now(), version),
      )
    },
  }),
]

/** For what is done to how somebody signs in: within the caller's reach, and their streams hear of it. */
const within = async (
  { api, caller }: Pick<RawCall, 'api' | 'caller'>,
  agentId: string,
  work: () => Promise<unknown>,
): Promise<void> => {
  checkReach(caller, (await api.staff.members.get(agentId)).role)
  await work()
  api.log.info({ agentId, by: caller.id }, 'sign-in of an agent changed')
  api.bus.publish(topics.sessions, { agentId })
}

const signInRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...managing,
    id: 'listAgentSessions',
    method: 'get',
    path: '/agents/{id}/sessions',
    summary: 'List where somebody is signed in',
    description: 'The last used first.',
    body: nothing,
    answer: z.object({ data: z.array(SessionSchema).readonly() }).openapi('SessionList'),
    example: { data: [sessionExample] },
    handle: async ({ api, params }) => {
      const { id } = await api.staff.members.get(params.id)
      return { body: { data: (await api.signIn.sessions.list(id)).map((one) => sessionJson(one)) } }
    },
  }),
  defineRoute({
    ...managing,
    id: 'endAgentSession',
    method: 'delete',
    path: '/agents/{id}/sessions/{sessionId}',
    summary: 'End one session of somebody',
    params: z.strictObject({ id: z.string().min(1).max(100), sessionId: z.uuid() }),
    body: nothing,
    answer: Done,
    example: done,
    handle: async (call) => {
      const { id, sessionId } = call.params
      await within(call, id, () => call.api.signIn.sessions.revoke(id, sessionId))
      return { body: done }
    },
  }),
  defineRoute({
    ...managing,
    id: 'endAgentSessions',
    method: 'delete',
    path: '/agents/{id}/sessions',
    summary: 'End all sessions of somebody',
    body: nothing,
    answer: Done,
    example: done,
    handle: async (call) => {
      const { id } = call.params
      await within(call, id, () => call.api.signIn.sessions.revokeOthers(id))
      return { body: done }
    },
  }),
  defineRoute({
    ...managing,
    id: 'resetSecondStep',
    method: 'post',
    path: '/agents/{id}/second-step/reset',
    summary: 'Take down somebody’s second step of signing in',
    description: 'For who lost their phone and recovery codes. All their sessions end.',
    body: nothing,
    answer: Done,
    example: done,
    handle: async (call) => {
      const { id } = call.params
      await within(call, id, () => call.api.signIn.resetSecondStep(id))
      return { body: done }
    },
  }),
]

/** The people who may sign in, and how. */
export const agentRoutes: readonly ApiRoute[] = [...readingRoutes, ...changingRoutes, ...signInRoutes]
