import { z } from '@hono/zod-openapi'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const count = z.int().min(0)
const PromiseSchema = z.object({ kept: count, broken: count })
const counts = {
  opened: count,
  solved: count.openapi({ description: 'Solved in the month, whenever they were opened' }),
  medianFirstReplySeconds: count
    .optional()
    .openapi({ description: 'Of what was opened in the month, by the clock on the wall' }),
  firstReply: PromiseSchema,
  resolution: PromiseSchema.openapi({
    description: 'Of what was opened in the month: once it is done, or should have been',
  }),
}
const Keyed = z.object({ key: z.string(), ...counts })

const TicketReportSchema = z
  .object({
    month: z.string(),
    timeZone: z.string(),
    total: z.object(counts),
    topics: z.array(Keyed).readonly(),
    channels: z.array(Keyed).readonly(),
  })
  .openapi('TicketReport')

const example = {
  ...{ opened: 120, solved: 110, medianFirstReplySeconds: 840 },
  firstReply: { kept: 112, broken: 8 },
  resolution: { kept: 104, broken: 9 },
}

const month = z
  .string()
  .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, 'must be a month, e.g. 2026-11')
  .openapi({ example: '2026-11' })

/** How work fares. */
export const reportRoutes: readonly ApiRoute[] = [
  defineRoute({
    id: 'getTicketReport',
    method: 'get',
    path: '/reports/tickets',
    tag: 'reports',
    summary: 'Read how the tickets of a month fared',
    description:
      'What was opened and solved in all, by topic and by channel; how soon it was replied to; which promises were kept. Merged tickets count as one.',
    permission: 'report.read',
    params: nothing,
    query: z.strictObject({ month }),
    body: nothing,
    answer: TicketReportSchema,
    example: {
      ...{ month: '2026-11', timeZone: 'Asia/Shanghai', total: example },
      topics: [{ key: 'vip-refund', ...example }],
      channels: [{ key: 'wechat', ...example }],
    },
    handle: async ({ api, query }) => ({ body: await api.ticketReport(query.month) }),
  }),
]
