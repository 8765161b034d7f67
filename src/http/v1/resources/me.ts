import { z } from '@hono/zod-openapi'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const CallerSchema = z
  .object({
    kind: z.enum(['key', 'agent']),
    id: z.string(),
    name: z.string(),
    permissions: z.array(z.string()).readonly(),
  })
  .openapi('Caller')

/** Who asks: the first call of every integration. */
export const meRoutes: readonly ApiRoute[] = [
  defineRoute({
    id: 'getCaller',
    method: 'get',
    path: '/me',
    tag: 'access',
    summary: 'Who you are and what you may do',
    permission: 'anything',
    params: nothing,
    query: nothing,
    body: nothing,
    answer: CallerSchema,
    example: {
      kind: 'key',
      id: '0198c0de-0000-7000-8000-000000000001',
      name: 'warehouse',
      permissions: ['ticket.read', 'media.read'],
    },
    handle: ({ caller: { kind, id, name, permissions } }) =>
      Promise.resolve({ body: { kind, id, name, permissions: [...permissions] } }),
  }),
]
