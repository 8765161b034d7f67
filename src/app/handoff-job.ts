import { z } from 'zod'
import { defineJob } from '../core/jobs.ts'

/** Summarises a conversation that was handed over. Two tries: an agent who opens the ticket can ask for it as well. */
export const summariseHandover = defineJob({
  ...{ name: 'summarise-handover', data: z.strictObject({ ticketId: z.uuid(), seq: z.number().int() }) },
  ...{ tries: 2, firstRetrySeconds: 60, limitSeconds: 120, atOnce: 2 },
})
