import { ApiError } from '../api/request.ts'
import { isWord, type Translate } from '../words/index.ts'

/** An error in words: what happened and what to do. */
export const explain = (error: unknown, t: Translate): string => {
  if (!(error instanceof ApiError)) return t('error.other')
  const { code, facts } = error
  if (facts.reason === 'origin') return t('error.origin')
  const key = `error.${code}`
  if (!isWord(key)) return t('error.other')
  const { retryAfterSeconds } = facts
  return t(key, typeof retryAfterSeconds === 'number' ? { seconds: retryAfterSeconds } : {})
}
