import { z } from 'zod'
import type { ByModel, SettledCase, WrittenArticle } from '../../core/editing-help.ts'
import type { LanguageModel } from '../../core/language-model.ts'
import type { Passage } from '../../core/model-help.ts'
import { echoes } from '../echo.ts'
import { checkDraft, quantitiesIn, type DraftVerdict } from '../grounding/index.ts'
import { isPlainLine, upTo } from './clean.ts'

const instructions = `You write an article for a help desk from cases that its people have settled. Each case ("case:N") holds what was asked ("Q:") and what the help desk's people replied ("A:").
Write what everybody with the same question may be told.
Rules:
- "question": the one question that the cases share, short and general.
- "similar": up to eight other wordings, as people ask.
- "answer": short sentences in the order in which a reader needs them, each with the names of the cases it came from in "sources", for example "case:1". Use only what the replies say, in their own words as far as possible; copy numbers, dates and names of menus exactly. What was asked is no source.
- Leave out everything that holds for one person alone: names, accounts, orders, dates of what happened to them, what was done for them, greetings, apologies.
- Tokens in square brackets stand for what was taken out. Write none of them; leave out what needs them.
- Write in simplified Chinese unless all cases are in English.
- If the replies hold nothing that others can be told, set "found" to false and leave the rest empty.`

const article = z.object({
  found: z.boolean(),
  question: z.string().max(500),
  similar: z.array(z.string().max(500)).max(20),
  answer: z
    .array(z.object({ text: z.string().max(1_000), sources: z.array(z.string().max(200)).max(12) }))
    .max(20),
})

const [longestQuestion, mostSimilar] = [60, 8]
const [mostCase, mostSentence] = [1_200, 300]
/** What replies may take of a case, however much was asked. */
const mostReplied = 800
/** Somebody is spoken to, or of. */
const named = /\p{Script=Han}(?:先生|女士|小姐)|\b(?:mr|mrs|ms|dear)\b/iu

const bare = (id: string): string => id.trim().replace(/^case:/u, '')

/** What was asked and replied, within the length of a case: replies come first, since the article is made of them alone. */
const textOf = ({ asked, replied }: SettledCase): string => {
  const questions = asked.map((one) => `Q: ${one}`).join('\n')
  const replies = replied.map((one) => `A: ${one}`).join('\n')
  const answer = upTo(replies, Math.max(mostReplied, mostCase - questions.length - 1))
  return `${upTo(questions, mostCase - answer.length - 1)}\n${answer}`
}

const materialOf = (cases: readonly SettledCase[]) =>
  cases.map((one, place) => ({ name: `case:${String(place + 1)}`, text: textOf(one) }))

/** What people replied, as that which sentences are held against. */
const passagesOf = (cases: readonly SettledCase[]): readonly Passage[] =>
  cases.map(({ replied }, place) => ({
    articleId: String(place + 1),
    question: '',
    text: replied.join('\n'),
  }))

/** Nobody is spoken to, and nothing of the instructions is told. */
const mayBeTold = (text: string): boolean =>
  !named.test(text) && !echoes(text, { instructions, schema: article })

/** Each sentence by itself: in an article, which a person reads before anybody else, one that falls takes no other along. */
const verdictOf = (
  sentence: z.infer<typeof article>['answer'][number],
  passages: readonly Passage[],
  language: 'zh' | 'en',
): DraftVerdict['sentences'][number] | undefined => {
  const one = { text: sentence.text.trim(), sources: sentence.sources.map(bare) }
  if (!isPlainLine(one.text, mostSentence) || !mayBeTold(one.text)) return undefined
  return checkDraft({ answered: true, sentences: [one] }, { passages, language }).sentences[0]
}

/** Lines of the answer; without an end a sentence gets one. */
const lineOf = (text: string, language: 'zh' | 'en'): string =>
  /[。.！!？?；;：:]["”」』）)]?$/u.test(text) ? text : `${text}${language === 'zh' ? '。' : '.'}`

/**
 * Has an article written from settled cases. Sentences that name what no reply says, or that hold for one person, are
 * left out; those whose words are others are kept to be looked at. Rejects as the model does.
 */
export const createWrite =
  (model: Pick<LanguageModel, 'ask'>) =>
  async (cases: readonly SettledCase[]): Promise<ByModel<WrittenArticle | undefined>> => {
    const asked = await model.ask({
      purpose: 'article',
      instructions,
      material: materialOf(cases),
      schema: article,
    })
    const { found, question, similar, answer } = asked.value
    const language = /\p{Script=Han}/u.test(cases.flatMap(({ replied }) => replied).join('')) ? 'zh' : 'en'
    const passages = passagesOf(cases)
    const numbers = quantitiesIn(passages.map(({ text }) => text).join('\n'))
    const isGeneral = (text: string): boolean =>
      isPlainLine(text, longestQuestion) &&
      mayBeTold(text) &&
      [...quantitiesIn(text)].every((one) => numbers.has(one))
    const verdicts = answer
      .flatMap((sentence) => verdictOf(sentence, passages, language) ?? [])
      .filter(({ refused }) => refused === undefined || refused === 'words')
    const [title, ...others] = [question, ...similar].map((one) => one.trim()).filter(isGeneral)
    if (!found || title === undefined || verdicts.length === 0)
      return { found: undefined, model: asked.model }
    return {
      found: {
        question: title,
        similar: [...new Set(others)].filter((one) => one !== title).slice(0, mostSimilar),
        answer: verdicts.map(({ text }) => lineOf(text, language)).join('\n'),
        toCheck: verdicts.flatMap(({ text, refused }) => (refused === 'words' ? [text] : [])),
      },
      model: asked.model,
    }
  }
