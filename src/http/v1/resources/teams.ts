import { z } from '@hono/zod-openapi'
import { topics } from '../../../core/bus.ts'
import { TongdaError } from '../../../core/errors.ts'
import type { TeamFacts } from '../../../core/queue.ts'
import {
  MemberSchema,
  skill,
  teamFacts,
  teamJson,
  TeamSchema,
  waitingJson,
  WaitingSchema,
} from '../../shapes/queue.ts'
import { Done, done } from '../../shapes/done.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import { staleProblem } from '../versions.ts'

const at = '2026-11-27T04:00:00.000Z'
const teamExample: z.output<typeof TeamSchema> = {
  id: '0198c0de-0000-7000-8000-000000000020',
  name: { zh: '会员组', en: 'Memberships' },
  spread: 'leastLoaded',
  takes: { kinds: [], topics: ['vip-refund'], priorities: [], channels: [] },
  skills: { 'vip-refund': 'refunds' },
  isDefault: false,
  createdAt: at,
  updatedAt: at,
  version: 1,
}
const memberExample: z.output<typeof MemberSchema> = {
  teamId: teamExample.id,
  agentId: '0198c0de-0000-7000-8000-000000000003',
  agentName: '李然',
  grade: 'senior',
  skills: ['refunds'],
}

const { name, spread, takes, skills, isDefault } = teamFacts
const { kinds, topics: itsTopics, priorities, channels } = takes.shape
const TakesInput = z.strictObject({
  kinds: kinds.default([]),
  topics: itsTopics.default([]),
  priorities: priorities.default([]),
  channels: channels.default([]),
})
const CreateInput = z
  .strictObject({
    name,
    spread: spread.default('leastLoaded'),
    takes: TakesInput.prefault({}),
    skills: skills.default({}),
    isDefault: isDefault.default(false),
  })
  .openapi('TeamInput', { example: { name: teamExample.name, takes: { topics: ['vip-refund'] } } })
const ChangeInput = z
  .strictObject({
    name: name.optional(),
    spread: spread.optional(),
    takes: TakesInput.optional(),
    skills: skills.optional(),
    isDefault: isDefault.optional(),
  })
  .openapi('TeamChange', { example: { spread: 'roundRobin' } })
const MemberInput = z
  .strictObject({
    agentId: z.string().min(1).max(100),
    grade: MemberSchema.shape.grade.default('agent'),
    skills: z.array(skill).max(50).default([]),
  })
  .openapi('TeamMemberInput', { example: { agentId: memberExample.agentId, grade: 'senior' } })

const IdParams = z.strictObject({ id: z.uuid() })
const MemberParams = z.strictObject({ id: z.uuid(), agentId: z.string().min(1).max(100) })

const reading = { tag: 'teams', permission: 'team.read', method: 'get', body: nothing } as const
const managing = { tag: 'teams', permission: 'team.manage', query: nothing } as const
const oneTeam = { answer: TeamSchema, example: teamExample } as const

/** Whoever manages teams is in the log, and the queues look. */
const told = ({ api, caller }: Pick<RawCall, 'api' | 'caller'>, teamId: string, what: string): void => {
  api.log.info({ teamId, by: caller.id }, what)
  api.bus.publish(topics.presence, {})
}

const given = (facts: z.output<typeof ChangeInput>): Partial<TeamFacts> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))

const readingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listTeams',
    path: '/teams',
    summary: 'List teams',
    params: nothing,
    query: nothing,
    answer: z.object({ data: z.array(TeamSchema).readonly() }).openapi('TeamList'),
    example: { data: [teamExample] },
    handle: async ({ api }) => ({ body: { data: (await api.queues.teams.list()).map(teamJson) } }),
  }),
  defineRoute({
    ...reading,
    ...oneTeam,
    id: 'getTeam',
    path: '/teams/{id}',
    summary: 'Read a team',
    versioned: true,
    params: IdParams,
    query: nothing,
    handle: async ({ api, params }) => {
      const team = await api.queues.teams.get(params.id)
      return { body: teamJson(team), version: team.version }
    },
  }),
  defineRoute({
    ...reading,
    id: 'listTeamMembers',
    path: '/teams/{id}/members',
    summary: 'List who is in a team',
    params: IdParams,
    query: nothing,
    answer: z.object({ data: z.array(MemberSchema).readonly() }).openapi('TeamMemberList'),
    example: { data: [memberExample] },
    handle: async ({ api, params }) => ({ body: { data: await api.queues.members.list(params.id) } }),
  }),
  defineRoute({
    ...reading,
    id: 'listTeamQueue',
    path: '/teams/{id}/queue',
    ofContacts: true,
    summary: 'List what waits for a team',
    description: 'The next first: by priority, then by when the first reply is owed, then by age.',
    params: IdParams,
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answer: z
      .object({
        waiting: z.int().openapi({ description: 'How many there are' }),
        data: z.array(WaitingSchema).readonly(),
      })
      .openapi('TeamQueue'),
    example: {
      waiting: 1,
      data: [
        {
          position: 1,
          ticketId: '0198c0de-0000-7000-8000-00000000000a',
          number: 1001,
          title: '大会员多扣一个月',
          state: 'new',
          priority: 'normal',
          topic: 'vip-refund',
          skill: 'refunds',
          firstReplyDueAt: '2026-11-28T04:00:00.000Z',
          queuedAt: at,
        },
      ],
    },
    handle: async ({ api, params, query }) => {
      const { waiting, entries } = await api.queues.outlook.waiting(params.id, query.limit)
      return { body: { waiting, data: entries.map(waitingJson) } }
    },
  }),
]

const teamRoutesWriting: readonly ApiRoute[] = [
  defineRoute({
    ...managing,
    ...oneTeam,
    id: 'createTeam',
    method: 'post',
    path: '/teams',
    summary: 'Create a team',
    description: 'With the first team, tickets that nobody has are given to its members who are online.',
    status: 201,
    params: nothing,
    body: CreateInput,
    handle: async (call) => {
      const { api, body, idempotencyKey } = call
      const team = await api.queues.teams.create(body, api.clock.now(), idempotencyKey)
      told(call, team.id, 'team created')
      return { body: teamJson(team), version: team.version, location: `/teams/${team.id}` }
    },
  }),
  defineRoute({
    ...managing,
    ...oneTeam,
    id: 'changeTeam',
    method: 'patch',
    path: '/teams/{id}',
    summary: 'Change a team',
    description: 'What is left out stays. Tickets that wait already keep their team.',
    versioned: true,
    params: IdParams,
    body: ChangeInput,
    handle: async (call) => {
      const { api, params, body, version } = call
      const wanted = { facts: given(body), ...(version === undefined ? {} : { expectedVersion: version }) }
      try {
        const team = await api.queues.teams.change(params.id, wanted, api.clock.now())
        told(call, team.id, 'team changed')
        return { body: teamJson(team), version: team.version }
      } catch (error) {
        if (!(error instanceof TongdaError) || error.code !== 'conflict') throw error
        throw staleProblem(teamJson(await api.queues.teams.get(params.id)), { version, changes: body })
      }
    },
  }),
  defineRoute({
    ...managing,
    id: 'deleteTeam',
    method: 'delete',
    path: '/teams/{id}',
    summary: 'Delete a team',
    description: 'What waits for it goes to other teams; who has a ticket keeps it.',
    params: IdParams,
    body: nothing,
    answer: Done,
    example: done,
    handle: async (call) => {
      await call.api.queues.teams.remove(call.params.id, call.api.clock.now())
      told(call, call.params.id, 'team deleted')
      return { body: done }
    },
  }),
]

const memberRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...managing,
    id: 'putTeamMember',
    method: 'post',
    path: '/teams/{id}/members',
    summary: 'Take an agent into a team, or change their grade and skills',
    params: IdParams,
    body: MemberInput,
    answer: MemberSchema,
    example: memberExample,
    handle: async (call) => {
      const member = await call.api.queues.members.put({ teamId: call.params.id, ...call.body })
      told(call, call.params.id, 'team member written')
      return { body: member }
    },
  }),
  defineRoute({
    ...managing,
    id: 'removeTeamMember',
    method: 'delete',
    path: '/teams/{id}/members/{agentId}',
    summary: 'Take an agent out of a team',
    description: 'They keep the tickets they have.',
    params: MemberParams,
    body: nothing,
    answer: Done,
    example: done,
    handle: async (call) => {
      await call.api.queues.members.remove(call.params.id, call.params.agentId)
      told(call, call.params.id, 'team member removed')
      return { body: done }
    },
  }),
]

/** Teams, who is in them and what waits for them. */
export const teamRoutes: readonly ApiRoute[] = [...readingRoutes, ...teamRoutesWriting, ...memberRoutes]
