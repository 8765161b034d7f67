import { z } from '@hono/zod-openapi'
import { scopePermissions, scopes, type ApiKey, type Scope } from '../../../core/api-key.ts'
import { Moment } from '../../shapes/message.ts'
import { Problem } from '../../problem.ts'
import type { Caller } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { mintToken } from '../tokens.ts'

const keyFields = {
  id: z.string(),
  name: z.string(),
  prefix: z.string().openapi({ description: 'How the token begins; finds a key that was seen somewhere' }),
  scopes: z.array(z.enum(scopes)).readonly(),
  createdBy: z.string().openapi({ description: 'An agent’s id, a key’s id, or `command-line`' }),
  createdAt: Moment,
  expiresAt: Moment.optional(),
  lastUsedAt: Moment.optional().openapi({ description: 'To the minute' }),
  revokedAt: Moment.optional(),
}
const KeySchema = z.object(keyFields).openapi('ApiKey')
const CreatedSchema = z
  .object({ ...keyFields, token: z.string().openapi({ description: 'The key itself. Shown this once' }) })
  .openapi('CreatedApiKey')
const ListSchema = z.object({ data: z.array(KeySchema).readonly() }).openapi('ApiKeyList')

/** Longest life of a key that ends. */
const maxDays = 3_650

const CreateInput = z
  .strictObject({
    name: z.string().trim().min(1).max(100).openapi({ description: 'What it is for' }),
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
    expiresInDays: z
      .number()
      .int()
      .min(1)
      .max(maxDays)
      .optional()
      .openapi({ description: 'Absent: until it is revoked' }),
  })
  .openapi('ApiKeyInput', { example: { name: 'warehouse', scopes: ['tickets:read'], expiresInDays: 90 } })

const example: z.output<typeof KeySchema> = {
  id: '0198c0de-0000-7000-8000-000000000001',
  name: 'warehouse',
  prefix: 'tk_3kq9XzPw',
  scopes: ['tickets:read'],
  createdBy: 'command-line',
  createdAt: '2026-11-27T04:00:00.000Z',
  expiresAt: '2027-02-25T04:00:00.000Z',
}

const keyJson = (key: ApiKey): z.output<typeof KeySchema> => {
  const { createdAt, expiresAt, lastUsedAt, revokedAt, ...rest } = key
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: lastUsedAt.toISOString() }),
    ...(revokedAt === undefined ? {} : { revokedAt: revokedAt.toISOString() }),
  }
}

/** Nobody hands out what they do not have. */
const checkReach = (caller: Caller, wanted: readonly Scope[]): void => {
  const beyond = wanted.filter((scope) =>
    scopePermissions[scope].some((permission) => !caller.permissions.has(permission)),
  )
  if (beyond.length > 0)
    throw new Problem('forbidden', `you cannot give what you do not have: ${beyond.join(', ')}`, {
      scopes: beyond,
    })
}

const access = { tag: 'access', permission: 'key.manage', params: nothing, query: nothing } as const

/** Keys of this API. */
export const keyRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...access,
    id: 'listApiKeys',
    method: 'get',
    path: '/keys',
    summary: 'List API keys',
    description: 'The newest first; revoked and expired ones too. Tokens are never shown again.',
    body: nothing,
    answer: ListSchema,
    example: { data: [example] },
    handle: async ({ api }) => ({ body: { data: (await api.keys.list()).map(keyJson) } }),
  }),
  defineRoute({
    ...access,
    id: 'createApiKey',
    method: 'post',
    path: '/keys',
    summary: 'Create an API key',
    description: 'The token is in the answer, this once. A key cannot give scopes that reach beyond its own.',
    body: CreateInput,
    answer: CreatedSchema,
    example: { ...example, token: `${example.prefix}…` },
    status: 201,
    handle: async ({ api, caller, body, idempotencyKey }) => {
      checkReach(caller, body.scopes)
      const { token, prefix, tokenHash } = mintToken()
      const createdAt = api.clock.now()
      const days = body.expiresInDays
      const key = await api.keys.create({
        name: body.name,
        scopes: body.scopes,
        createdBy: caller.id,
        createdAt,
        prefix,
        tokenHash,
        ...(days === undefined ? {} : { expiresAt: new Date(createdAt.getTime() + days * 86_400_000) }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      })
      api.log.info({ keyId: key.id, by: caller.id, scopes: key.scopes }, 'API key created')
      return { body: { ...keyJson(key), token }, location: `/keys/${key.id}` }
    },
  }),
  defineRoute({
    ...access,
    id: 'revokeApiKey',
    method: 'delete',
    path: '/keys/{id}',
    summary: 'Revoke an API key',
    description: 'Ends it at once and for good. Revoking it again changes nothing.',
    params: z.strictObject({ id: z.uuid() }),
    body: nothing,
    answer: KeySchema,
    example: { ...example, revokedAt: '2026-11-28T04:00:00.000Z' },
    handle: async ({ api, caller, params }) => {
      const key = await api.keys.revoke(params.id, api.clock.now())
      api.log.info({ keyId: key.id, by: caller.id }, 'API key revoked')
      return { body: keyJson(key) }
    },
  }),
]
