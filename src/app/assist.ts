import type { AgentAssist, Assisted, AssistRequest } from '../core/assist.ts'
import type { Message } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import type { Article } from '../core/knowledge.ts'
import type { ModelPurpose } from '../core/language-model.ts'
import { lastWords, wordsOfContact } from '../core/last-words.ts'
import { textOf } from '../core/message.ts'
import type { Passage } from '../core/model-help.ts'
import type { Ticket } from '../core/ticket.ts'
import {
  asDraft,
  asReading,
  createAssistWriter,
  estimateTokens,
  type Said,
  type Target,
} from '../llm/index.ts'
import { createMasker, maskPersonal, nearestLanguage } from '../text/index.ts'
import { plainText } from './ask.ts'
import type { Parts } from './parts.ts'
import { leastScore } from './suggest-articles.ts'

/** What help for agents stands on. */
export type AssistParts = Pick<Parts, 'clock' | 'content' | 'encoder' | 'languageModel' | 'log'> & {
  readonly config: Pick<Parts['config'], 'dialogue' | 'llm' | 'privacy' | 'tickets'>
  readonly stores: Pick<Parts['stores'], 'tickets' | 'audit' | 'handoffs'>
}

/** How far back a conversation is read, in messages. */
export const lookedBack = 120
/** Longest words of a contact that a reply is looked for, in UTF-16 units. */
const maxWords = 500
/** How far back a question is looked for, in turns of the contact. */
const mostTurns = 3
/** Most articles that a model is given. */
const mostPassages = 4

/** Whether a text written anew would be cut off: asking would cost and come to nothing. */
const isTooLong = (text: string, { llm }: AssistParts['config']): boolean =>
  estimateTokens(text) > llm.maxOutputTokens

const sides = { contact: 'contact', bot: 'bot', agent: 'agent' } as const

/** Words of people and the bot; what was taken back was never said. */
export const saidIn = (messages: readonly Message[]): readonly Said[] =>
  messages.flatMap(({ direction, author, parts, delivery }): readonly Said[] => {
    if (delivery?.status === 'withdrawn' || direction === 'activity') return []
    const text = textOf(parts)
    if (direction === 'note') return author === 'agent' ? [{ by: 'note', text }] : []
    return author === 'survey' || author === 'system' ? [] : [{ by: sides[author], text }]
  })

/** Articles that may be meant, as they may be given here; none that people handle. */
const createPassages = ({ content, config: { dialogue } }: AssistParts) => {
  const isPersons = ({ topic, handoff, urgency }: Article): boolean =>
    handoff ||
    urgency !== 'normal' ||
    dialogue.personTopics.includes(topic) ||
    dialogue.urgentTopics.includes(topic)
  return async (text: string, { channel }: Ticket) => {
    const understood = await content.understand(text, {})
    const language = nearestLanguage(text.toLowerCase(), understood.language)
    const articles = new Map(content.knowledge().articles.map((article) => [article.id, article]))
    const passages = understood.candidates
      .flatMap(({ articleId, score }) => (score < leastScore ? [] : (articles.get(articleId) ?? [])))
      .filter((article) => !isPersons(article) && (language === 'zh' || article.en !== undefined))
      .slice(0, mostPassages)
      .map((article): Passage => {
        const { id: articleId, question, answer, channelAnswers } = article
        const own = language === 'en' ? article.en : undefined
        const words = own?.answer ?? channelAnswers[channel] ?? answer
        return { articleId, question: own?.question ?? question, text: plainText(words) }
      })
    return { language, passages }
  }
}

/** What was asked last that articles speak of: "转人工" is what many say last. */
const createQuestion = (parts: AssistParts) => {
  const passagesFor = createPassages(parts)
  return async (turns: readonly string[], ticket: Ticket) => {
    for (const text of turns.slice(0, mostTurns)) {
      const found = await passagesFor(text, ticket)
      if (found.passages.length > 0) return { ...found, text }
    }
    return { language: 'zh' as const, passages: [], text: turns[0] ?? '' }
  }
}

/** Writes down that somebody had a conversation put before a model, and what came of it. */
const audited =
  ({ stores }: AssistParts) =>
  async <Made>(
    purpose: ModelPurpose,
    ticketId: string,
    work: () => Promise<Assisted<Made>>,
  ): Promise<Assisted<Made>> => {
    const record = (outcome: string): Promise<void> =>
      stores.audit.record({
        act: 'assist.asked',
        object: { kind: 'ticket', id: ticketId },
        detail: { purpose, outcome },
      })
    try {
      const assisted = await work()
      await record('refused' in assisted ? assisted.refused.why : 'made')
      return assisted
    } catch (error) {
      if (error instanceof TongdaError && /^model_/.test(error.code)) await record(error.code)
      throw error
    }
  }

interface Standing {
  readonly parts: AssistParts
  readonly writer: ReturnType<typeof createAssistWriter>
  readonly read: (
    request: AssistRequest,
  ) => Promise<{ readonly ticket: Ticket; readonly messages: readonly Message[] }>
  readonly noted: ReturnType<typeof audited>
}

/** The language that a contact's words are written in; undefined: nobody can name it. */
const createTargets =
  ({ parts: { content }, writer }: Standing) =>
  async (words: string, conversationId: string): Promise<Target | undefined> => {
    const { language } = await content.understand(words, {})
    // Asked apart, without the draft: in a language that the agent cannot read the contact's words must not steer it.
    return language === 'other'
      ? writer.nameLanguage({ text: maskPersonal(words), conversationId })
      : language
  }

