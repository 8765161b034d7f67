import type { Decision, DecisionKind, DialogueState, Escalation } from '../core/conversation.ts'
import type { Article } from '../core/knowledge.ts'
import type { Reason } from '../core/reason.ts'
import type { Part } from '../core/message.ts'
import type { Urgency } from '../core/understanding.ts'
import { articleOptions, personOption, popularOptions, questionOf, type Option } from './options.ts'
import type { Turn } from './turn.ts'

/** Most characters kept of what the contact said, for understanding what follows. */
const maxRememberedCharacters = 100

/** What a rule decides, before the record and the state are made of it. */
export interface Outcome {
  readonly kind: DecisionKind
  readonly rule: string
  readonly reasons: readonly Reason[]
  /** Texts and choices of one message. */
  readonly say?: readonly Part[]
  readonly articleId?: string
  readonly escalation?: Escalation
  /** What the dialogue keeps, where it differs from before. */
  readonly state?: Partial<DialogueState>
}

const round = (probability: number): number => Math.round(probability * 1_000) / 1_000

const thresholdsOf = ({ config }: Turn): Readonly<Record<string, number>> => ({
  answer: round(config.thresholds.answer),
  clarify: round(config.thresholds.clarify),
  outOfScope: round(config.thresholds.outOfScope),
  angryStrength: config.angryStrength,
  failedTurnsBeforeEscalation: config.failedTurnsBeforeEscalation,
})

/** Makes the decision: record, state and what is said. */
export const decided = (turn: Turn, outcome: Outcome): Decision => {
  const { kind, rule, reasons, say, articleId, escalation, state } = outcome
  const classification = turn.consulted()
  return {
    record: {
      kind,
      rule,
      reasons,
      ...(articleId === undefined ? {} : { articleId }),
      thresholds: thresholdsOf(turn),
      ...(classification === undefined ? {} : { classification }),
      thinkingMs: 0,
    },
    say: say === undefined || say.length === 0 ? [] : [say],
    dialogue: { ...turn.claim.dialogue, ...state, lastRule: rule },
    ...(escalation === undefined ? {} : { escalation }),
  }
}

/** Says nothing and leaves everything as it was. */
export const silent = (turn: Turn, rule: string, reason: Reason): Decision => {
  const decision = decided(turn, { kind: 'silent', rule, reasons: [reason] })
  return { ...decision, dialogue: turn.claim.dialogue }
}

export const text = (words: string): Part => ({ kind: 'text', text: words })
const markdown = (words: string): Part => ({ kind: 'text', text: words, format: 'markdown' })

/** What the contact said, to be kept for the next turn. */
export const remember = (
  turn: Turn,
  more: { topic?: string; articleId?: string } = {},
): Partial<DialogueState> => {
  const { context } = turn.claim.dialogue
  const lastText = turn.said.text === '' ? context.lastText : turn.said.text.slice(0, maxRememberedCharacters)
  const { topic: lastTopic = context.lastTopic, articleId } = more
  // An article is only context while its topic is.
  const lastArticleId = articleId ?? (lastTopic === context.lastTopic ? context.lastArticleId : undefined)
  return {
    context: {
      ...(lastText === undefined ? {} : { lastText }),
      ...(lastTopic === undefined ? {} : { lastTopic }),
      ...(lastArticleId === undefined ? {} : { lastArticleId }),
    },
  }
}

/** A question with options, 找人工 always the last, and what it leaves in the state. */
export const asking = (turn: Turn, prompt: string, options: readonly Option[]) => {
  const offered = [...options, personOption(turn.language())]
  const choices = offered.map(({ id, label }) => ({ id, label }))
  const say: readonly Part[] = [{ kind: 'choices', prompt, choices }]
  return { say, state: { offered } }
}

/** The popular subjects as options. */
export const subjects = (turn: Turn): readonly Option[] =>
  popularOptions(turn.config, turn.library, turn.language())

/** Articles as options. */
export const questions = (turn: Turn, articles: readonly Article[]): readonly Option[] =>
  articleOptions(articles, turn.language())

