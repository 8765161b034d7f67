import type { z } from '@hono/zod-openapi'
import type { ReportEntrySchema, WallSchema, WorkReportSchema } from '../../shapes/work-report.ts'

const sessions = {
  ...{
    metric: 'sessions',
    name: 'Sessions',
    means: 'Sessions that began in this time',
    unit: 'count' as const,
  },
  ...{ value: 1_240, n: 1_240, before: 1_180, few: false },
}

export const workReportExample: z.output<typeof WorkReportSchema> = {
  ...{ report: 'overview', name: 'Overview', from: '2026-11-01', to: '2026-11-30' },
  ...{ zone: 'Asia/Shanghai', time: 'calendar', before: { from: '2026-10-02', to: '2026-10-31' } },
  cards: [
    sessions,
    {
      ...{ metric: 'bot-solved', name: 'Solved by the bot', unit: 'share', few: false },
      means: 'Share of the sessions with a question that the bot answered without a person',
      ...{ value: 0.71, n: 1_102, before: 0.68 },
    },
  ],
  sections: [
    {
      ...{ id: 'hours', name: 'Sessions by hour of the week', chart: 'heat' },
      columns: [{ metric: 'sessions', name: sessions.name, means: sessions.means, unit: 'count' }],
      rows: [
        {
          key: '1-09',
          name: 'Mon 09:00',
          surge: false,
          cells: [{ value: 31, n: 31, before: 28, few: false }],
        },
      ],
    },
  ],
}

export const entryExample: z.output<typeof ReportEntrySchema> = {
  id: '0190c2a4-7f3e-7b6a-9d0c-1f2e3d4c5b6a',
  at: '2026-11-23T04:00:00.000Z',
  channel: 'wechat',
  conversationId: '0190c2a4-7f3e-7b6a-9d0c-1f2e3d4c5b6b',
  ticket: { id: '0190c2a4-7f3e-7b6a-9d0c-1f2e3d4c5b6c', number: 1042 },
  name: 'vip-refund',
}

export const wallExample: z.output<typeof WallSchema> = {
  ...{ at: '2026-11-23T04:00:00.000Z', zone: 'Asia/Shanghai', numbers: [sessions] },
  hours: Array.from({ length: 24 }, () => 0),
}
