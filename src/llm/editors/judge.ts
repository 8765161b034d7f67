import { z } from 'zod'
import type { ByModel, ComparedArticle, Judgement } from '../../core/editing-help.ts'
import type { LanguageModel } from '../../core/language-model.ts'
import { remarkOf, upTo } from './clean.ts'

const instructions = `You compare two articles of one help desk, given as "first" and "second".
Say whether a reader who follows both would be told two things that cannot both be true: another number, period, price, place, condition, or yes against no, about the very same matter.
Rules:
- Articles about different matters, one that says more than the other, and other words for the same are no contradiction. In doubt there is none.
- "first" and "second" are the two places, each copied from its article character by character: one clause or sentence.
- "why" is one short sentence in Chinese that names the matter.
- Without a contradiction set "contradicts" to false and leave the others empty.`

const verdict = z.object({
  contradicts: z.boolean(),
  first: z.string().max(1_000),
  second: z.string().max(1_000),
  why: z.string().max(1_000),
})

const mostText = 2_000
const [leastQuote, mostQuote] = [4, 300]

const textOf = ({ question, answer }: ComparedArticle): string => `${question}\n${answer}`

/** The place as it stands in the article; undefined: it does not. */
const placeIn = (article: ComparedArticle, quote: string): string | undefined => {
  const place = quote.trim()
  return place.length >= leastQuote && place.length <= mostQuote && textOf(article).includes(place)
    ? place
    : undefined
}

/** Has a pair compared, and holds both places against the articles. Rejects as the model does. */
export const createJudge =
  (model: Pick<LanguageModel, 'ask'>) =>
  async (
    first: ComparedArticle,
    second: ComparedArticle,
    signal: AbortSignal,
  ): Promise<ByModel<Judgement | undefined>> => {
    const asked = await model.ask({
      purpose: 'contradictions',
      instructions,
      material: [
        { name: 'first', text: upTo(textOf(first), mostText) },
        { name: 'second', text: upTo(textOf(second), mostText) },
      ],
      schema: verdict,
      signal,
    })
    const { contradicts, why } = asked.value
    const firstQuote = placeIn(first, asked.value.first)
    const secondQuote = placeIn(second, asked.value.second)
    const isFinding =
      contradicts && firstQuote !== undefined && secondQuote !== undefined && firstQuote !== secondQuote
    return {
      found: isFinding ? { firstQuote, secondQuote, why: remarkOf(why) } : undefined,
      model: asked.model,
    }
  }
