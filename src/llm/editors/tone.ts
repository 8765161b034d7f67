import { z } from 'zod'
import { textsOf, type ArticleContent, type ArticleText } from '../../core/article.ts'
import type { ByModel, ToneFinding, ToneWanted } from '../../core/editing-help.ts'
import type { LanguageModel, ModelMaterial } from '../../core/language-model.ts'
import { addressesIn, saysTheSame } from '../grounding/index.ts'
import { languageOf, remarkOf, upTo } from './clean.ts'

const instructions = `You look at how an answer of a help desk sounds. The material holds the brand's name ("brand") and the answer ("answer"); what is told in English or on one channel only stands in pieces such as "answer:en" and "answer:weibo".
Find at most five places in each that do not sound as the last lines of these instructions want it.
Rules:
- "quote" is copied from one piece, character by character: one clause or sentence, not more. Its "proposal" is in the same language.
- "proposal" says exactly the same in better words and takes the quote's place. Keep every number, date, amount, name, link, condition, and every yes and no. Promise nothing more.
- "why" is one short sentence in Chinese.
- What sounds right is left alone; no finding is a good answer.`

const wishes: Readonly<Record<ToneWanted['tone'], string>> = {
  standard:
    'Wanted: friendly, clear and calm. It speaks to the reader directly and always in the same way, blames nobody, gives no orders, uses no office jargon, no slang and no exclamation.',
  acg: 'Wanted: friendly and light, as among fans of animation; plain words, short sentences, no office jargon. It blames nobody and gives no orders. Decoration is added elsewhere: propose none.',
  sober:
    'Wanted: sober and kind, for a serious matter. It speaks to the reader directly, blames nobody, gives no orders, and has no joke, slang, exclamation or cheerful word.',
}

const findings = z.object({
  findings: z
    .array(z.object({ quote: z.string().max(500), proposal: z.string().max(800), why: z.string().max(500) }))
    .max(20),
})

/** Of one text, and of all; what is left of less is not worth asking about. */
const [mostText, mostTexts, leastText] = [3_000, 8_000, 100]
const mostFindings = 12
const leastQuote = 2
/** A proposal is no essay: this many times its quote, and some characters more. */
const [mostTimes, mostMore] = [2, 20]

const marks = /[\p{Cf}\p{Co}\p{Cn}<>{}|\\`]|\p{Extended_Pictographic}/u

/** Whether a proposal may stand for its quote in a text. */
const isSound = ({ quote, proposal }: Omit<ToneFinding, 'in'>, { text }: ArticleText): boolean => {
  if (quote.length < leastQuote || text.split(quote).length !== 2) return false
  if (proposal === '' || proposal === quote || proposal.length > quote.length * mostTimes + mostMore)
    return false
  if (marks.test(proposal) && !marks.test(quote)) return false
  if (addressesIn(proposal).size !== addressesIn(quote).size) return false
  return saysTheSame(quote, proposal, languageOf(text))
}

const materialOf = (texts: readonly ArticleText[]): readonly ModelMaterial[] => {
  let left = mostTexts
  return texts.flatMap(({ name, text }) => {
    if (left < leastText) return []
    const fits = upTo(text, Math.min(mostText, left))
    left -= fits.length
    return [{ name: name === 'answer' ? name : `answer:${name}`, text: fits }]
  })
}

/** Asks for places whose tone is wrong and keeps those whose proposal tells the same facts. Rejects as the model does. */
export const createTone =
  (model: Pick<LanguageModel, 'ask'>) =>
  async (article: ArticleContent, { tone, brand }: ToneWanted): Promise<ByModel<readonly ToneFinding[]>> => {
    const texts = textsOf(article)
    const told = { instructions: `${instructions}\n${wishes[tone]}`, schema: findings }
    const asked = await model.ask({
      purpose: 'tone',
      ...told,
      material: [{ name: 'brand', text: brand }, ...materialOf(texts)],
    })
    const found = asked.value.findings
      .map(({ quote, proposal, why }) => ({
        quote: quote.trim(),
        proposal: proposal.trim(),
        why: remarkOf(why, told),
      }))
      // The same words in two texts are two places.
      .flatMap((one) => texts.filter((text) => isSound(one, text)).map(({ name }) => ({ ...one, in: name })))
      .slice(0, mostFindings)
    return { found, model: asked.model }
  }
