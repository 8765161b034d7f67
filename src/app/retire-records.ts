import { z } from 'zod'
import { defineJob, type JobHandler, type JobSchedule, onJob } from '../core/jobs.ts'

const dayMs = 86_400_000

/** How long it is known what language models took. */
const modelCallDays = 90

/** What the API keeps for a while. */
export interface RetiredRecords {
  readonly events: { retire(before: Date): Promise<void> }
  readonly webhookQueue: { retire(before: Date): Promise<void> }
  readonly outlook: { retire(before: Date): Promise<void> }
  readonly idempotency: { retire(): Promise<void> }
  readonly audit: { retire(before: Date): Promise<number> }
  readonly clearArchives: () => Promise<number>
  readonly forgetErased: () => Promise<void>
  readonly modelLedger: { retire(before: Date): Promise<void> }
}

/** Forgets what is older than the API promises to keep. */
export const retireRecords = defineJob({ name: 'retire-records', data: z.strictObject({}), atOnce: 1 })

/** Every hour. */
export const retireRecordsHourly: JobSchedule<unknown> = {
  kind: retireRecords,
  data: {},
  cron: '47 * * * *',
  zone: 'UTC',
}

/** How long events and the audit log are kept. */
export const retireRecordsHandler = (
  {
    events,
    webhookQueue,
    outlook,
    idempotency,
    audit,
    clearArchives,
    forgetErased,
    modelLedger,
  }: RetiredRecords,
  { days, auditDays }: { readonly days: number; readonly auditDays: number },
): JobHandler =>
  onJob(retireRecords, async () => {
    const before = new Date(Date.now() - days * dayMs)
    await events.retire(before)
    await webhookQueue.retire(before)
    await outlook.retire(before)
    await idempotency.retire()
    await clearArchives()
    await forgetErased()
    await modelLedger.retire(new Date(Date.now() - modelCallDays * dayMs))
    await audit.retire(new Date(Date.now() - auditDays * dayMs))
  })
