import type { UnderstandingDesk } from '../core/understanding-desk.ts'
import { nearestLanguage } from '../text/index.ts'
import { plainText } from './ask.ts'
import type { Content } from './content.ts'

/** Below it an article is a guess that nobody should have to read. */
export const leastScore = 0.05

/** Finds what the bot would look at first: its own understanding, over the articles that are live. */
export const createSuggest =
  (content: Content): UnderstandingDesk['suggest'] =>
  async (text, channel, limit) => {
    const { language, candidates } = await content.understand(text, {})
    const reads = nearestLanguage(text.toLowerCase(), language)
    const articles = new Map(content.knowledge().articles.map((article) => [article.id, article]))
    return candidates
      .flatMap(({ articleId, score }) => {
        const article = articles.get(articleId)
        if (article === undefined || score < leastScore) return []
        const foreign = reads === 'en' ? article.en : undefined
        const answer = foreign?.answer ?? article.channelAnswers[channel] ?? article.answer
        return [
          { articleId, question: foreign?.question ?? article.question, score, text: plainText(answer) },
        ]
      })
      .slice(0, limit)
  }
