import type { DecideInput, Dialogue, ServiceHours } from '../core/dialogue.ts'
import type { RecogniseSuggestions } from '../core/feedback.ts'
import type { Form } from '../core/form.ts'
import type { KnowledgeBase } from '../core/knowledge.ts'
import { silentLog, type Logger } from '../core/log.ts'
import type { ChannelName } from '../core/message.ts'
import type { SurveyReading } from '../core/survey.ts'
import { announce } from './announce.ts'
import { withThresholds, type DialogueSection, type Thresholds } from './config.ts'
import { askForTool } from './forms/for-tool.ts'
import { createFormBook, type FormBook } from './forms/form-book.ts'
import { isFormOpenForHuman } from './forms/read-form.ts'
import { createLibrary, type Library } from './library.ts'
import { decideByRules } from './rules.ts'
import { readSaid } from './said.ts'
import { tellTickets } from './tell-tickets.ts'
import { createTurn, type Replies, type Turn } from './turn.ts'

/** What the dialogue needs from the product. */
export interface DialogueOptions {
  /** The articles in use now; asked at every turn, indexed once per state. */
  readonly knowledge: () => KnowledgeBase
  /** The forms in use now; absent: none. */
  readonly forms?: () => readonly Form[]
  /** What asks for tools' parameters. Absent: nothing does. */
  readonly toolForms?: readonly Form[]
  readonly replies: Replies
  /** Finds suggestions in what contacts write; asked at every turn. Absent: nothing is one. */
  readonly suggestions?: () => RecogniseSuggestions
  /** Reads answers to surveys. Absent: nothing is one. */
  readonly surveys?: SurveyReading
  readonly channelOf: (inboxId: string) => ChannelName
  readonly config: DialogueSection
  readonly hours: ServiceHours
  /** What the classifier in use was calibrated to; asked at every turn. */
  readonly thresholds: () => Thresholds
  readonly log?: Logger
}

/** Keeps the index of the newest state only. */
const indexOnce = (knowledge: () => KnowledgeBase): (() => Library) => {
  let indexed: { readonly base: KnowledgeBase; readonly library: Library } | undefined
  return () => {
    const base = knowledge()
    if (indexed?.base !== base) indexed = { base, library: createLibrary(base) }
    return indexed.library
  }
}

/** The same for forms. */
const bookOnce = (
  forms: () => readonly Form[],
  { config, toolForms = [] }: Pick<DialogueOptions, 'config' | 'toolForms'>,
): (() => FormBook) => {
  let indexed: { readonly forms: readonly Form[]; readonly book: FormBook } | undefined
  return () => {
    const now = forms()
    if (indexed?.forms !== now) indexed = { forms: now, book: createFormBook([...now, ...toolForms], config) }
    return indexed.book
  }
}

const noForms: readonly Form[] = []
const noSuggestions: RecogniseSuggestions = { suggestionsIn: () => [], saysStop: () => false }
const noSurveys: SurveyReading = { answer: () => undefined, remark: () => undefined }

/** The rule-based dialogue: same claim, same understanding, same knowledge, same decision. */
export const createDialogue = (options: DialogueOptions): Dialogue => {
  const { knowledge, replies, channelOf, surveys = noSurveys, log = silentLog } = options
  const { suggestions = () => noSuggestions } = options
  const library = indexOnce(knowledge)
  const forms = bookOnce(options.forms ?? (() => noForms), options)
  const configNow = () => withThresholds(options.config, options.thresholds())
  const turnOf = (input: DecideInput): Turn =>
    createTurn(input, {
      ...{ config: configNow(), library: library(), forms: forms(), replies, channelOf },
      ...{ suggestions: suggestions(), surveys },
    })
  return {
    hear: (claim) => {
      if (claim.mode === 'human' && !isFormOpenForHuman(claim)) return undefined
      const said = readSaid({ claim, config: configNow(), library: library() })
      const { text, correction, handedOn, wantsReply } = said
      // The words tell how urgent it is and what it is about, though nothing answers them.
      if (!wantsReply && handedOn !== undefined) return { text: handedOn.text, context: {} }
      if (text === '') return undefined
      const { context, form } = claim.dialogue
      // Within a form "写错了" is about an answer given to it.
      if (correction === undefined || form !== undefined) return { text, context }
      // "不是这个" alone says nothing of the matter, and must not be read as if it did.
      return { text, context: correction.rest === '' ? {} : { ...context, corrects: true } }
    },
    decide: (input) => {
      const decision = decideByRules(turnOf(input))
      const { kind, rule, articleId } = decision.record
      log.debug({ conversationId: input.claim.conversationId, kind, rule, articleId }, 'decided')
      return decision
    },
    askForTool: (input, decision, asked) => askForTool(turnOf(input), decision, asked),
    announce: (announcement) => announce(announcement, configNow(), options.hours),
    tellTickets: (news) => tellTickets(news, configNow().timezone),
  }
}
