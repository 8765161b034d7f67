import { z } from '@hono/zod-openapi'
import { Availability, presenceJson, PresenceSchema } from '../../shapes/queue.ts'
import { Problem } from '../../problem.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import type { ApiSurroundings } from '../environment.ts'

const at = '2026-11-27T04:00:00.000Z'
const example: z.output<typeof PresenceSchema> = {
  agentId: '0198c0de-0000-7000-8000-000000000003',
  agentName: '李然',
  availability: 'online',
  automatic: false,
  since: at,
  seenAt: at,
  load: 3,
}

const Input = z.strictObject({ availability: Availability }).openapi('PresenceInput', {
  example: { availability: 'online' },
})

const setting = async (
  api: ApiSurroundings,
  agentId: string,
  availability: z.output<typeof Availability>,
): Promise<{ readonly body: z.output<typeof PresenceSchema> }> => {
  await api.queues.presence.set(agentId, availability)
  const found = (await api.queues.presence.list()).find((one) => one.agentId === agentId)
  if (found === undefined) throw new Problem('not_found', 'there is no such agent')
  return { body: presenceJson(found) }
}

const common = { tag: 'teams', query: nothing } as const
const writing = { ...common, method: 'patch', body: Input, answer: PresenceSchema, example } as const

/** Who is there. */
export const presenceRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listPresence',
    method: 'get',
    path: '/presence',
    summary: 'List who is there and what they carry',
    permission: 'team.read',
    params: nothing,
    body: nothing,
    answer: z.object({ data: z.array(PresenceSchema).readonly() }).openapi('PresenceList'),
    example: { data: [example] },
    handle: async ({ api }) => ({ body: { data: (await api.queues.presence.list()).map(presenceJson) } }),
  }),
  defineRoute({
    ...writing,
    id: 'setOwnPresence',
    path: '/presence/me',
    summary: 'Say where one is',
    description: 'For signed-in agents. Only who is online is given tickets.',
    permission: 'ticket.take',
    params: nothing,
    handle: ({ api, caller, body }) => {
      if (caller.kind === 'key')
        throw new Problem('bad_input', 'a key is nobody; name an agent: /presence/{agentId}')
      return setting(api, caller.id, body.availability)
    },
  }),
  defineRoute({
    ...writing,
    id: 'setPresence',
    path: '/presence/{agentId}',
    summary: 'Say where an agent is',
    description:
      'Without an open desk they are offline again after `queues.offlineAfterSeconds`, unless it is said again.',
    permission: 'team.manage',
    params: z.strictObject({ agentId: z.string().min(1).max(100) }),
    handle: ({ api, params, body }) => setting(api, params.agentId, body.availability),
  }),
]
