import type { Decision } from '../core/conversation.ts'
import type { Article } from '../core/knowledge.ts'
import { textOf } from '../core/message.ts'
import type { Doubt, GroundedAnswer, HelpSoFar, Passage } from '../core/model-help.ts'
import { isLatin } from '../text/index.ts'
import { keepQuestion } from './give-answer.ts'
import { questionOf } from './options.ts'
import { answerParts, decided, groundedRule, othersThan, remember, text } from './outcome.ts'
import type { Turn } from './turn.ts'

/** Rules that ask back, or say what was said before: others know what they do. */
const unsure: ReadonlySet<string> = new Set(['clarify', 'nothing-found', 'same-answer'])
/** Most articles that a model is given. */
const mostPassages = 4

const isUnsure = (turn: Turn, { record, escalation }: Decision): boolean => {
  if (escalation !== undefined) return false
  if (unsure.has(record.rule)) return true
  // "帮帮我" alone asks nothing; after something else it may.
  return record.rule === 'vague' && turn.claim.dialogue.context.lastText !== undefined
}

/** Topics that belong to people, whatever an article says of them. */
const isPersons = ({ config }: Turn, topic: string): boolean =>
  config.personTopics.includes(topic) || config.urgentTopics.includes(topic)

/** Whether a model may be asked at all: nobody is in trouble, upset, half way through a form, or with a person. */
const mayAsk = (turn: Turn): boolean => {
  const understood = turn.understood()
  const { claim, said, form, config } = turn
  if (understood === undefined || said.text === '' || form !== undefined) return false
  if (claim.mode === 'human' || claim.ticket !== undefined) return false
  if (said.forPerson || said.correction !== undefined || said.attachments.length > 0) return false
  if (understood.asksForPerson || understood.abuse !== undefined || understood.urgency !== 'normal')
    return false
  if (understood.emotion === 'angry') return false
  // Other Latin languages are answered in English, which is checked as ever.
  if (understood.language === 'other' && !isLatin(said.text)) return false
  if (understood.outOfScope >= config.thresholds.outOfScope) return false
  return !isPersons(turn, understood.topic) || understood.confidence < config.thresholds.clarify
}

const passageOf = (turn: Turn, article: Article): Passage | undefined => {
  if (article.handoff || article.urgency !== 'normal' || isPersons(turn, article.topic)) return undefined
  const language = turn.language()
  // What is said in English is held against English words.
  if (language === 'en' && article.en === undefined) return undefined
  const words = answerParts(turn, article).filter(({ kind }) => kind === 'text')
  return { articleId: article.id, question: questionOf(article, language), text: textOf(words) }
}

/** The article that was given last, for what is asked about it, and those that may be meant. */
const passagesOf = (turn: Turn): readonly Passage[] => {
  const { given = [] } = turn.claim.dialogue
  const ids = (turn.understood()?.candidates ?? []).map(({ articleId }) => articleId)
  return [...new Set([...given.slice(0, 1), ...ids])]
    .flatMap((articleId) => turn.library.find(articleId) ?? [])
    .flatMap((article) => passageOf(turn, article) ?? [])
    .slice(0, mostPassages)
}

const doubtOf = (turn: Turn, rule: string): Doubt | undefined => {
  const understood = turn.understood()
  if (understood === undefined) return undefined
  const { answer, clarify, outOfScope } = turn.config.thresholds
  return {
    conversationId: turn.claim.conversationId,
    rule,
    text: turn.said.text,
    context: turn.claim.dialogue.context,
    language: turn.language(),
    understood,
    thresholds: { answer, clarify, outOfScope },
    passages: passagesOf(turn),
  }
}

/**
 * The model's words from articles and from what was looked up, given as articles' own answers are; undefined: one of them
 * may not be given.
 */
const groundedAnswer = (
  turn: Turn,
  answer: GroundedAnswer,
  { lookedUp, reasons }: HelpSoFar,
): Decision | undefined => {
  const may = [...passagesOf(turn), ...(lookedUp === undefined ? [] : [lookedUp])]
  const cited = answer.articleIds.flatMap((id) => may.find(({ articleId }) => articleId === id) ?? [])
  if (cited.length !== answer.articleIds.length) return undefined
  const articles = cited.flatMap(({ articleId, isTool }) =>
    isTool === true ? [] : (turn.library.find(articleId) ?? []),
  )
  const [first] = articles
  const leading = cited[0]?.isTool === true || first === undefined ? cited[0]?.question : first.question
  const source = cited.map(({ question }) => question).join(' · ')
  return decided(turn, {
    kind: 'answer',
    rule: groundedRule,
    reasons: [{ code: 'grounded', values: { question: leading ?? source, model: answer.model } }, ...reasons],
    ...(first === undefined ? {} : { articleId: first.id }),
    say: [
      { kind: 'text', text: answer.text, source },
      ...(answer.notice === undefined ? [] : [text(answer.notice)]),
    ],
    state: {
      failedTurns: 0,
      given: articles.map(({ id }) => id),
      ...(first === undefined
        ? remember(turn)
        : { others: othersThan(turn, first.id), ...keepQuestion(turn, first) }),
    },
  })
}

/**
 * Where a language model is at hand and the rules are unsure: its answer, when there is one, else the decision as it was
 * with what the model may be asked, and why it was of no help.
 */
export const withDoubt = (turn: Turn, decision: Decision): Decision => {
  const { help } = turn
  if (help === undefined || !isUnsure(turn, decision) || !mayAsk(turn)) return decision
  const grounded = help.answer === undefined ? undefined : groundedAnswer(turn, help.answer, help)
  if (grounded !== undefined) return grounded
  const doubt = doubtOf(turn, decision.record.rule)
  const reasons = [...decision.record.reasons, ...help.reasons]
  return {
    ...decision,
    record: { ...decision.record, reasons },
    ...(doubt === undefined ? {} : { doubt }),
  }
}
