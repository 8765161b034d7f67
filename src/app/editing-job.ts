import { z } from 'zod'
import { defineJob } from '../core/jobs.ts'

/** Measures drafts against what is live. Learning takes up to some minutes, in a process of its own. */
export const evaluateKnowledge = defineJob({
  ...{ name: 'evaluate-knowledge', data: z.strictObject({ evaluationId: z.uuid() }) },
  ...{ atOnce: 1, tries: 3, limitSeconds: 1_800 },
})

/** Publishes drafts whose moment has come. */
export const publishKnowledge = defineJob({
  ...{ name: 'publish-knowledge', data: z.strictObject({ scheduleId: z.uuid() }), atOnce: 1 },
})

/** Looks for articles that contradict each other. What was compared stays compared: another try goes on from there. */
export const compareArticles = defineJob({
  ...{ name: 'compare-articles', data: z.strictObject({ checkId: z.uuid() }) },
  ...{ atOnce: 1, tries: 5, limitSeconds: 3_600 },
})
