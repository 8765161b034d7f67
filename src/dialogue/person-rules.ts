import type { Decision } from '../core/conversation.ts'
import type { Article } from '../core/knowledge.ts'
import type { Classification, Handling } from '../core/understanding.ts'
import type { Part } from '../core/message.ts'
import { answerParts, callPerson, text, wasJustGiven } from './outcome.ts'
import type { Turn } from './turn.ts'

/** A probability as agents read it. */
export const asShare = (value: number): string => value.toFixed(2)

/** The article that is certain enough to be the answer, if any. */
export const certainArticle = (
  turn: Turn,
): { readonly article: Article; readonly score: number } | undefined => {
  const [best] = turn.understood()?.candidates ?? []
  if (best === undefined || best.score < turn.config.thresholds.answer) return undefined
  const article = turn.library.find(best.articleId)
  return article === undefined ? undefined : { article, score: best.score }
}

/** Whether the words may be of this kind rather than a question one of the articles answers. */
export const leansTo = (turn: Turn, understood: Classification, handling: Handling): boolean =>
  understood.handling === handling &&
  understood.confidence >= turn.config.thresholds.clarify &&
  understood.confidence >= (understood.candidates[0]?.score ?? 0)

/**
 * Whether the words are of this kind. In a language that is neither Chinese nor English hardly a word is known, so a guess
 * is not enough.
 */
export const leads = (turn: Turn, understood: Classification, handling: Handling): boolean =>
  leansTo(turn, understood, handling) &&
  (understood.language !== 'other' || understood.confidence >= turn.config.thresholds.answer)

/** Danger to life: help lines and a person at once, whatever else was said. */
export const crisis = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined) return undefined
  const isCrisis = understood.handling === 'urgent' || understood.topic === 'crisis'
  const isSure = understood.confidence >= turn.config.thresholds.clarify || understood.urgency === 'urgent'
  if (!isCrisis || !isSure) return undefined
  return callPerson(turn, {
    rule: 'crisis',
    reasons: [
      { code: 'danger', values: {} },
      { code: 'topic-share', values: { topic: understood.topic, share: asShare(understood.confidence) } },
    ],
    topic: 'crisis',
    urgency: 'urgent',
    say: [text(turn.reply(understood.intent, 'sober') ?? turn.words().crisis)],
  })
}

/** An article's answer, unless it stands right above. */
const newParts = (turn: Turn, article: Article): readonly Part[] =>
  wasJustGiven(turn, article) ? [] : answerParts(turn, article)

/** What a person does about it, from the article when there is one. */
const preparation = (turn: Turn, article: Article | undefined, otherwise: string) =>
  article === undefined ? [text(otherwise)] : newParts(turn, article)

/** Stolen accounts, payments by minors, lawyers, outages, and words that sound urgent. */
export const urgentTopic = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined) return undefined
  const { urgentTopics, thresholds } = turn.config
  const certain = certainArticle(turn)?.article
  const topic = certain?.topic ?? understood.topic
  const inTopic =
    urgentTopics.includes(topic) && (certain !== undefined || understood.confidence >= thresholds.answer)
  if (!inTopic && understood.urgency !== 'urgent') return undefined
  // "How do I protect my account" is about an urgent topic and still has an answer.
  if (inTopic && certain !== undefined && !certain.handoff) return undefined
  return callPerson(turn, {
    rule: 'urgent-topic',
    reasons: [
      inTopic ? { code: 'urgent-topic', values: { topic } } : { code: 'urgent-words', values: {} },
      { code: 'share', values: { share: asShare(understood.confidence) } },
    ],
    topic,
    urgency: 'urgent',
    say: preparation(turn, certain, turn.words().urgent),
    ...(certain === undefined ? {} : { article: certain }),
  })
}

/** Whoever asks for a person gets one; the announcement says the rest. */
export const askedForPerson = (turn: Turn): Decision | undefined =>
  turn.understood()?.asksForPerson === true
    ? callPerson(turn, { rule: 'asked-for-person', reasons: [{ code: 'asked-for-person', values: {} }] })
    : undefined

const quietly = { rule: 'for-person', quiet: true } as const

const callQuietly = (turn: Turn): Decision => {
  const { handedOn } = turn.said
  if (handedOn === undefined)
    return callPerson(turn, { ...quietly, reasons: [{ code: 'for-person', values: {} }] })
  const meant = (crisis(turn) ?? urgentTopic(turn) ?? personTopic(turn))?.escalation
  return callPerson(turn, {
    ...quietly,
    reasons: [{ code: 'asked-by-program', values: { program: handedOn.program } }],
    ...(meant === undefined ? {} : { topic: meant.topic, urgency: meant.urgency }),
  })
}

/** What no machine may answer opens a ticket without a word, unless a person leads already. */
export const forPerson = (turn: Turn): Decision | undefined => {
  const { wantsReply, forPerson: isMeant } = turn.said
  if (wantsReply || !isMeant || turn.claim.mode === 'human') return undefined
  return callQuietly(turn)
}

/** The same for what came together with words that are answered: a person is called beside the answer. */
export const alsoForPerson = (turn: Turn, decision: Decision): Decision => {
  if (!turn.said.forPerson || decision.escalation !== undefined || turn.claim.mode === 'human')
    return decision
  const { escalation } = callQuietly(turn)
  if (escalation === undefined) return decision
  const reasons = [...decision.record.reasons, escalation.reason]
  return { ...decision, record: { ...decision.record, reasons }, escalation }
}

/** Whoever asks to be called back is owed a call: a person gets it, whatever else was said. */
export const requestedCallback = (turn: Turn): Decision | undefined =>
  turn.said.events.includes('callback-requested')
    ? callPerson(turn, { rule: 'callback-requested', reasons: [{ code: 'callback-requested', values: {} }] })
    : undefined

/** Who leaves a message for when people are back gets one then, whatever the bot could say to it. */
export const leftMessage = (turn: Turn): Decision | undefined =>
  turn.said.events.includes('left-message')
    ? callPerson(turn, { rule: 'left-message', reasons: [{ code: 'left-message', values: {} }] })
    : undefined

/** An angry contact gets an apology, the answer if it is certain, and a person. */
export const angry = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  const { angryStrength } = turn.config
  if (understood?.emotion !== 'angry' || understood.emotionStrength < angryStrength) return undefined
  if (leads(turn, understood, 'ignore')) return undefined
  const certain = certainArticle(turn)?.article
  return callPerson(turn, {
    rule: 'angry-contact',
    reasons: [{ code: 'angry', values: { strength: understood.emotionStrength, limit: angryStrength } }],
    urgency: understood.emotionStrength >= 3 ? 'high' : 'normal',
    say: [text(turn.words().apology), ...(certain === undefined ? [] : newParts(turn, certain))],
    ...(certain === undefined ? {} : { article: certain }),
  })
}

/** Matters that a person always handles, unless an article answers them. */
export const personTopic = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined) return undefined
  const { personTopics, thresholds } = turn.config
  const isPersons = understood.handling === 'escalate' || personTopics.includes(understood.topic)
  const certain = certainArticle(turn)?.article
  if (!isPersons || understood.confidence < thresholds.answer || certain?.handoff === false) return undefined
  const own = turn.reply(understood.intent, 'sober') ?? turn.words().personTopic
  return callPerson(turn, {
    rule: 'person-topic',
    reasons: [
      { code: 'persons-topic', values: { topic: understood.topic } },
      { code: 'share', values: { share: asShare(understood.confidence) } },
    ],
    topic: understood.topic,
    say: preparation(turn, certain, own),
    ...(certain === undefined ? {} : { article: certain }),
  })
}
