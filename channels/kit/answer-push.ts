import type { Logger } from '../../src/core/log.ts'
import { answerRefusal, plainText, Refusal } from './refusal.ts'

const wordOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** Answers a provider's request. What fails was not stored, so it is not acknowledged: the provider will come again. */
export const answerPush = async (log: Logger, work: () => Promise<Response>): Promise<Response> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return answerRefusal(error, log)
    log.error({ code: 'not_accepted', error: wordOf(error) }, 'push not stored')
    return plainText(503, 'try again')
  }
}
