import { z } from 'zod'

/** Members of the `llm` section about what agents get from a model. */
export const assistConfig = {
  assist: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      'on: agents may have a conversation summarised, a reply written from articles, their draft put into another tone or language, and facts of the ticket proposed. Nothing is sent or changed by it. Default off.',
    ),
} as const
