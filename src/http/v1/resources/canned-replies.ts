import { z } from '@hono/zod-openapi'
import type { CannedCaller, CannedFacts } from '../../../core/canned.ts'
import { cannedFacts, cannedJson, CannedReplySchema } from '../../shapes/canned.ts'
import { Done, done } from '../../shapes/done.ts'
import type { Caller } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'

const at = '2026-11-27T04:00:00.000Z'
const facts = {
  name: '退款到账',
  scope: 'team',
  text: '{{contact.name}}你好，退款会在 1 到 3 个工作日内原路退回。',
  variants: [{ channel: 'weibo', text: '退款 1 到 3 个工作日原路退回。' }],
  pictures: [],
} satisfies z.input<z.ZodObject<typeof cannedFacts>>
const example = {
  ...{ id: '0198c0de-0000-7000-8000-000000000041', ...facts },
  sounds: ['tkdz', 'tuikuandaozhang'],
  ...{ createdAt: at, updatedAt: at, version: 1 },
} satisfies z.output<typeof CannedReplySchema>

const { text, variants, pictures } = cannedFacts
const CannedReplyInput = z
  .strictObject({
    ...cannedFacts,
    text: text.default(''),
    variants: variants.default([]),
    pictures: pictures.default([]),
  })
  .openapi('CannedReplyInput', { example: facts })
const CannedReplyChanges = z.strictObject(cannedFacts).partial()
const IdParams = z.strictObject({ id: z.uuid() })

const tag = 'canned-replies'
const reading = { tag, permission: 'canned.read', method: 'get', query: nothing, body: nothing } as const
const writing = { tag, permission: 'canned.write', query: nothing } as const
const one = { answer: CannedReplySchema, example } as const

/** Only people have some of their own. */
const callerOf = ({ kind, id, permissions }: Caller): CannedCaller => ({
  agentId: kind === 'agent' ? id : undefined,
  mayManage: permissions.has('canned.manage'),
})

/** Only what was said: a key without a value leaves the fact as it is. */
const saidOf = (changes: z.output<typeof CannedReplyChanges>): Partial<CannedFacts> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))

/** Texts that agents say often. */
export const cannedReplyRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listCannedReplies',
    path: '/canned-replies',
    summary: 'List canned replies',
    description: 'Those of the team, and the caller’s own; by name.',
    params: nothing,
    answer: z.object({ data: z.array(CannedReplySchema).readonly() }).openapi('CannedReplyList'),
    example: { data: [example] },
    handle: async ({ api, caller }) => ({
      body: { data: (await api.canned.list(callerOf(caller))).map(cannedJson) },
    }),
  }),
  defineRoute({
    ...reading,
    ...one,
    id: 'getCannedReply',
    path: '/canned-replies/{id}',
    summary: 'Read a canned reply',
    versioned: true,
    params: IdParams,
    handle: async ({ api, caller, params }) => {
      const reply = await api.canned.get(callerOf(caller), params.id)
      return { body: cannedJson(reply), version: reply.version }
    },
  }),
  defineRoute({
    ...writing,
    ...one,
    id: 'createCannedReply',
    method: 'post',
    path: '/canned-replies',
    summary: 'Create a canned reply',
    description: 'One of the team needs `canned.manage`; programs have none of their own.',
    status: 201,
    params: nothing,
    body: CannedReplyInput,
    handle: async ({ api, caller, body, idempotencyKey }) => {
      const reply = await api.canned.create(callerOf(caller), body, idempotencyKey)
      return { body: cannedJson(reply), version: reply.version, location: `/canned-replies/${reply.id}` }
    },
  }),
  defineRoute({
    ...writing,
    ...one,
    id: 'changeCannedReply',
    method: 'patch',
    path: '/canned-replies/{id}',
    summary: 'Change a canned reply',
    description: 'What is left out stays.',
    versioned: true,
    params: IdParams,
    body: CannedReplyChanges,
    handle: async ({ api, caller, params, body, version }) => {
      const who = callerOf(caller)
      const reply = await showingCurrent(
        () => api.canned.change(who, params.id, { facts: saidOf(body), version }),
        async () => cannedJson(await api.canned.get(who, params.id)),
        { version, changes: body },
      )
      return { body: cannedJson(reply), version: reply.version }
    },
  }),
  defineRoute({
    ...writing,
    id: 'deleteCannedReply',
    method: 'delete',
    path: '/canned-replies/{id}',
    summary: 'Delete a canned reply',
    params: IdParams,
    body: nothing,
    answer: Done,
    example: done,
    handle: async ({ api, caller, params }) => {
      await api.canned.remove(callerOf(caller), params.id)
      return { body: done }
    },
  }),
]
