import { z } from '@hono/zod-openapi'
import { csvOf } from '../../../core/csv.ts'
import { auditActs, type AuditFilter, type AuditLine } from '../../../core/audit.ts'
import { Moment } from '../../shapes/message.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const LineSchema = z
  .object({
    number: z
      .number()
      .int()
      .openapi({ description: 'Without a gap; the chain is checked by `tongda audit verify`' }),
    at: Moment,
    actor: z.object({
      kind: z.enum(['agent', 'key', 'system']),
      id: z.string(),
      name: z.string().optional(),
      address: z.string().optional().openapi({ description: 'Where the request came from' }),
    }),
    act: z.enum(auditActs),
    object: z.object({ kind: z.string(), id: z.string() }).optional(),
    reason: z.string().optional(),
    detail: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .openapi('AuditLine')

const example: z.output<typeof LineSchema> = {
  number: 4_711,
  at: '2026-11-27T04:00:00.000Z',
  actor: { kind: 'agent', id: '0198c0de-0000-7000-8000-000000000002', name: '李然', address: '203.0.113.7' },
  act: 'personal.revealed',
  object: { kind: 'message', id: '0198c0de-0000-7000-8000-000000000003' },
  reason: '回电核实退款账户',
  detail: { kinds: ['phone'] },
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
}

const Query = z.strictObject({
  ...pageQuery,
  act: z.enum(auditActs).optional(),
  actor: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'An agent’s or a key’s id, `product` or `command-line`' }),
  objectKind: z.string().min(1).max(40).optional(),
  object: z.string().min(1).max(100).optional().openapi({ description: 'The id of what it was done to' }),
  since: Moment.optional(),
  until: Moment.optional().openapi({ description: 'Before this moment' }),
  format: z.enum(['json', 'csv']).default('json').openapi({
    description: 'CSV: one page of up to `limit` lines with the same cursors; that it was taken is recorded',
  }),
})

const toFilter = (query: z.output<typeof Query>): AuditFilter => ({
  ...(query.act === undefined ? {} : { act: query.act }),
  ...(query.actor === undefined ? {} : { actorId: query.actor }),
  ...(query.objectKind === undefined ? {} : { objectKind: query.objectKind }),
  ...(query.object === undefined ? {} : { objectId: query.object }),
  ...(query.since === undefined ? {} : { since: new Date(query.since) }),
  ...(query.until === undefined ? {} : { until: new Date(query.until) }),
})

const lineJson = ({ at, ...rest }: AuditLine): z.output<typeof LineSchema> => ({
  ...rest,
  at: at.toISOString(),
})

const columns = [
  'number',
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'address',
  'act',
  'objectKind',
  'objectId',
  'reason',
  'detail',
  'hash',
] as const

const csvRow = ({
  actor,
  object,
  detail,
  ...line
}: z.output<typeof LineSchema>): readonly (string | number)[] =>
  [
    ...[line.number, line.at, actor.kind, actor.id, actor.name, actor.address],
    ...[line.act, object?.kind, object?.id, line.reason, JSON.stringify(detail), line.hash],
  ].map((value) => value ?? '')

const toCsv = (lines: readonly z.output<typeof LineSchema>[]): string =>
  csvOf([columns, ...lines.map(csvRow)])

const cursors = createCursors('audit', z.object({ before: z.int() }))

/** Who did what. */
export const auditRoutes: readonly ApiRoute[] = [
  defineRoute({
    tag: 'audit',
    id: 'listAuditLines',
    method: 'get',
    path: '/audit',
    permission: 'audit.read',
    summary: 'Read the audit log',
    description:
      'The newest first: sign-ins and refused ones, what was revealed and why, people, roles, teams, keys, webhooks, macros, canned replies of the team, rules and settings that changed. Lines are only ever added.',
    params: nothing,
    query: Query,
    body: nothing,
    answer: pageOf(LineSchema).openapi('AuditPage'),
    example: { data: [example] },
    handle: async ({ api, context, query }) => {
      const { limit, format } = query
      const place = cursors.read(query.cursor)
      const lines = await api.audit.list(toFilter(query), { ...place, limit: limit + 1 })
      const page = cutPage(lines, limit, {
        json: lineJson,
        cursor: ({ number }) => cursors.write({ before: number }),
      })
      if (format === 'json') return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
      await api.audit.record({ act: 'audit.exported', detail: { lines: page.data.length } })
      return context.body(toCsv(page.data), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="audit.csv"',
        'cache-control': 'no-store',
        ...(page.next === undefined ? {} : { 'x-next-cursor': page.next }),
      })
    },
  }),
]
