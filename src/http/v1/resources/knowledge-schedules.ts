import { z } from '@hono/zod-openapi'
import type { PublishSchedule } from '../../../core/publish-schedule.ts'
import { ActorSchema } from '../../shapes/incident.ts'
import { actorJson } from '../../shapes/knowledge.ts'
import { Moment } from '../../shapes/message.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { actorOf } from '../writing.ts'

const reason = z.string().trim().min(1).max(2_000)
const ScheduleSchema = z
  .object({
    id: z.string(),
    draftIds: z.array(z.string()).readonly(),
    dueAt: Moment,
    reason: z.string(),
    override: z.string().optional(),
    by: ActorSchema,
    state: z.enum(['waiting', 'published', 'failed', 'cancelled']),
    failure: z.string().optional().openapi({ description: 'Why it could not be published' }),
    publishedIn: z.number().optional(),
    createdAt: Moment,
  })
  .openapi('KnowledgeSchedule')

const scheduleJson = ({
  dueAt,
  createdAt,
  by,
  override,
  ...rest
}: PublishSchedule): z.output<typeof ScheduleSchema> => ({
  ...rest,
  ...(override === undefined ? {} : { override }),
  by: actorJson(by),
  dueAt: dueAt.toISOString(),
  createdAt: createdAt.toISOString(),
})

const example: z.output<typeof ScheduleSchema> = {
  ...{ id: '0198c0de-0000-7000-8000-0000000000f3', draftIds: ['0198c0de-0000-7000-8000-0000000000f0'] },
  ...{ dueAt: '2026-12-31T16:00:00.000Z', reason: '新年活动', by: { kind: 'agent', id: 'li', name: '李然' } },
  ...{ state: 'waiting', createdAt: '2026-11-27T12:40:00.000Z' },
}

const common = { tag: 'knowledge', params: nothing, query: nothing, body: nothing } as const
const one = { answer: ScheduleSchema, example } as const

/** Drafts that are published at a moment. */
export const knowledgeScheduleRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listPublishSchedules',
    method: 'get',
    path: '/knowledge/schedules',
    permission: 'knowledge.read',
    summary: 'List what is published at a moment',
    description: 'What comes first, first; the past behind it. The 200 nearest.',
    answer: z.object({ data: z.array(ScheduleSchema).readonly() }).openapi('KnowledgeScheduleList'),
    example: { data: [example] },
    handle: async ({ api }) => ({
      body: { data: (await api.knowledge.schedules.list(200)).map(scheduleJson) },
    }),
  }),
  defineRoute({
    ...common,
    ...one,
    id: 'schedulePublishing',
    method: 'post',
    path: '/knowledge/schedules',
    permission: 'knowledge.publish',
    summary: 'Publish drafts at a moment',
    description:
      'Refused for what could not be published now. What changes until then may still keep it from being published; the schedule says so.',
    body: z.strictObject({
      draftIds: z.array(z.uuid()).min(1).max(500),
      dueAt: Moment,
      reason,
      override: reason.optional(),
    }),
    status: 201,
    handle: async ({ api, body: { dueAt, ...request }, idempotencyKey, ...call }) => {
      const by = { actor: actorOf(call), idempotencyKey }
      return { body: scheduleJson(await api.knowledge.schedules.set(request, new Date(dueAt), by)) }
    },
  }),
  defineRoute({
    ...common,
    ...one,
    id: 'cancelPublishSchedule',
    method: 'delete',
    path: '/knowledge/schedules/{id}',
    permission: 'knowledge.publish',
    summary: 'Call a schedule off',
    params: z.strictObject({ id: z.uuid() }),
    handle: async ({ api, params }) => ({
      body: scheduleJson(await api.knowledge.schedules.cancel(params.id)),
    }),
  }),
]
