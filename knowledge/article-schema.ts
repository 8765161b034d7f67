import { z } from 'zod'
import { articleFields } from '../src/core/article.ts'

export { maxAnswerLength } from '../src/core/article.ts'

/** Front matter of an article file. Lengths in characters. */
export const frontMatter = z.strictObject(articleFields)
export type FrontMatter = z.infer<typeof frontMatter>
