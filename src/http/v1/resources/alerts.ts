import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import { promiseNames, type Alert } from '../../../core/promise.ts'
import { Done, done } from '../../shapes/done.ts'
import { Moment } from '../../shapes/message.ts'
import type { Caller } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { ticketExample } from './examples.ts'

const AlertSchema = z
  .object({
    id: z.string(),
    ticketId: z.string(),
    number: z.number(),
    title: z.string(),
    promise: z.enum(promiseNames),
    kind: z
      .enum(['danger', 'broken'])
      .openapi({ description: '`danger`: a quarter of the time is left; `broken`: it was not kept' }),
    dueAt: Moment,
    createdAt: Moment,
    seenAt: Moment.optional(),
  })
  .openapi('Alert')

const alertJson = ({ dueAt, createdAt, seenAt, ...rest }: Alert): z.output<typeof AlertSchema> => ({
  ...rest,
  dueAt: dueAt.toISOString(),
  createdAt: createdAt.toISOString(),
  ...(seenAt === undefined ? {} : { seenAt: seenAt.toISOString() }),
})

/** Throws `bad_input` for a key: only people are told. */
const agentOf = ({ kind, id }: Caller): string => {
  if (kind === 'agent') return id
  throw new TongdaError(
    'bad_input',
    'alerts are for people who are signed in; programs read ticket.changed events, promise-in-danger and promise-broken',
  )
}

const common = { tag: 'alerts', permission: 'ticket.read', params: nothing } as const
const answer = z.object({ data: z.array(AlertSchema).readonly() }).openapi('AlertList')
const { id: ticketId, number, title, createdAt } = ticketExample
const example = {
  data: [
    {
      ...{ id: '0198c0de-0000-7000-8000-00000000000e', ticketId, number, title, createdAt },
      promise: 'first-reply',
      kind: 'danger',
      dueAt: ticketExample.firstReplyDueAt,
    },
  ],
} satisfies z.output<typeof answer>

/** What the signed-in person is told of promises that are in danger or were not kept. */
export const alertRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listAlerts',
    method: 'get',
    path: '/alerts',
    summary: 'List your alerts',
    description: 'The newest first; people only.',
    query: z.strictObject({
      unseen: z.stringbool().default(false).openapi({ type: 'boolean', description: 'Only unseen ones' }),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    body: nothing,
    answer,
    example,
    handle: async ({ api, caller, query }) => ({
      body: { data: (await api.alerts.list(agentOf(caller), query)).map(alertJson) },
    }),
  }),
  defineRoute({
    ...common,
    id: 'seeAlerts',
    method: 'post',
    path: '/alerts/seen',
    summary: 'Mark alerts as seen',
    query: nothing,
    body: z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) }),
    answer: Done,
    example: done,
    handle: async ({ api, caller, body }) => {
      await api.alerts.see(agentOf(caller), body.ids, api.clock.now())
      return { body: done }
    },
  }),
]
