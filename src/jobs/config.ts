import { z } from 'zod'

/** The `jobs` section of the configuration: work in the background. */
export const jobsConfig = z.strictObject({
  concurrency: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe(
      'Background jobs (imports, exports, campaigns, webhooks, clearing away) one node runs at once. Default 4. Each may hold a database connection.',
    ),
  stopSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(600)
    .default(10)
    .describe(
      'Seconds a stop waits for jobs under way. Default 10; then they are given back and another start or node does them again.',
    ),
})
