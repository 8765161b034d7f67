import { z } from 'zod'
import { textsOf, type ArticleContent } from '../../core/article.ts'
import type { ByModel } from '../../core/editing-help.ts'
import type { LanguageModel } from '../../core/language-model.ts'
import { echoes } from '../echo.ts'
import { latinIn, quantitiesIn, thingsIn } from '../grounding/index.ts'
import { isPlainLine, languageOf, upTo } from './clean.ts'

const instructions = `You help the editors of a help desk's articles. The material holds one article: its question ("question"), wordings it has already ("similar") and its answer ("answer"); what it tells in English or on one channel only stands in pieces such as "answer:en" and "answer:weibo".
Write twelve further wordings: what people would really type when they need this very answer.
Rules:
- Each is one short question or phrase that means the same as the article's question. None asks for something else or more.
- Vary them: colloquial, short, with a mistake people make, as a complaint, as a wish. No greeting.
- No numbers, names, links or products that the article does not have, and nothing about a certain person.
- Give none that the article has already.
- Write in the language named in the last line of these instructions.`

const languages = {
  zh: 'Language: simplified Chinese.',
  en: 'Language: English.',
  both: 'Language: simplified Chinese; four of the twelve in English, for those who ask in it.',
} as const

const wordings = z.object({ questions: z.array(z.string().max(500)).max(40) })

const longest = 60
const [mostSimilar, mostAnswer, mostTexts] = [40, 1_500, 4]

const all = (things: ReadonlySet<string>, known: ReadonlySet<string>): boolean =>
  [...things].every((one) => known.has(one))

/** Whether a wording names no number, thing or, in Chinese, foreign word that the article does not. */
const namesNothingMore = (one: string, said: string, language: keyof typeof languages): boolean =>
  all(quantitiesIn(one), quantitiesIn(said)) &&
  all(thingsIn(one), thingsIn(said)) &&
  (language === 'en' || (language === 'both' && languageOf(one) === 'en') || all(latinIn(one), latinIn(said)))

/** Asks for wordings and leaves out those that name what the article does not. Rejects as the model does. */
export const createWordings =
  (model: Pick<LanguageModel, 'ask'>) =>
  async (content: ArticleContent): Promise<ByModel<readonly string[]>> => {
    const { question, similar, en } = content
    const texts = textsOf(content)
    const own = languageOf(question)
    const language = own === 'zh' && en !== undefined ? 'both' : own
    const told = { instructions: `${instructions}\n${languages[language]}`, schema: wordings }
    const asked = await model.ask({
      purpose: 'similar-questions',
      ...told,
      material: [
        { name: 'question', text: question },
        { name: 'similar', text: similar.slice(0, mostSimilar).join('\n') },
        ...texts.slice(0, mostTexts).map(({ name, text }) => ({
          name: name === 'answer' ? name : `answer:${name}`,
          text: upTo(name === 'en' ? `${en?.question ?? ''}\n${text}` : text, mostAnswer),
        })),
      ],
    })
    const said = [question, ...similar, en?.question ?? '', ...texts.map(({ text }) => text)].join('\n')
    const found = asked.value.questions
      .map((one) => one.trim().replace(/^\d{1,2}[.、)]\s*/u, ''))
      .filter((one) => isPlainLine(one, longest) && namesNothingMore(one, said, language))
      .filter((one) => !echoes(one, told))
    return { found, model: asked.model }
  }
