import type { Context } from 'hono'
import type { DeskLanguage } from '../core/reason.ts'

/** The language that is asked for; Chinese unless English comes first. */
export const languageOf = (context: Context): DeskLanguage =>
  /^\s*en\b/i.test(context.req.header('accept-language') ?? '') ? 'en' : 'zh'
