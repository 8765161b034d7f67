import { z } from '@hono/zod-openapi'

/** What is answered where there is nothing else to say. */
export const Done = z.object({ done: z.literal(true) }).openapi('Done')

/** That answer. */
export const done = { done: true } as const
