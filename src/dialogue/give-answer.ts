import type { Decision, DialogueState } from '../core/conversation.ts'
import type { Article } from '../core/knowledge.ts'
import type { Part } from '../core/message.ts'
import type { Reason } from '../core/reason.ts'
import { questionOf } from './options.ts'
import {
  answerParts,
  asking,
  callPerson,
  decided,
  insteadOf,
  maxRememberedCharacters,
  othersThan,
  questions,
  remember,
  text,
  wasJustGiven,
} from './outcome.ts'
import { missed } from './patience.ts'
import type { Turn } from './turn.ts'

/** Whether an answer may be spoken of cheerfully: no bans, money, minors, complaints. */
const isLight = ({ config, tone, unframed }: Turn, { topic, question, urgency }: Article): boolean =>
  unframed !== true &&
  tone() === 'acg' &&
  urgency === 'normal' &&
  !config.soberTopics.includes(topic) &&
  !config.soberWords.some((word) => question.includes(word))

/** An answer between the persona's opening and closing; the answer itself stays as the editors wrote it. */
const framed = (turn: Turn, article: Article, answer: readonly Part[]): readonly Part[] => {
  if (!isLight(turn, article)) return answer
  const { openings, closings } = turn.words()
  const line = (texts: readonly (string | undefined)[]): readonly Part[] => {
    const words = texts.filter((one) => one !== undefined).join(' ')
    return words === '' ? [] : [text(words)]
  }
  return [...line([turn.oneOf(openings)]), ...answer, ...line([turn.oneOf(closings), turn.sticker('answer')])]
}

/** Says at the answer's first words which question they answer. */
const sourced = (turn: Turn, article: Article, answer: readonly Part[]): readonly Part[] => {
  const first = answer.find((part) => part.kind === 'text' && part.format === 'markdown')
  return answer.map((part) =>
    part === first && part.kind === 'text' ? { ...part, source: questionOf(article, turn.language()) } : part,
  )
}

/** Gives an article's answer; calls a person as well when the article is marked for one. */
export const giveAnswer = (
  turn: Turn,
  article: Article,
  rule: string,
  reasons: readonly Reason[],
): Decision => {
  const isRepeated = wasJustGiven(turn, article)
  if (isRepeated && !article.handoff) return sameAnswer(turn, article, reasons)
  const say = isRepeated ? [] : sourced(turn, article, answerParts(turn, article))
  const kept = keepQuestion(turn, article)
  if (!article.handoff) {
    return decided(turn, {
      kind: 'answer',
      rule,
      reasons,
      articleId: article.id,
      say: framed(turn, article, say),
      state: { failedTurns: 0, given: [article.id], others: othersThan(turn, article.id), ...kept },
    })
  }
  const call = callPerson(turn, {
    rule,
    reasons: [{ code: 'persons-article', values: { question: article.question } }, ...reasons],
    urgency: article.urgency,
    say,
    article,
  })
  return { ...call, dialogue: { ...call.dialogue, ...kept } }
}

/** Nobody reads the same text twice in a row: says so, and asks what is missing. Again and again counts as not helped. */
const sameAnswer = (turn: Turn, article: Article, reasons: readonly Reason[]): Decision =>
  missed(turn, turn.claim.dialogue.lastRule === 'same-answer', (state) => {
    const asked = asking(turn, turn.words().sameAnswer, questions(turn, insteadOf(turn, [article])))
    return {
      kind: 'answer',
      rule: 'same-answer',
      reasons: [{ code: 'same-answer', values: { question: article.question } }, ...reasons],
      articleId: article.id,
      say: asked.say,
      state: { ...asked.state, ...state, given: [article.id] },
    }
  })

/**
 * A chosen question counts as said, and so does the one that a follow-up led to, unless it is in another language than
 * the contact's.
 */
export const keepQuestion = (turn: Turn, article: Article): Partial<DialogueState> => {
  const kept = remember(turn, { topic: article.topic, articleId: article.id })
  const { lastText, lastArticleId } = turn.claim.dialogue.context
  const isSaid = turn.said.text !== '' && kept.context?.lastText !== lastText
  const isSame = turn.said.text !== '' && lastArticleId === article.id
  const isForeign = turn.language() === 'en' && article.en === undefined
  if (kept.context === undefined || isSaid || isSame || isForeign) return kept
  const question = questionOf(article, turn.language()).slice(0, maxRememberedCharacters)
  return { context: { ...kept.context, lastText: question } }
}
