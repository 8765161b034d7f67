import { z } from '@hono/zod-openapi'
import { heldKinds, type LegalHold } from '../../../core/personal-data.ts'
import { toIso } from '../../shapes/iso.ts'
import { LegalHoldSchema, ReasonField } from '../../shapes/personal-data.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type Reply } from '../define-route.ts'
import { showingCurrent } from '../writing.ts'
import { holdExample } from './personal-examples.ts'

const holdJson = (hold: LegalHold): z.output<typeof LegalHoldSchema> => toIso(hold)

const reply = (hold: LegalHold): Reply<z.output<typeof LegalHoldSchema>> => ({
  body: holdJson(hold),
  version: hold.version,
})

const cursors = createCursors('holds', z.object({ after: z.uuid() }))

const Query = z.strictObject({
  ...pageQuery,
  lifted: z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true')
    .openapi({ type: 'string', enum: ['true', 'false'], description: 'Those that were lifted, too' }),
})

const Input = z
  .strictObject({ kind: z.enum(heldKinds), id: z.uuid(), reason: ReasonField })
  .openapi('LegalHoldInput', {
    example: { kind: 'contact', id: holdExample.objectId, reason: holdExample.reason },
  })

const common = {
  tag: 'privacy',
  permission: 'privacy.manage',
  query: nothing,
  answer: LegalHoldSchema,
  example: holdExample,
  versioned: true,
} as const

/** What must be kept. */
export const legalHoldRoutes: readonly ApiRoute[] = [
  defineRoute({
    tag: 'privacy',
    id: 'listLegalHolds',
    method: 'get',
    path: '/holds',
    permission: 'privacy.read',
    summary: 'List legal holds',
    description: 'The newest first.',
    params: nothing,
    query: Query,
    body: nothing,
    answer: pageOf(LegalHoldSchema).openapi('LegalHoldPage'),
    example: { data: [holdExample] },
    handle: async ({ api, query }) => {
      const { limit, lifted } = query
      const holds = await api.personal.holds.list({ lifted, limit: limit + 1, ...cursors.read(query.cursor) })
      const page = cutPage(holds, limit, { json: holdJson, cursor: ({ id }) => cursors.write({ after: id }) })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...common,
    id: 'setLegalHold',
    method: 'post',
    path: '/holds',
    summary: 'Hold a contact, a ticket or a complaint case',
    description: 'While it stands, the contact it concerns is neither erased nor retired.',
    params: nothing,
    body: Input,
    status: 201,
    handle: async ({ api, body }) =>
      reply(await api.personal.holds.set({ kind: body.kind, id: body.id }, api.masker.text(body.reason))),
  }),
  defineRoute({
    ...common,
    id: 'liftLegalHold',
    method: 'post',
    path: '/holds/{id}/lift',
    summary: 'Lift a legal hold',
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({ reason: ReasonField }).openapi('LiftInput', { example: { reason: '案件已结' } }),
    example: { ...holdExample, liftedAt: holdExample.setAt, liftReason: '案件已结', version: 2 },
    handle: async ({ api, params, body, version }) =>
      reply(
        await showingCurrent(
          () => api.personal.holds.lift(params.id, api.masker.text(body.reason), version),
          async () => holdJson(await api.personal.holds.get(params.id)),
          { version, changes: body },
        ),
      ),
  }),
]
