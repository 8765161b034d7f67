import { z } from 'zod'

/** Members of the `llm` section about what agents get from a model. */
export const assistConfig = {
  assist: z
    .enum(['on', 'off'])
    .default('off')
    .describe(
      'on: agents may have a conversation summarised, a reply written from articles, their draft put into another tone or language, and facts of the ticket proposed. Nothing is sent or changed by it. Default off.',
    ),
  summaries: z
    .enum(['on-request', 'on-handover'])
    .default('on-request')
    .describe(
      'When conversations are summarised, with assist: on. on-request: when an agent asks for it. on-handover: also by itself, once each time the bot hands one over to a person; agents find it at the ticket. Each takes some 2,000 tokens of the budget, which answers to contacts share. Default on-request.',
    ),
  summaryLanguage: z
    .enum(['zh', 'en'])
    .default('zh')
    .describe('The language in which summaries are written at a handover. Default zh.'),
} as const
