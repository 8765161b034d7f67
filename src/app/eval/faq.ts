import { createTextTools, measureAnswers, timeEach, trainFaq } from '../../../intents/index.ts'
import type { AnswerCase } from '../../../intents/index.ts'
import { createSearch } from '../../../knowledge/index.ts'
import type { FaqFile } from './files.ts'
import { residentMiB, type EvalResult } from './result.ts'
import type { EvalTools } from './tools.ts'

const mostRanked = 10
/** Questions of the knowledge base that are read before the clock starts. */
const warmUp = 50

/** Learns the knowledge base as the product does, and answers the questions. */
export const evalFaq = async ({ kb, queries }: FaqFile, tools: EvalTools): Promise<EvalResult> => {
  const started = performance.now()
  const { articles, understand, thresholds, calibratedOn } = await trainFaq({ entries: kb, ...tools })
  const text = createTextTools(tools.lexicons)
  const search = createSearch({ articles, ...text })
  const buildMs = performance.now() - started

  const answer = async (query: FaqFile['queries'][number]): Promise<AnswerCase> => {
    const { candidates, handling, outOfScope } = await understand(query.text, {})
    const score = candidates[0]?.score ?? 0
    // Behind the candidates come the further hits of the word search, as far as they are needed.
    const hits = search(text.normalise(query.text).text, mostRanked)
    const ranking = [...candidates, ...hits].map(({ articleId }) => articleId)
    return {
      ...query,
      ranking: [...new Set(ranking)].slice(0, mostRanked),
      score,
      answered: handling === 'faq' && outOfScope < thresholds.outOfScope && score >= thresholds.answer,
    }
  }
  for (const { question } of kb.slice(0, warmUp)) await answer({ text: question, id: null })
  const { results, timing } = await timeEach(queries, answer)

  const questions = new Map(kb.map(({ id, question }) => [id, question]))
  const { confusions, reliability, ...measures } = measureAnswers(results, (id) => questions.get(id) ?? id)
  return {
    measures: { ...measures, ...timing, buildMs, rssMiB: residentMiB(), n: queries.length },
    notes:
      calibratedOn === 'alternatives'
        ? []
        : [
            '知识库几乎没有相似问，阈值用缩短的标准问校准 there are hardly any alternatives: calibrated on shortened questions, so the wrong rate is a guess',
          ],
    confusions,
    reliability,
  }
}
