import type { TicketKind } from './conversation.ts'
import type { TicketFields } from './ticket.ts'
import type { TicketPriority } from './ticket-state.ts'
import type { Emotion } from './understanding.ts'

/** A line that a model wrote of a conversation. */
export interface SummaryLine {
  readonly text: string
  /** It has a number, an address or a code that nobody said: to be looked up before anybody believes it. */
  readonly isUnsure: boolean
}

/** What whoever takes over has to know. */
export interface HandoffSummary {
  readonly facts: readonly SummaryLine[]
  /** What the bot and colleagues did or said so far. */
  readonly tried: readonly SummaryLine[]
  readonly mood: Emotion
  readonly wants: readonly SummaryLine[]
}

/** A reply written from articles alone, every sentence held against them. */
export interface SuggestedReply {
  readonly text: string
  /** The articles it came from, the one it leans on most first. */
  readonly sources: readonly { readonly articleId: string; readonly question: string }[]
}

/** How a draft is written anew: in another tone, or in the contact's language. */
export const rewritings = ['brand', 'friendlier', 'shorter', 'formal', 'translated'] as const
export type Rewriting = (typeof rewritings)[number]

/** A message in another language. */
export interface Translation {
  readonly text: string
  /** Numbers, addresses and codes that are not the same on both sides; empty: all are. */
  readonly unsure: readonly string[]
}

/** One fact of a ticket that may be changed; accepted one by one. */
export type ProposedField =
  | { readonly field: 'kind'; readonly value: TicketKind }
  | { readonly field: 'priority'; readonly value: TicketPriority }
  | { readonly field: 'topic'; readonly value: string; readonly label: Label }
  | { readonly field: 'tag'; readonly value: string }
  | {
      readonly field: 'custom'
      readonly name: string
      readonly label: Label
      readonly value: TicketFields[string]
    }

/** A name for people, in both languages of the desk. */
export interface Label {
  readonly zh: string
  readonly en: string
}

/** What was written when the bot handed the conversation over, as an agent is shown it. */
export interface ShownHandoff {
  /** `none`: nothing was, or nothing came of it. */
  readonly state: 'planned' | 'made' | 'none'
  readonly kept?: {
    readonly made: HandoffSummary
    readonly model: string
    readonly language: 'zh' | 'en'
    readonly madeAt: Date
    /** The place of the newest message that it knows. */
    readonly reachesSeq: number
  }
}

/** Why nothing is given although a model answered, or why none was asked. */
export type AssistRefusal =
  /** There are no words to work with. */
  | { readonly why: 'nothing-said' }
  /** No article was found for what the contact said. */
  | { readonly why: 'no-articles' }
  /** The model found no answer in the articles. */
  | { readonly why: 'no-answer' }
  /** What it wrote is not borne out by the articles. */
  | { readonly why: 'unfounded' }
  /** Facts of the draft are not what they were. */
  | { readonly why: 'changed'; readonly lost: readonly string[]; readonly added: readonly string[] }
  /** It promises, pays or undoes what the draft does not. */
  | { readonly why: 'promise' }
  /** Nothing as long could be answered: the model was not asked. */
  | { readonly why: 'too-long' }
  /** Another language, far too long, or words of the instructions. */
  | { readonly why: 'useless' }

/** What came of asking. */
export type Assisted<Made> =
  { readonly made: Made; readonly model: string } | { readonly refused: AssistRefusal }

/** For whom and in which language it is written. */
export interface AssistRequest {
  readonly ticketId: string
  readonly agent: { readonly name: string }
  readonly language: 'zh' | 'en'
}

/**
 * What a language model does for whoever works on a ticket. Nothing is sent or changed by it. Each throws `not_found`,
 * `model_unavailable` and `model_over_budget`.
 */
export interface AgentAssist {
  summarise(request: AssistRequest): Promise<Assisted<HandoffSummary>>
  /** What was written of it at its last handover; asks no model. */
  handoff(ticketId: string): Promise<ShownHandoff>
  suggestReply(request: AssistRequest): Promise<Assisted<SuggestedReply>>
  rewrite(request: AssistRequest, draft: string, how: Rewriting): Promise<Assisted<{ readonly text: string }>>
  /** A message of the ticket's conversation, in the request's language. */
  translate(request: AssistRequest, messageId: string): Promise<Assisted<Translation>>
  proposeFields(request: AssistRequest): Promise<Assisted<readonly ProposedField[]>>
}
