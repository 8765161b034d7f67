import { z } from '@hono/zod-openapi'
import { toIso } from '../../shapes/iso.ts'
import { ContactExportSchema, ReasonField } from '../../shapes/personal-data.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { exportExample } from './personal-examples.ts'

const ExportParams = z.strictObject({ id: z.uuid(), exportId: z.uuid() })

const common = { tag: 'privacy', query: nothing } as const

/** Copies of what is known of contacts. */
export const contactExportRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'exportContact',
    method: 'post',
    path: '/contacts/{id}/export',
    permission: 'privacy.manage',
    summary: 'Copy everything that is known of a contact',
    description:
      'Made in the background: a ZIP with readable JSON, files, an index in Chinese and English and the SHA-256 of each. It holds nothing of other contacts and no internal notes.',
    params: z.strictObject({ id: z.uuid() }),
    body: z
      .strictObject({ reason: ReasonField })
      .openapi('ExportInput', { example: { reason: exportExample.reason } }),
    answer: ContactExportSchema,
    example: { ...exportExample, state: 'waiting' },
    status: 202,
    handle: async ({ api, params, body }) => {
      const made = await api.personal.exports.request(params.id, api.masker.text(body.reason))
      return { body: toIso(made), location: `/contacts/${made.contactId}/exports/${made.id}` }
    },
  }),
  defineRoute({
    ...common,
    id: 'getContactExport',
    method: 'get',
    path: '/contacts/{id}/exports/{exportId}',
    permission: 'privacy.read',
    summary: 'Read how a copy is getting on',
    params: ExportParams,
    body: nothing,
    answer: ContactExportSchema,
    example: exportExample,
    handle: async ({ api, params }) => ({
      body: toIso(await api.personal.exports.get(params.id, params.exportId)),
    }),
  }),
  defineRoute({
    ...common,
    id: 'takeContactExport',
    method: 'get',
    path: '/contacts/{id}/exports/{exportId}/archive',
    permission: 'privacy.manage',
    summary: 'Take the copy',
    description: 'While it is `ready`. That it was taken stands in the audit log.',
    params: ExportParams,
    body: nothing,
    plain: true,
    produces: 'application/zip',
    answer: z.string().openapi({ format: 'binary' }),
    example: 'PK…',
    handle: async ({ api, params, context }) =>
      context.body(await api.personal.exports.take(params.id, params.exportId), 200, {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="contact-${params.exportId}.zip"`,
        'cache-control': 'no-store',
      }),
  }),
]
