import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import { done, Done } from '../../shapes/done.ts'
import { systemHealthJson, SystemHealthSchema } from '../../shapes/system.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const at = '2026-11-27T04:00:00.000Z'

const healthExample: z.output<typeof SystemHealthSchema> = {
  at,
  database: { kind: 'postgres', reachable: true, latencyMs: 0.8, bytes: 73_400_320 },
  channels: [
    {
      ...{ inboxId: 'wechat', channel: 'wechat', node: 'node-1 (4711)', state: 'running', since: at },
      lastMessageAt: at,
      refused: [
        {
          ...{ code: 'needs_operator', count: 3, providerCode: '40164' },
          message: 'add the address of this server to the IP allow-list of the account',
        },
      ],
    },
  ],
  outbox: { queued: 2, waiting: 5, oldestQueuedAt: at },
  jobs: [{ kind: 'retire-records', waiting: 0, running: 0, dead: 1, lateMs: 0 }],
  deadJobs: [
    {
      ...{ id: '0198c0de-0000-7000-8000-000000000001', kind: 'retire-records', tries: 5 },
      ...{ error: 'the bucket does not answer', createdAt: at, diedAt: at },
    },
  ],
  timers: [{ kind: 'promise-alarm', pending: 12, failing: 0, lateMs: 0 }],
  failingTimers: [],
  model: {
    encoder: { model: 'bge-small', version: 'bge-small-zh-1' },
    ...{ trainedAt: at, byMeaning: true },
    content: { version: 'a1b2c3', published: 7, articles: 64 },
    thresholds: { answer: 0.62, clarify: 0.35 },
    evaluation: { at, concerns: [] },
  },
  languageModel: {
    models: [{ model: 'deepseek/deepseek-chat', breaker: 'closed', lastFault: { at, outcome: 'timeout' } }],
    today: { tokens: 48_210, tokensLimit: 2_000_000, cost: 0.31, costLimit: 50 },
  },
  disk: { folder: 'data', freeBytes: 42_949_672_960, totalBytes: 107_374_182_400, isLow: false },
  unread: [],
}

const common = { tag: 'system', query: nothing, body: nothing } as const

/** How the product itself fares. */
export const systemRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'getSystemHealth',
    method: 'get',
    path: '/system/health',
    permission: 'system.read',
    summary: 'Read how the product fares',
    description:
      'Channels, what waits to be sent, background jobs, timers, database, model, disk. What does not answer is named in `unread`; the rest is answered all the same.',
    params: nothing,
    answer: SystemHealthSchema,
    example: healthExample,
    handle: async ({ api }) => ({ body: systemHealthJson(await api.system.health()) }),
  }),
  defineRoute({
    ...common,
    id: 'replayDeadJob',
    method: 'post',
    path: '/system/jobs/{id}/replay',
    permission: 'system.manage',
    summary: 'Give a dead job all its tries again',
    description: 'Mend first what its `error` names.',
    params: z.strictObject({ id: z.uuid() }),
    answer: Done,
    example: done,
    handle: async ({ api, params: { id } }) => {
      if (!(await api.system.replayJob(id)))
        throw new TongdaError('not_found', 'there is no such dead job; it may have been replayed already')
      await api.audit.record({ act: 'job.replayed', object: { kind: 'job', id } })
      return { body: done }
    },
  }),
]