/** An article's answer in the contact's language and for the channel. */
export const answerParts = (turn: Turn, article: Article): readonly Part[] => {
  const local = article.channelAnswers[turn.channel] ?? article.answer
  if (turn.language() === 'zh') return [markdown(local)]
  return article.en === undefined
    ? [text(turn.words().onlyChinese), markdown(local)]
    : [markdown(article.en.answer)]
}

/** Why, about what and how urgently a person is called. */
const escalation = (turn: Turn, reason: Reason, topic: string, urgency: Urgency): Escalation => ({
  reason,
  topic,
  urgency,
  kind:
    (Object.hasOwn(turn.config.ticketKinds, topic) ? turn.config.ticketKinds[topic] : undefined) ??
    'question',
})

/** Topics that say nothing about the matter itself. */
const noMatter: readonly string[] = ['human-agent', 'vague']

/** What a person is called about when the words alone do not tell: the topic before. */
const topicOf = (turn: Turn): string => {
  const understood = turn.consulted()
  const { lastTopic } = turn.claim.dialogue.context
  const isMatter = understood !== undefined && !noMatter.includes(understood.topic)
  if (isMatter && understood.confidence >= turn.config.thresholds.clarify) return understood.topic
  return lastTopic ?? understood?.topic ?? 'human-agent'
}

/** How a person is called: what is said before the announcement, and about what. */
export interface Call {
  readonly rule: string
  readonly reasons: readonly [Reason, ...Reason[]]
  readonly topic?: string
  readonly urgency?: Urgency
  readonly say?: readonly Part[]
  readonly article?: Article
  /** Nothing is announced. */
  readonly quiet?: true
}

const rank: Readonly<Record<Urgency, number>> = { normal: 0, high: 1, urgent: 2 }
const moreUrgent = (left: Urgency, right: Urgency): Urgency => (rank[left] >= rank[right] ? left : right)

/** Calls a person. The first reason is the ticket's. */
export const callPerson = (turn: Turn, call: Call): Decision => {
  const { rule, reasons, article } = call
  const topic = call.topic ?? article?.topic ?? topicOf(turn)
  const urgency = moreUrgent(call.urgency ?? 'normal', turn.consulted()?.urgency ?? 'normal')
  return decided(turn, {
    kind: 'escalate',
    rule,
    reasons,
    ...(call.say === undefined ? {} : { say: call.say }),
    ...(article === undefined ? {} : { articleId: article.id }),
    escalation: {
      ...escalation(turn, reasons[0], topic, urgency),
      ...(call.quiet === undefined ? {} : { quiet: call.quiet }),
    },
    state: {
      failedTurns: 0,
      offered: [],
      ...remember(turn, {
        ...(noMatter.includes(topic) ? {} : { topic }),
        ...(article === undefined ? {} : { articleId: article.id }),
      }),
    },
  })
}

/** Gives an article's answer; calls a person as well when the article is marked for one. */
export const giveAnswer = (
  turn: Turn,
  article: Article,
  rule: string,
  reasons: readonly Reason[],
): Decision => {
  const say = answerParts(turn, article)
  const kept =
    turn.said.text === ''
      ? rememberChosen(turn, article)
      : remember(turn, { topic: article.topic, articleId: article.id })
  if (!article.handoff) {
    return decided(turn, {
      kind: 'answer',
      rule,
      reasons,
      articleId: article.id,
      say,
      // After a chosen option another of the same list can still be chosen.
      state: { failedTurns: 0, ...(turn.said.text === '' ? {} : { offered: [] }), ...kept },
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

/** A chosen question counts as said, unless it is in another language than the contact's. */
const rememberChosen = (turn: Turn, article: Article): Partial<DialogueState> => {
  const kept = remember(turn, { topic: article.topic, articleId: article.id })
  if (kept.context === undefined || (turn.language() === 'en' && article.en === undefined)) return kept
  const lastText = questionOf(article, turn.language()).slice(0, maxRememberedCharacters)
  return { context: { ...kept.context, lastText } }
}
