import type { Decision, DecisionKind, DialogueState, Escalation } from '../core/conversation.ts'
import type { Article, PlacedPicture } from '../core/knowledge.ts'
import type { Reason } from '../core/reason.ts'
import type { Part } from '../core/message.ts'
import type { Urgency } from '../core/understanding.ts'
import { stateAfter } from './memory.ts'
import { rejectedIn } from './turned-down.ts'
import { articleOptions, personOption, popularOptions, type Option } from './options.ts'
import type { Turn } from './turn.ts'

/** Most characters kept of what the contact said, for understanding what follows. */
export const maxRememberedCharacters = 100

/** The rule by which a language model's words from articles are given. */
export const groundedRule = 'grounded'

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
    dialogue: stateAfter(turn, rule, state ?? {}),
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

/** A follow-up ("那安卓端呢") is no question by itself: what it leaned on stays. */
const leansOnBefore = ({ consulted }: Turn): boolean =>
  consulted()?.reasons.some((reason) => typeof reason !== 'string' && reason.code === 'in-context') ?? false

/** The question that the next words may lean on. */
const questionAtHand = (turn: Turn): string | undefined => {
  const { lastText } = turn.claim.dialogue.context
  if (turn.said.text === '' || (leansOnBefore(turn) && lastText !== undefined)) return lastText
  return turn.said.text.slice(0, maxRememberedCharacters)
}

/** What the contact said, to be kept for the next turn. */
export const remember = (
  turn: Turn,
  more: { topic?: string; articleId?: string } = {},
): Partial<DialogueState> => {
  const { context } = turn.claim.dialogue
  const lastText = questionAtHand(turn)
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

/** An answer with its pictures where they stand. */
export const illustrated = (answer: string, pictures: readonly PlacedPicture[] = []): readonly Part[] => {
  const parts: Part[] = []
  let at = 0
  const say = (words: string): void => {
    if (words.trim() !== '') parts.push(markdown(words.replace(/^\n+/, '')))
  }
  for (const { after, alt, media } of pictures) {
    say(answer.slice(at, after))
    parts.push({ kind: 'image', media, alt })
    at = after
  }
  say(answer.slice(at))
  return parts
}

/** An article's answer in the contact's language and for the channel. */
export const answerParts = (turn: Turn, article: Article): readonly Part[] => {
  const { pictures, channelAnswers, answer, en } = article
  const own = channelAnswers[turn.channel]
  const local = illustrated(
    own ?? answer,
    own === undefined ? pictures?.answer : pictures?.channelAnswers[turn.channel],
  )
  if (turn.language() === 'zh') return local
  return en === undefined ? [text(turn.words().onlyChinese), ...local] : illustrated(en.answer, pictures?.en)
}

/** Whether the last message gave this very answer: same article, same language and script. Words from it are not it. */
export const wasJustGiven = ({ claim, spoken }: Turn, { id }: Article): boolean =>
  claim.dialogue.lastRule !== groundedRule &&
  (claim.dialogue.given ?? []).includes(id) &&
  (claim.dialogue.spoken === undefined || claim.dialogue.spoken === spoken())

/** Articles that may be meant instead of these, those that came next first; none that was turned down. */
export const insteadOf = (turn: Turn, articles: readonly Article[]): readonly Article[] => {
  const { others = [] } = turn.claim.dialogue
  const out = new Set([...rejectedIn(turn), ...articles.map(({ id }) => id)])
  const next = others.flatMap((articleId) => turn.library.find(articleId) ?? [])
  const near = articles.flatMap((article) => turn.library.near(article))
  return [...new Set([...next, ...near])].filter(({ id }) => !out.has(id)).slice(0, turn.config.maxChoices)
}

/** What of the candidates is worth being remembered beside the answer. */
const leastOther = 0.05
const maxOthers = 3

export const othersThan = (turn: Turn, articleId: string): readonly string[] =>
  (turn.consulted()?.candidates ?? [])
    .filter((one) => one.articleId !== articleId && one.score >= leastOther)
    .slice(0, maxOthers)
    .map((one) => one.articleId)

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
export const moreUrgent = (left: Urgency, right: Urgency): Urgency =>
  rank[left] >= rank[right] ? left : right

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
      ...(article === undefined ? {} : { given: [article.id], others: othersThan(turn, article.id) }),
      ...remember(turn, {
        ...(noMatter.includes(topic) ? {} : { topic }),
        ...(article === undefined ? {} : { articleId: article.id }),
      }),
    },
  })
}
