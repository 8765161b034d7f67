import { z } from 'zod'
import { defineJob } from '../core/jobs.ts'

/** Sends a reporter's one-time code by mail. */
export const sendIdentityCode = defineJob({
  ...{ name: 'send-identity-code', data: z.strictObject({ checkId: z.uuid() }), limitSeconds: 120 },
  // Somebody waits for it.
  firstRetrySeconds: 10,
})
