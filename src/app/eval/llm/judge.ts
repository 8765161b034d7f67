import { z } from 'zod'
import { TongdaError } from '../../../core/errors.ts'
import type { Article } from '../../../core/knowledge.ts'
import type { LanguageModel } from '../../../core/language-model.ts'
import type { Spoken } from '../../../core/understanding.ts'
import type { Content } from '../../content.ts'
import { plainText, type Answer } from '../../ask.ts'
import type { LlmRow } from './set.ts'

const instructions = `You judge an answer that a help desk gave to a customer.
The material holds the customer's message ("message"), sometimes what the customer wrote before it ("before"), the answer ("answer"), and articles of the help desk ("article:ID"), which are true.
Set "right" to true if the answer answers what the message asks and says nothing that the articles contradict or do not say. Ignore notices about AI, offers of related questions and manners. Otherwise set "right" to false.`

const verdict = z.object({ right: z.boolean() })

/** Whether an answer is right, or why nobody knows. */
type Verdict = { readonly judgedRight: boolean } | { readonly judgeFailure: string }

/** Judges one answer. */
export type Judge = (row: LlmRow, before: string | undefined, answer: Answer) => Promise<Verdict>

/** An article as it is given on the channel, in the language of the answer. */
const wordingOf = (
  { question, answer, channelAnswers, en }: Article,
  channel: LlmRow['channel'],
  spoken: Spoken,
): string => {
  const given =
    spoken === 'en' && en !== undefined ? en : { question, answer: channelAnswers[channel] ?? answer }
  return `${given.question}\n${plainText(given.answer)}`
}

const materialOf = (
  content: Pick<Content, 'knowledge'>,
  { text, articles = [], channel }: LlmRow,
  before: string | undefined,
  { articles: given, spoken, reply }: Answer,
) => {
  const ids = new Set([...articles, ...given])
  const known = content.knowledge().articles.filter(({ id }) => ids.has(id))
  return [
    { name: 'message', text },
    ...(before === undefined ? [] : [{ name: 'before', text: before }]),
    { name: 'answer', text: reply },
    ...known.map((article) => ({
      name: `article:${article.id}`,
      text: wordingOf(article, channel, spoken),
    })),
  ]
}

/** A judge by the language model itself. */
export const createJudge =
  (model: LanguageModel, content: Pick<Content, 'knowledge'>): Judge =>
  async (row, before, answer) => {
    try {
      const { value } = await model.ask({
        purpose: 'judge',
        instructions,
        material: materialOf(content, row, before, answer),
        schema: verdict,
      })
      return { judgedRight: value.right }
    } catch (error) {
      if (error instanceof TongdaError) return { judgeFailure: error.message }
      throw error
    }
  }
