import { z } from 'zod'

/** The `api` section of the configuration. */
export const apiConfig = z
  .strictObject({
    requestsPerMinute: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(600)
      .describe(
        'Requests that one API key, or one agent, may send to /api/v1 in a minute. Default 600; over all nodes with Redis, else on each.',
      ),
    eventDays: z.coerce
      .number()
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe(
        'Days that the event log of the API is kept. Default 30; who reads it later misses what is gone.',
      ),
  })
  .prefault({})
