import {
  initialDialogue,
  type Claim,
  type Decision,
  type DialogueState,
} from '../../src/core/conversation.ts'
import type { Article } from '../../src/core/knowledge.ts'
import type { Form } from '../../src/core/form.ts'
import type { Part } from '../../src/core/message.ts'
import type { Candidate, Classification } from '../../src/core/understanding.ts'
import { loadIntents } from '../../intents/index.ts'
import { loadForms, loadKnowledge } from '../../knowledge/index.ts'
import { classified, configured, dialogueWith, now, text } from './builders.ts'

/** The brand's own articles and forms, as the product loads them. */
export const loadBrand = async () => {
  const { intents } = await loadIntents('intents')
  const topics = (intents?.topics ?? []).map(({ topic }) => topic)
  const { knowledge } = await loadKnowledge('knowledge/articles', topics)
  const articles = knowledge?.articles ?? []
  const { forms, faults } = await loadForms('knowledge/forms', {
    topics,
    articles: articles.map(({ id }) => id),
    intents: (intents?.intents ?? []).map(({ intent }) => intent),
  })
  return { articles, forms, faults }
}

export interface Brand {
  readonly articles: readonly Article[]
  readonly forms: readonly Form[]
}

/** What words mean when this article is certain. */
export const about = ({ articles }: Brand, articleId: string): Partial<Classification> => {
  const article = articles.find(({ id }) => id === articleId)
  if (article === undefined) throw new Error(`no article ${articleId}`)
  const candidate: Candidate = { articleId, topic: article.topic, question: article.question, score: 0.95 }
  return { topic: article.topic, confidence: 0.95, candidates: [candidate], urgency: article.urgency }
}

interface Turned {
  readonly words?: string
  readonly parts?: readonly Part[]
  readonly meaning?: Partial<Classification>
}

/** A contact who fills in forms; the state travels as JSON, as in the store, and a ticket that opens stays new. */
export const formContact = (brand: Brand, config: Record<string, unknown> = {}) => {
  const dialogue = dialogueWith({
    knowledge: () => ({ version: 'v', articles: brand.articles }),
    forms: () => brand.forms,
    config: configured(config),
  })
  let state: DialogueState = initialDialogue
  let lead: Pick<Claim, 'mode' | 'ticket'> = { mode: 'bot' }
  let at = now.getTime()
  let seq = 0
  const turn = ({ words, parts = [], meaning = {} }: Turned): Decision => {
    const all = [...(words === undefined ? [] : [text(words)]), ...parts]
    const id = `m-${(seq += 1)}`
    const claim: Claim = {
      ...{ conversationId: 'c-1', fence: 1, inboxId: 'wx', contactId: 'p-1', dialogue: state, ...lead },
      pending: [{ id, seq, parts: all, sentAt: now, wantsReply: true, mayContinue: true }],
    }
    const heard = dialogue.hear(claim)
    const language =
      words !== undefined && /^[\x20-\x7e]+$/.test(words) && /[a-z]{3}/.test(words) ? 'en' : 'zh'
    const understood =
      heard === undefined ? undefined : classified({ topic: 'vague', language, ...meaning, text: heard.text })
    const decision = dialogue.decide({ claim, understood, now: new Date(at) })
    // As the router would: the bot's state is kept, a call for a person opens a ticket.
    state = JSON.parse(JSON.stringify(decision.dialogue)) as DialogueState
    if (decision.escalation !== undefined)
      lead = { mode: 'human', ticket: { id: 't', number: 1001, state: 'new' } }
    return decision
  }
  return {
    says: (words: string, meaning?: Partial<Classification>) =>
      turn({ words, ...(meaning === undefined ? {} : { meaning }) }),
    sends: (...parts: readonly Part[]) => turn({ parts }),
    chooses: (label: string) => {
      const option = state.offered.find((one) => one.label.startsWith(label))
      if (option === undefined)
        throw new Error(`${label} is not offered: ${state.offered.map((one) => one.label).join(', ')}`)
      return turn({ parts: [{ kind: 'event', name: 'choice', value: option.id }] })
    },
    passes: (hours: number) => {
      at += hours * 3_600_000
    },
    isTaken: () => {
      lead = { mode: 'human', ticket: { id: 't', number: 1001, state: 'open' } }
    },
    state: () => state,
  }
}

export const picture = (mediaId: string): Part => ({ kind: 'image', media: { mediaId } })

/** The fields of what a decision hands over, by label. */
export const fields = ({ form }: Decision): Readonly<Record<string, string>> =>
  Object.fromEntries((form?.fields ?? []).map(({ label, value }) => [label.zh, value.zh]))
