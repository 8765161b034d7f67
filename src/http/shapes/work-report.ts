import { z } from '@hono/zod-openapi'
import { reportNames, type Report, type ReportEntry, type Wall } from '../../core/report.ts'

const count = z.int().min(0)
const unit = z.enum(['count', 'share', 'seconds']).openapi({ description: 'Shares are between 0 and 1' })
const value = z.number().optional().openapi({ description: 'Absent: there is nothing to reckon it from' })
const few = z.boolean().openapi({ description: 'A share or duration of fewer than 30: a hint at most' })
const definition = {
  metric: z
    .string()
    .openapi({ description: 'Names the number; `GET /reports/entries` lists what it counts' }),
  name: z.string(),
  means: z.string().openapi({ description: 'What exactly is counted, in the language of Accept-Language' }),
  unit,
}
const cell = {
  value,
  n: count.openapi({ description: 'What it is reckoned from' }),
  before: z.number().optional().openapi({ description: 'The same of as many days before' }),
  few,
}

const NumberSchema = z.object({ ...definition, ...cell }).openapi('ReportNumber')

const RowSchema = z
  .object({
    key: z.string(),
    name: z.string(),
    means: z
      .string()
      .optional()
      .openapi({ description: 'Of a row that is a number of its own: what exactly is counted' }),
    surge: z.boolean().openapi({ description: 'The first number is clearly above that of the days before' }),
    cells: z.array(z.object(cell)).readonly(),
  })
  .openapi('ReportRow')

const SectionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    chart: z.enum(['heat', 'funnel', 'bars', 'none']),
    columns: z.array(z.object(definition)).readonly(),
    rows: z.array(RowSchema).readonly(),
  })
  .openapi('ReportSection')

export const WorkReportSchema = z
  .object({
    report: z.enum(reportNames),
    name: z.string(),
    from: z.string(),
    to: z.string(),
    zone: z.string(),
    time: z.enum(['calendar', 'business']),
    before: z.object({ from: z.string(), to: z.string() }),
    cards: z.array(NumberSchema).readonly(),
    sections: z.array(SectionSchema).readonly(),
  })
  .openapi('WorkReport')

export const ReportEntrySchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    channel: z.string().optional(),
    conversationId: z.uuid().optional(),
    ticket: z.object({ id: z.uuid(), number: z.int() }).optional(),
    name: z.string().optional().openapi({ description: 'Its topic, theme or kind, or why it failed' }),
    seconds: z.number().optional().openapi({ description: 'How long it took' }),
  })
  .openapi('ReportEntry')

export const WallSchema = z
  .object({
    at: z.iso.datetime(),
    zone: z.string(),
    numbers: z.array(NumberSchema).readonly(),
    hours: z
      .array(count)
      .readonly()
      .openapi({ description: 'Sessions of today by the hour in which they began' }),
  })
  .openapi('ReportWall')

export const workReportJson = (report: Report): z.output<typeof WorkReportSchema> => report

export const entryJson = ({ at, ...entry }: ReportEntry): z.output<typeof ReportEntrySchema> => ({
  ...entry,
  at: at.toISOString(),
})

export const wallJson = ({ at, ...wall }: Wall): z.output<typeof WallSchema> => ({
  ...wall,
  at: at.toISOString(),
})
