import type { Decision, Escalation } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import type { Classification, Question } from '../core/understanding.ts'
import { confidentAnswer, outOfScope, plausible } from './answer-rules.ts'
import { personOption, questionOf, type Option } from './options.ts'
import { asking, decided, moreUrgent, text } from './outcome.ts'
import { angry, askedForPerson, personTopic, urgentTopic } from './person-rules.ts'
import type { Turn } from './turn.ts'

/** Most answers in one message; further ones are offered. */
const maxAnswers = 3
/** Most characters of a question that are quoted. */
const maxQuoted = 30

/** One question of several, with what would be decided if it were alone. */
interface Asked {
  readonly question: Question
  readonly decision: Decision | undefined
}

/** The turn as if only this question had been asked. */
const alone = (turn: Turn, whole: Classification, question: Question): Turn => {
  const understood: Classification = { ...whole, ...question, questions: [] }
  return { ...turn, understood: () => understood, consulted: () => understood, unframed: true }
}

const rulesOfOne = [urgentTopic, personTopic, confidentAnswer, outOfScope, plausible] as const

const decideAlone = (turn: Turn): Decision | undefined => {
  for (const rule of rulesOfOne) {
    const decision = rule(turn)
    if (decision !== undefined) return decision
  }
  return undefined
}

const isAnswered = ({ decision }: Asked): boolean =>
  decision !== undefined && decision.record.articleId !== undefined && decision.record.rule !== 'same-answer'

const quote = (words: string): string =>
  words.length <= maxQuoted ? words : `${Array.from(words).slice(0, maxQuoted).join('')}…`

/** What is said to one question, under its own words where an article answers. */
const sayOne = (turn: Turn, { question, decision }: Asked): readonly Part[] => {
  const words = turn.words()
  if (decision === undefined) return [text(words.restUnknown(quote(question.text)))]
  if (['out-of-scope', 'bot-abuse'].includes(decision.record.rule))
    return [text(words.restRefused(quote(question.text)))]
  const article = turn.library.find(decision.record.articleId ?? '')
  const parts = decision.say.flat()
  if (article === undefined) return parts
  const heading: Part = {
    kind: 'text',
    text: `**【${questionOf(article, turn.language())}】**`,
    format: 'markdown',
  }
  return [heading, ...parts]
}

/** The calls of several questions as one: the most urgent topic, the first reason. */
const oneCall = (parts: readonly Asked[]): Escalation | undefined =>
  parts
    .flatMap(({ decision }) => decision?.escalation ?? [])
    .reduce<Escalation | undefined>(
      (call, next) =>
        call === undefined || moreUrgent(call.urgency, next.urgency) !== call.urgency ? next : call,
      undefined,
    )

const optionsOf = (turn: Turn, asked: readonly Asked[]): readonly Option[] => {
  const person = personOption(turn.language()).id
  const options = asked.flatMap(({ decision }) => decision?.dialogue.offered ?? [])
  return [...new Map(options.map((option) => [option.id, option])).values()]
    .filter(({ id }) => id !== person)
    .slice(0, turn.config.maxChoices)
}

const articleOption = (turn: Turn, { decision }: Asked): Option | undefined => {
  const article = turn.library.find(decision?.record.articleId ?? '')
  return article === undefined
    ? undefined
    : {
        id: article.id,
        label: questionOf(article, turn.language()),
        articleId: article.id,
        topic: article.topic,
      }
}

/** An article answers once, however often it was asked for. */
const withoutTwins = (parts: readonly Asked[]): readonly Asked[] => {
  const seen = new Set<string>()
  return parts.filter(({ decision }) => {
    const id = decision?.record.articleId
    return id === undefined || (!seen.has(id) && seen.add(id).size > 0)
  })
}

const merge = (turn: Turn, parts: readonly Asked[]): Decision => {
  const answered = parts.filter(isAnswered)
  const given = answered.slice(0, maxAnswers)
  const asked = parts.filter((part) => part.decision?.record.kind === 'clarify')
  const escalation = oneCall(parts)
  const later = answered.slice(maxAnswers).flatMap((part) => articleOption(turn, part) ?? [])
  const options = [...later, ...optionsOf(turn, asked)].slice(0, turn.config.maxChoices)
  const said = parts
    .filter((part) => !asked.includes(part) && (!answered.includes(part) || given.includes(part)))
    .flatMap((part) => sayOne(turn, part))
  // Whoever is handed to a person is asked nothing more.
  const offer =
    options.length === 0 || escalation !== undefined
      ? undefined
      : asking(turn, turn.words().restUnclear, options)
  const last = given.at(-1)?.decision
  const ids = given.flatMap(({ decision }) => decision?.record.articleId ?? [])
  const [first] = ids
  return decided(turn, {
    kind: escalation === undefined ? 'answer' : 'escalate',
    rule: 'several-questions',
    reasons: [
      { code: 'several-questions', values: {} },
      ...parts.flatMap(({ decision }) =>
        (decision?.record.reasons ?? []).filter((one) => typeof one !== 'string'),
      ),
    ],
    ...(first === undefined ? {} : { articleId: first }),
    say: [...said, ...(offer?.say ?? [])],
    ...(escalation === undefined ? {} : { escalation }),
    state: {
      failedTurns: 0,
      offered: offer?.state.offered ?? [],
      given: ids,
      ...(last === undefined ? {} : { context: last.dialogue.context }),
    },
  })
}

/**
 * Several questions in one message: each that is certain is answered under its question, in order, at most three; the
 * others are offered, refused or handed over as they would be alone. A person is called once. Left to the other rules
 * when nothing of it is certain, and when the contact is upset or wants a person anyway.
 */
export const severalQuestions = (turn: Turn): Decision | undefined => {
  const whole = turn.understood()
  const questions = whole?.questions ?? []
  if (whole === undefined || questions.length < 2) return undefined
  if ((askedForPerson(turn) ?? angry(turn)) !== undefined) return undefined
  const parts = withoutTwins(
    questions.map((question) => ({ question, decision: decideAlone(alone(turn, whole, question)) })),
  )
  return parts.length >= 2 && parts.some(isAnswered) ? merge(turn, parts) : undefined
}
