import type { Assisted, SuggestedReply } from '../../core/assist.ts'
import type { Doubt } from '../../core/model-help.ts'
import { type AnswerDeps, createAnswer } from '../answer.ts'

/** Writes a reply from articles alone, as contacts get answers, with the same check. Rejects as the model does. */
export const createSuggestReply = (deps: Omit<AnswerDeps, 'notice' | 'purpose'>) => {
  const answer = createAnswer({ ...deps, purpose: 'reply' })
  return async (
    asked: Pick<Doubt, 'conversationId' | 'language' | 'text' | 'context' | 'passages'>,
  ): Promise<Assisted<SuggestedReply>> => {
    if (asked.text.trim() === '') return { refused: { why: 'nothing-said' } }
    if (asked.passages.length === 0) return { refused: { why: 'no-articles' } }
    const helped = await answer(asked, undefined)
    if ('reason' in helped)
      return { refused: { why: helped.reason.code === 'model-unfounded' ? 'unfounded' : 'no-answer' } }
    const { text, articleIds, model } = helped.found
    const questions = new Map(asked.passages.map(({ articleId, question }) => [articleId, question]))
    const sources = articleIds.map((articleId) => ({
      articleId,
      question: questions.get(articleId) ?? articleId,
    }))
    return { made: { text, sources }, model }
  }
}
