import type { Decision } from '../core/conversation.ts'
import type { Reason } from '../core/reason.ts'
import type { Handling } from '../core/understanding.ts'
import { asking, callPerson, decided, questions, remember, subjects, text } from './outcome.ts'
import { giveAnswer } from './give-answer.ts'
import { missed } from './patience.ts'
import { asShare, certainArticle, leads } from './person-rules.ts'
import type { Turn } from './turn.ts'

/** Kinds of words that are no question, however well an article's words fit. */
const noQuestion: readonly Handling[] = ['chat', 'ignore', 'out-of-scope']

/** An article that is certain enough. */
export const confidentAnswer = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  const certain = certainArticle(turn)
  if (understood === undefined || certain === undefined) return undefined
  const { answer, outOfScope } = turn.config.thresholds
  if (understood.outOfScope >= outOfScope) return undefined
  if (noQuestion.some((handling) => leads(turn, understood, handling))) return undefined
  const { question } = certain.article
  const values = { question, share: asShare(certain.score), limit: asShare(answer) }
  return giveAnswer(turn, certain.article, certain.article.handoff ? 'handoff-article' : 'confident-answer', [
    { code: 'article-share', values },
  ])
}

/** Small talk: the intent's own reply. The first greeting also shows what can be asked. */
export const chat = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined || !leads(turn, understood, 'chat')) return undefined
  const reply = turn.reply(understood.intent) ?? turn.words().chat
  const values = { intent: understood.intent, share: asShare(understood.confidence) }
  const reasons: readonly Reason[] = [{ code: 'chat', values }]
  if (understood.topic !== 'greeting' || turn.claim.dialogue.greeted)
    return decided(turn, { kind: 'chat', rule: 'chat', reasons, say: [text(reply)] })
  const { say, state } = asking(turn, reply, subjects(turn))
  return decided(turn, { kind: 'chat', rule: 'chat', reasons, say, state: { ...state, greeted: true } })
}

/** Insults and spam: one calm reply, then silence until something else comes. */
export const notSerious = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined || !leads(turn, understood, 'ignore')) return undefined
  const isInsult = understood.topic === 'insult'
  const rule = isInsult ? 'insult' : 'spam'
  const reasons: readonly Reason[] = [{ code: rule, values: { share: asShare(understood.confidence) } }]
  const { lastRule } = turn.claim.dialogue
  if (lastRule === 'insult' || lastRule === 'spam')
    return decided(turn, {
      kind: 'silent',
      rule,
      reasons: [...reasons, { code: 'replied-once', values: {} }],
    })
  const own = isInsult ? turn.words().calmDown : turn.words().spam
  const reply = turn.reply(understood.intent, isInsult ? 'sober' : undefined) ?? own
  return decided(turn, { kind: 'chat', rule, reasons, say: [text(reply)] })
}

const ability = (turn: Turn): string | undefined => {
  const labels = subjects(turn).map(({ label }) => label)
  return labels.length === 0 ? undefined : turn.words().ability(labels)
}

/** None of the brand's business: a polite refusal that names what the bot can do. Insisting counts as not helped. */
export const outOfScope = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined) return undefined
  const limit = turn.config.thresholds.outOfScope
  const isOutside = understood.outOfScope >= limit || leads(turn, understood, 'out-of-scope')
  if (!isOutside) return undefined
  const isAbuse = understood.topic === 'bot-abuse'
  const insists = turn.claim.dialogue.lastRule === 'out-of-scope' && !isAbuse
  return missed(turn, insists, (state) => {
    const refusal =
      (understood.handling === 'out-of-scope' ? turn.reply(understood.intent) : undefined) ??
      turn.words().refusal
    const more = isAbuse ? undefined : ability(turn)
    return {
      kind: 'chat',
      rule: isAbuse ? 'bot-abuse' : 'out-of-scope',
      reasons: [
        {
          code: 'out-of-scope',
          values: { share: asShare(understood.outOfScope), topic: understood.topic },
        },
      ],
      say: [text(refusal), ...(more === undefined ? [] : [text(more)])],
      state,
    }
  })
}

/** Articles that may be meant. */
const plausibleArticles = (turn: Turn) => {
  const { thresholds, maxChoices } = turn.config
  return (turn.understood()?.candidates ?? [])
    .filter(({ score }) => score >= thresholds.clarify)
    .flatMap(({ articleId }) => turn.library.find(articleId) ?? [])
    .slice(0, maxChoices)
}

/** Handed back with an open ticket, and not understood: it belongs to the person who knows the matter. */
export const belongsToTicket = (turn: Turn): Decision | undefined =>
  turn.claim.ticket !== undefined && turn.understood() !== undefined && plausibleArticles(turn).length === 0
    ? callPerson(turn, { rule: 'belongs-to-ticket', reasons: [{ code: 'open-ticket', values: {} }] })
    : undefined

/** No matter recognisable: asks what it is about. Staying vague counts as not helped. */
export const vague = (turn: Turn): Decision | undefined => {
  const understood = turn.understood()
  if (understood === undefined || !leads(turn, understood, 'clarify')) return undefined
  const { lastRule = '' } = turn.claim.dialogue
  return missed(turn, ['vague', 'clarify', 'nothing-found'].includes(lastRule), (state) => {
    const asked = asking(turn, turn.reply(understood.intent) ?? turn.words().vague, subjects(turn))
    const reasons: readonly Reason[] = [{ code: 'vague', values: { intent: understood.intent } }]
    return { kind: 'clarify', rule: 'vague', reasons, say: asked.say, state: { ...asked.state, ...state } }
  })
}

/** Some article may be meant: asks which. Ignoring the question counts as not helped. */
export const plausible = (turn: Turn): Decision | undefined => {
  const articles = plausibleArticles(turn)
  const [best] = turn.understood()?.candidates ?? []
  if (best === undefined || articles.length === 0) return undefined
  return missed(turn, turn.claim.dialogue.lastRule === 'clarify', (state) => {
    const asked = asking(turn, turn.words().clarify, questions(turn, articles))
    const { answer } = turn.config.thresholds
    return {
      kind: 'clarify',
      rule: 'clarify',
      reasons: [{ code: 'best-below', values: { share: asShare(best.score), limit: asShare(answer) } }],
      say: asked.say,
      state: { ...asked.state, ...state, ...remember(turn) },
    }
  })
}

/** Nothing found: asks for other words and offers the popular subjects. */
export const nothingFound = (turn: Turn): Decision =>
  missed(turn, true, (state) => {
    const { helpCentreUrl } = turn.config
    const words = turn.words()
    const [first] = turn.said.attachments
    const lines = [
      ...(first === undefined ? [] : [words.wordsPlease(first)]),
      ...(helpCentreUrl === undefined ? [] : [words.helpCentre(helpCentreUrl)]),
      turn.understood()?.language === 'other' ? words.otherLanguage : words.nothingFound,
    ]
    const asked = asking(turn, lines.join('\n\n'), subjects(turn))
    return {
      kind: 'clarify',
      rule: 'nothing-found',
      reasons: [{ code: 'nothing-close', values: {} }],
      say: asked.say,
      state: { ...asked.state, ...state, ...remember(turn) },
    }
  })
