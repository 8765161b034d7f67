import { z } from 'zod'
import type { LanguageModel } from '../core/language-model.ts'
import type { Logger } from '../core/log.ts'
import type { Doubt, Helped } from '../core/model-help.ts'
import type { Reason } from '../core/reason.ts'
import type { Classification, Question, Understand } from '../core/understanding.ts'
import { echoes } from './echo.ts'
import { addressesIn, plain, quantitiesIn, thingsIn } from './grounding/index.ts'

const instructionsIn = (
  language: string,
): string => `You reword a customer's message so that a classifier of frequently asked questions understands it.
The material holds the message ("message") and sometimes what was asked before it ("before").
Write at most three questions, in ${language}, each short and complete in itself: put in what the message only points to, drop what is not asked, and write one question for each thing that is asked.
Invent nothing: no number, no name, no reason that does not stand in the material. If nothing is asked, give no questions.`

/** Other languages are not understood by the classifier. */
const instructionsFor = ({ language }: Classification): string =>
  instructionsIn(language === 'other' ? 'English' : "the message's language")

const rewording = z.object({ questions: z.array(z.string().max(500)).max(5) })

/** Questions that are taken, and the longest of them in UTF-16 units. */
const mostQuestions = 3
const longest = 120
/** By so much surer the classifier has to be. */
const margin = 0.15
/** Messages up to this length may lean on what came before, in UTF-16 units. */
const short = 32

const bestOf = ({ candidates }: Question): number => candidates[0]?.score ?? 0

/** Whether the classifier is unsure in a way that other words can help. */
const isWorth = ({ rule, text, context, understood, thresholds }: Doubt): boolean => {
  if (rule === 'same-answer') return false
  if (bestOf(understood) < thresholds.clarify || (understood.questions ?? []).length > 1) return true
  return context.lastText !== undefined && text.length <= short
}

/** Reads once what was said; gives whether a question names nothing else. */
const faithfulTo = (said: string): ((question: string) => boolean) => {
  const known = [quantitiesIn(said), thingsIn(said), addressesIn(said)] as const
  const words = plain(said)
  return (question) => {
    const named = [quantitiesIn(question), thingsIn(question), addressesIn(question)] as const
    const codes = plain(question).match(/[a-z]*\d[a-z\d]*/g) ?? []
    return (
      named.every((things, place) => [...things].every((one) => known[place]?.has(one) === true)) &&
      codes.every((code) => words.includes(code))
    )
  }
}

/** Whether a question was understood well enough to stand for the message. */
const isSurer = (question: Classification, { understood, thresholds }: Doubt): boolean =>
  question.handling === 'faq' &&
  question.outOfScope < thresholds.outOfScope &&
  bestOf(question) >= Math.max(thresholds.clarify, bestOf(understood) + margin)

/** What was asked, without how it was said. It is as urgent as the message: words of a model's make nothing more so. */
const bare = (one: Classification, { urgency }: Classification): Question => {
  const { text, intent, topic, handling, confidence, candidates, outOfScope } = one
  return { text, intent, topic, handling, confidence, candidates, outOfScope, urgency }
}

/** A question as it was written, and what was understood of it. */
interface Reworded {
  readonly words: string
  readonly understood: Classification
}

/** What was understood of the questions, said as the message was said: its mood, urgency and insults stay its own. */
const together = (
  { understood, context }: Doubt,
  [{ understood: main, words }, ...more]: readonly [Reworded, ...Reworded[]],
): Classification => {
  const others = more.map((one) => one.understood)
  const reasons: readonly Reason[] = [
    ...(context.lastText === undefined ? [] : [{ code: 'in-context', values: {} } as const]),
    { code: 'reworded', values: { question: [words, ...more.map((one) => one.words)].join(' / ') } },
  ]
  return {
    ...understood,
    ...bare(main, understood),
    questions: others.length === 0 ? [] : [main, ...others].map((one) => bare(one, understood)),
    reasons: [...reasons, ...main.reasons.filter((one) => one.code !== 'in-context')],
  }
}

/** What rewording needs. */
export interface RewriteDeps {
  readonly model: LanguageModel
  readonly understand: Understand
  readonly log: Logger
}

const because = (why: 'unfounded' | 'no-better') =>
  ({ reason: { code: 'not-reworded', values: { why } } }) as const

/**
 * Has a message reworded and understood again; used only where that is clearer by a margin. Undefined: it is not worth asking.
 * Rejects as the model does.
 */
export const createReword =
  ({ model, understand, log }: RewriteDeps) =>
  async (doubt: Doubt, ms: number): Promise<Helped<Classification> | undefined> => {
    if (!isWorth(doubt)) return undefined
    const { conversationId, text, context } = doubt
    const told = { instructions: instructionsFor(doubt.understood), schema: rewording }
    const { value } = await model.ask({
      purpose: 'rewrite',
      ...told,
      material: [
        { name: 'message', text },
        ...(context.lastText === undefined ? [] : [{ name: 'before', text: context.lastText }]),
      ],
      conversationId,
      timeoutMs: ms,
    })
    const isSaid = faithfulTo(`${text}\n${context.lastText ?? ''}`)
    const isFaithful = (question: string): boolean => isSaid(question) && !echoes(question, told)
    const questions = value.questions
      .map((one) => one.trim())
      .filter((one) => one !== '' && one.length <= longest)
      .slice(0, mostQuestions)
    if (questions.length === 0 || !questions.every(isFaithful)) {
      log.debug(
        { conversationId, count: questions.length },
        'a rewording names what was not said, or nothing',
      )
      return because(questions.length === 0 ? 'no-better' : 'unfounded')
    }
    const reworded = await Promise.all(
      questions.map(async (words) => ({ words, understood: await understand(words, {}) })),
    )
    const surer = reworded.filter((one) => isSurer(one.understood, doubt))
    const [best, ...others] = surer.toSorted(
      (one, other) => bestOf(other.understood) - bestOf(one.understood),
    )
    return best === undefined ? because('no-better') : { found: together(doubt, [best, ...others]) }
  }