/** What is made of a conversation for whoever reads it. */
const openReading = ({
  parts: { config, content },
  writer,
  read,
  noted,
}: Standing): Pick<AgentAssist, 'summarise' | 'translate' | 'proposeFields'> => {
  // Masked before, not after: of what was made, a group of a telephone's digits has no form that masking knows.
  const { text: masked, isMasked } = createMasker(config.privacy.mask)
  const shownIn = (messages: readonly Message[]): readonly Said[] =>
    saidIn(messages).map(({ by, text }) => ({ by, text: masked(text) }))
  return {
    summarise: async (request) => {
      const { ticket, messages } = await read(request)
      const { conversationId } = ticket
      return noted('summary', ticket.id, () =>
        writer.summarise(shownIn(messages), { conversationId, language: request.language }),
      )
    },
    translate: async (request, messageId) => {
      const { ticket, messages } = await read(request)
      const message = messages.find(({ id, direction }) => id === messageId && direction === 'in')
      if (message === undefined)
        throw new TongdaError('not_found', 'this ticket’s conversation has no such message of its contact')
      const text = masked(textOf(message.parts)).trim()
      if (text === '') return { refused: { why: 'nothing-said' } }
      if (isTooLong(text, config)) return { refused: { why: 'too-long' } }
      const { conversationId } = ticket
      return noted('translation', ticket.id, async () =>
        asReading(await writer.translate({ text, conversationId, to: request.language })),
      )
    },
    proposeFields: async (request) => {
      const { ticket, messages } = await read(request)
      const { conversationId, kind, priority, topic, tags, fields } = ticket
      const proposed = await noted('fields', ticket.id, () =>
        writer.proposeFields(shownIn(messages), {
          ...{ conversationId, now: { kind, priority, topic, tags, fields } },
          topics: content.topicNames().map(({ topic: one, zh, en }) => ({ topic: one, label: { zh, en } })),
          fields: config.tickets.fields.filter(({ kinds }) => kinds.length === 0 || kinds.includes(kind)),
        }),
      )
      if ('refused' in proposed) return proposed
      // Masked it would be of no use, and it is no proposal's business to reveal it.
      const made = proposed.made.filter(({ value }) => !isMasked(masked(String(value))))
      return { ...proposed, made }
    },
  }
}

/** Whoever has it made has an answer by then, or none comes. */
const plannedForMs = 600_000

/** What was written at a handover, for as long as nothing is masked that was not when it was written. */
const createShowHandoff =
  ({ config, clock, stores }: AssistParts): AgentAssist['handoff'] =>
  async (ticketId) => {
    const [ticket, kept] = await Promise.all([stores.tickets.get(ticketId), stores.handoffs.find(ticketId)])
    if (kept?.conversationId !== ticket.conversationId) return { state: 'none' }
    const isLate = clock.now().getTime() - kept.plannedAt.getTime() >= plannedForMs
    const state = kept.state === 'planned' && isLate ? 'none' : kept.state
    const { made } = kept
    if (made === undefined || !config.privacy.mask.every((kind) => made.masked.includes(kind)))
      return { state: state === 'made' ? 'none' : state }
    const { summary, model, language, madeAt, reachesSeq } = made
    return { state, kept: { made: summary, model, language, madeAt, reachesSeq } }
  }

/** What is written for an agent to send. */
const openWriting = (standing: Standing): Pick<AgentAssist, 'suggestReply' | 'rewrite'> => {
  const { parts, writer, read, noted } = standing
  const [questionFor, targetFor] = [createQuestion(parts), createTargets(standing)]
  return {
    suggestReply: async (request) => {
      const { ticket, messages } = await read(request)
      const { conversationId } = ticket
      const asked = await questionFor(wordsOfContact(messages, maxWords), ticket)
      return noted('reply', ticket.id, () => writer.suggestReply({ ...asked, conversationId, context: {} }))
    },
    rewrite: async (request, draft, how) => {
      const { ticket, messages } = await read(request)
      const { conversationId, contactName } = ticket
      if (isTooLong(draft, parts.config)) return { refused: { why: 'too-long' } }
      if (how !== 'translated')
        return noted('tone', ticket.id, () =>
          writer.retone({ text: draft, conversationId, names: [contactName, request.agent.name] }, how),
        )
      const words = lastWords(messages, maxWords)
      if (words === '') return { refused: { why: 'nothing-said' } }
      return noted('translation', ticket.id, async () => {
        const to = await targetFor(words, conversationId)
        if (to === undefined) return { refused: { why: 'useless' } }
        return asDraft(await writer.translate({ text: draft, conversationId, to }))
      })
    },
  }
}

/** What a language model does for agents; undefined: there is none, or it is switched off for them. */
export const openAssist = (parts: AssistParts): AgentAssist | undefined => {
  const { config, encoder, languageModel: model, stores } = parts
  if (model === undefined || config.llm.assist === 'off') return undefined
  const log = parts.log.child({ part: 'llm' })
  const standing: Standing = {
    parts,
    writer: createAssistWriter({ model, encoder, tone: config.dialogue.persona.tone, log }),
    read: async ({ ticketId }) => {
      const ticket = await stores.tickets.get(ticketId)
      return { ticket, messages: await stores.tickets.transcript(ticket.conversationId, lookedBack) }
    },
    noted: audited(parts),
  }
  return { ...openReading(standing), ...openWriting(standing), handoff: createShowHandoff(parts) }
}
