import { z } from 'zod'
import { textsOf, type ArticleText } from '../../core/article.ts'
import type { ByModel, ComparedArticle, Judgement } from '../../core/editing-help.ts'
import type { LanguageModel, ModelMaterial } from '../../core/language-model.ts'
import { remarkOf, upTo } from './clean.ts'

const instructions = `You compare two articles of one help desk, given as "first" and "second". What they tell in English or on one channel only stands in pieces such as "first:en" and "second:weibo"; it counts as well.
Say whether a reader who follows both would be told two things that cannot both be true: another number, period, price, place, condition, or yes against no, about the very same matter.
Rules:
- Articles about different matters, one that says more than the other, and other words for the same are no contradiction. In doubt there is none.
- The same said in another language, or shorter for a channel, is no contradiction; another number, period, price or condition there is one.
- "first" and "second" are the two places, each copied from its article character by character: one clause or sentence.
- "why" is one short sentence in Chinese that names the matter.
- Without a contradiction set "contradicts" to false and leave the others empty.`

const verdict = z.object({
  contradicts: z.boolean(),
  first: z.string().max(1_000),
  second: z.string().max(1_000),
  why: z.string().max(1_000),
})

/** Of one text, and of all of an article; what is left of less is not worth asking about. */
const [mostText, mostTexts, leastText] = [2_000, 4_000, 100]
const [leastQuote, mostQuote] = [4, 300]

const toldBy = (article: ComparedArticle): readonly ArticleText[] =>
  textsOf(article).map(({ name, text }) => ({
    name,
    text:
      name === 'answer'
        ? `${article.question}\n${text}`
        : name === 'en'
          ? `${article.en?.question ?? ''}\n${text}`
          : text,
  }))

/** The texts of both sides; one article alone: its general answer against the others. */
const sidesOf = (first: ComparedArticle, second: ComparedArticle) => {
  const [mine, theirs] = [toldBy(first), toldBy(second)]
  return first.articleId === second.articleId
    ? { mine: mine.slice(0, 1), theirs: theirs.slice(1) }
    : { mine, theirs }
}

/** The texts as a model reads them: each whole as far as it fits, the first ones before the others. */
const materialOf = (side: 'first' | 'second', texts: readonly ArticleText[]): readonly ModelMaterial[] => {
  let left = mostTexts
  return texts.flatMap(({ name, text }) => {
    const fits = upTo(text, Math.min(mostText, left))
    if (left < leastText) return []
    left -= fits.length
    return [{ name: name === 'answer' ? side : `${side}:${name}`, text: fits }]
  })
}

/** The place as it stands in one of the texts; undefined: it does not. */
const placeIn = (texts: readonly ArticleText[], quote: string) => {
  const place = quote.trim()
  if (place.length < leastQuote || place.length > mostQuote) return undefined
  const text = texts.find((one) => one.text.includes(place))
  return text && { quote: place, in: text.name }
}

/** Has a pair compared, and holds both places against the articles. Rejects as the model does. */
export const createJudge =
  (model: Pick<LanguageModel, 'ask'>) =>
  async (
    first: ComparedArticle,
    second: ComparedArticle,
    signal: AbortSignal,
  ): Promise<ByModel<Judgement | undefined>> => {
    const { mine, theirs } = sidesOf(first, second)
    const asked = await model.ask({
      purpose: 'contradictions',
      instructions,
      material: [...materialOf('first', mine), ...materialOf('second', theirs)],
      schema: verdict,
      signal,
    })
    const { contradicts, why } = asked.value
    const [one, other] = [placeIn(mine, asked.value.first), placeIn(theirs, asked.value.second)]
    if (!contradicts || one === undefined || other === undefined || one.quote === other.quote)
      return { found: undefined, model: asked.model }
    const places = {
      ...{ firstQuote: one.quote, firstText: one.in, secondQuote: other.quote, secondText: other.in },
    }
    return { found: { ...places, why: remarkOf(why, { instructions, schema: verdict }) }, model: asked.model }
  }
