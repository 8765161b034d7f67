import { z } from '@hono/zod-openapi'
import { exchangeFormats, type ExchangeFormat } from '../../../core/exchange.ts'
import { importJson, ImportSchema } from '../../shapes/knowledge.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { actorOf } from '../writing.ts'
import { diffExample } from './knowledge-examples.ts'

/** Most bytes of a file that is read in. */
const mostBytes = 5_000_000

const at = '2026-11-27T12:40:00.000Z'
const example: z.output<typeof ImportSchema> = {
  ...{ id: '0198c0de-0000-7000-8000-0000000000f2', format: 'csv', name: '会员.csv', state: 'read' },
  counts: { add: 0, change: 1, retire: 0, same: 0, faulty: 1 },
  rows: [
    { row: '2', articleId: diffExample.articleId, does: 'change', fields: diffExample.fields, faults: [] },
    {
      ...{ row: '3', articleId: 'vip-price', does: 'faulty', fields: [] },
      faults: [
        { column: '失效', problem: '日期写成 write the date as YYYY-MM-DD', fix: '照提示修改 do as it says' },
      ],
    },
  ],
  ...{ draftIds: [], by: { kind: 'agent', id: 'li', name: '李然' }, createdAt: at, updatedAt: at },
}

const kinds: Readonly<Record<ExchangeFormat, readonly [type: string, name: string]>> = {
  csv: ['text/csv; charset=utf-8', 'articles.csv'],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'articles.xlsx'],
  markdown: ['application/zip', 'articles.zip'],
}

const common = {
  tag: 'knowledge',
  permission: 'knowledge.edit',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: ImportSchema,
  example,
} as const

/** Articles in and out of files. */
export const knowledgeExchangeRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'readImport',
    method: 'post',
    path: '/knowledge/imports',
    summary: 'Read a file of articles',
    description:
      'XLSX, CSV (UTF-8 or GB18030) or a zip of Markdown files, as the export writes them; 5 MB at most. Shows what each row would do and what is wrong with which cell. Changes nothing yet.',
    params: nothing,
    maxBodyBytes: 7_000_000,
    body: z.strictObject({
      format: z.enum(exchangeFormats),
      name: z.string().min(1).max(200),
      data: z
        .base64()
        .max(Math.ceil(mostBytes / 3) * 4)
        .openapi({ description: 'The file, in base64' }),
    }),
    status: 201,
    handle: async ({ api, body: { format, name, data }, idempotencyKey, ...call }) => {
      const file = { format, name, bytes: Buffer.from(data, 'base64') }
      const made = await api.knowledge.exchange.read(file, { actor: actorOf(call), idempotencyKey })
      return { body: importJson(made), location: `/knowledge/imports/${made.id}` }
    },
  }),
  defineRoute({
    ...common,
    id: 'getImport',
    method: 'get',
    path: '/knowledge/imports/{id}',
    permission: 'knowledge.read',
    summary: 'Read an import',
    handle: async ({ api, params }) => ({ body: importJson(await api.knowledge.exchange.get(params.id)) }),
  }),
  defineRoute({
    ...common,
    id: 'applyImport',
    method: 'post',
    path: '/knowledge/imports/{id}/apply',
    summary: 'Make drafts of an import',
    description: 'Of the rows that change something and have no fault; all at once.',
    body: z.strictObject({ reason: z.string().trim().min(1).max(2_000) }),
    handle: async ({ api, params, body, ...call }) => ({
      body: importJson(await api.knowledge.exchange.apply(params.id, body.reason, { actor: actorOf(call) })),
    }),
  }),
  defineRoute({
    ...common,
    id: 'undoImport',
    method: 'post',
    path: '/knowledge/imports/{id}/undo',
    summary: 'Discard the drafts of an import, all at once',
    description: 'Refused once one of them is published: roll the version back instead.',
    handle: async ({ api, params }) => ({ body: importJson(await api.knowledge.exchange.undo(params.id)) }),
  }),
  defineRoute({
    ...common,
    id: 'exportArticles',
    method: 'get',
    path: '/knowledge/export',
    permission: 'knowledge.read',
    summary: 'Write the live articles into a file',
    description: 'What is exported, edited and read in again finds its articles by their ids.',
    params: nothing,
    query: z.strictObject({ format: z.enum(exchangeFormats).default('csv') }),
    produces: 'application/octet-stream',
    answer: nothing,
    example: {},
    handle: async ({ api, query: { format } }) => {
      const [type, name] = kinds[format]
      return new Response(Buffer.from(await api.knowledge.exchange.write(format)), {
        headers: {
          'content-type': type,
          'content-disposition': `attachment; filename="${name}"`,
          'cache-control': 'no-store',
        },
      })
    },
  }),
]
