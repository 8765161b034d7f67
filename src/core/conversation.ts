import type { FormProgress, TicketForm } from './form-progress.ts'
import type { IncidentEffects } from './incident-turn.ts'
import type { Doubt } from './model-help.ts'
import type { Reason, StoredReason } from './reason.ts'
import type {
  Classification,
  Emotion,
  Entity,
  Spoken,
  UnderstandingContext,
  Urgency,
} from './understanding.ts'
import type { ChannelName, Choice, InboundMessage, Part, PartKind } from './message.ts'
import type { OpenSurvey, SurveyEffect } from './survey-answer.ts'
import type { AskedQuestion, DoneToolCall, GatheredForTool, PendingToolCall } from './tool-call.ts'
import type { StoredTimes, Trace, TurnTimes } from './trace.ts'
import type { Verdict } from './verdict.ts'

/** Who leads: the bot, a person, or nobody any more. */
export type ConversationMode = 'bot' | 'human' | 'closed'
export type Direction = 'in' | 'out' | 'note' | 'activity'
export type Author = 'contact' | 'bot' | 'agent' | 'survey' | 'system'

/** What becomes of an outbound message: of its worst part while several travel. `withdrawn`: taken back unsent. */
export type DeliveryStatus = 'queued' | 'waiting' | 'sending' | 'sent' | 'failed' | 'expired' | 'withdrawn'

/** A stored message as desk, transcript and web chat read it. */
export interface Message {
  readonly id: string
  readonly conversationId: string
  readonly seq: number
  readonly direction: Direction
  readonly author: Author
  readonly agentId?: string
  readonly agentName?: string
  readonly parts: readonly Part[]
  readonly createdAt: Date
  /** On inbound messages, once understood. */
  readonly decision?: DecisionRecord
  /** The way from its arrival to the sent answer; on inbound messages that were decided since this is measured. */
  readonly trace?: Trace
  /** What a person found of the answer that was decided on; on inbound messages. */
  readonly verdict?: Verdict & { readonly byName: string }
  /** On outbound messages. */
  readonly delivery?: {
    readonly status: DeliveryStatus
    readonly attempts: number
    /** How the last attempt went: on the provider's request, or by its API. */
    readonly via?: 'passive' | 'api'
    /** True when a crash left it open whether the contact already got it. */
    readonly repeated: boolean
    readonly error?: { readonly code: string; readonly message: string; readonly providerCode?: string }
  }
}

/** Reads what was said, in order. */
export interface MessageLog {
  /**
   * Messages after `afterSeq` of the contact's thread on an inbox, oldest first. `visibleOnly` leaves out notes and
   * what was withdrawn, and ends before what an agent may still withdraw.
   */
  read(query: {
    readonly inboxId: string
    readonly threadKey: string
    readonly afterSeq: number
    readonly limit: number
    readonly visibleOnly: boolean
  }): Promise<readonly Message[]>
  /** The last `limit` messages of the thread, notes included, oldest first. */
  latest(query: {
    readonly inboxId: string
    readonly threadKey: string
    readonly limit: number
  }): Promise<readonly Message[]>
}

/** Reads a contact's threads on an inbox together. */
export interface ContactTrace {
  /** The last `limit` messages over all threads, notes included, oldest first. */
  latest(query: {
    readonly inboxId: string
    readonly contactKey: string
    readonly limit: number
  }): Promise<readonly Message[]>
  /** The newest ticket of each conversation that has one: ticket id by conversation id. */
  tickets(query: {
    readonly inboxId: string
    readonly contactKey: string
  }): Promise<ReadonlyMap<string, string>>
}

/** What the dialogue keeps between turns; JSON, a few hundred bytes, and a few kilobytes more while a form is open. */
export interface DialogueState {
  /** Consecutive turns that did not help. */
  readonly failedTurns: number
  /** Options offered last: a number, an id or a label chooses one. */
  readonly offered: readonly (Choice & { readonly articleId?: string; readonly topic?: string })[]
  readonly context: UnderstandingContext
  /** True once the contact heard who answers here. */
  readonly greeted: boolean
  /** The rule that fired last: what is said once only, and what counts as insisting. */
  readonly lastRule?: string
  /** Turns since the options were offered; absent: none. */
  readonly offerAge?: number
  /** Articles that the last message gave. */
  readonly given?: readonly string[]
  /** Articles that came next after the one that was given, best first. */
  readonly others?: readonly string[]
  /** How often in a row the contact said that this was not what was asked. */
  readonly corrections?: number
  /** Articles that the contact turned down for this question. */
  readonly rejected?: readonly string[]
  /** How the contact writes here; absent: nothing told yet. */
  readonly spoken?: Spoken
  /** The form under way. */
  readonly form?: FormProgress
  /** The survey whose score the contact may comment on with the next message, until then. */
  readonly surveyComment?: { readonly invitationId: string; readonly until: string }
  /** What the contact was asked to confirm with the last message. */
  readonly toolCall?: PendingToolCall
  /** What the contact was told the outcome of, or left by saying something else, with the last message. */
  readonly toolDone?: DoneToolCall
}

export const initialDialogue: DialogueState = { failedTurns: 0, offered: [], context: {}, greeted: false }

/** What a decision does. `collect` gathers a form's fields. */
export type DecisionKind = 'answer' | 'clarify' | 'collect' | 'escalate' | 'chat' | 'silent'

/** What the bot decided and why: stored with the message it answers, shown in the desk. */
export interface DecisionRecord {
  readonly kind: DecisionKind
  /** The rule that fired, e.g. `asked-for-person`. */
  readonly rule: string
  readonly reasons: readonly StoredReason[]
  readonly articleId?: string
  readonly thresholds: Readonly<Record<string, number>>
  readonly classification?: Classification
  /** Milliseconds spent on understanding and deciding. */
  readonly thinkingMs: number
}

/** A decision as it is kept, with what the turn measured. */
export interface StoredDecision extends DecisionRecord {
  readonly times?: StoredTimes
}

/** Why and how the bot asks for a person. */
export interface Escalation {
  readonly reason: Reason
  readonly topic: string
  readonly urgency: 'normal' | 'high' | 'urgent'
  readonly kind: TicketKind
  /** The contact is told nothing. */
  readonly quiet?: true
  /** The language to tell it in; absent: that of the words it was decided on. */
  readonly language?: 'zh' | 'en'
}
export type TicketKind = 'question' | 'complaint' | 'feedback' | 'appeal' | 'incident-report'

/** What to do about an utterance. Messages are unrendered parts, one outbound message each. */
export interface Decision {
  readonly record: DecisionRecord
  readonly say: readonly (readonly Part[])[]
  readonly dialogue: DialogueState
  readonly escalation?: Escalation
  /** What a form gathered, for the ticket: the one this opens, else the one that is open. */
  readonly form?: TicketForm
  /** What a tool's form gathered: the tool says what comes of it. */
  readonly gathered?: GatheredForTool
  /** Parts said below what the contact is told about the person. */
  readonly after?: readonly Part[]
  /** The contact is told how these tickets stand: the one of this number, else all that are owed. */
  readonly tellsTickets?: { readonly number?: number }
  /** What the contact answered to a survey. */
  readonly survey?: SurveyEffect
  /** What it does about open incidents; absent: nothing. */
  readonly incidents?: IncidentEffects
  /** A language model may be asked before this is said; only where the turn has one. */
  readonly doubt?: Doubt
}

/** A pending inbound message within a claim. */
export interface PendingMessage {
  readonly id: string
  readonly seq: number
  readonly parts: readonly Part[]
  readonly sentAt: Date
  readonly wantsReply: boolean
  readonly mayContinue: boolean
  /** Until when the answer may ride on its request; undefined: never. */
  readonly passiveUntil?: Date
  /** Milliseconds until then when it was claimed, by the database's clock: the node's may differ by minutes. */
  readonly passiveMs?: number
}

/** A conversation leased to one worker, with everything a turn needs. */
export interface Claim {
  readonly conversationId: string
  /** Grows with every claim; a commit with an older number has no effect. */
  readonly fence: number
  readonly inboxId: string
  readonly contactId: string
  /** How the brand ranks the contact, e.g. `vip`; absent: not at all. */
  readonly tier?: string
  readonly mode: ConversationMode
  readonly dialogue: DialogueState
  /** The open ticket that new messages go to, if any: the one that waits for the contact, else the latest at work. */
  readonly ticket?: { readonly id: string; readonly number: number; readonly state: string }
  /** Where none is open: the one that was settled last. `solved` can still be taken up again, `closed` cannot. */
  readonly lastTicket?: {
    readonly id: string
    readonly number: number
    readonly state: 'solved' | 'closed'
  }
  /** The survey that was asked here last, while it can be answered. */
  readonly survey?: OpenSurvey
  /** A one-time code that shows who a reporter is can be answered here. */
  readonly awaitsCode?: true
  /** While a call waits for the contact's word: each message that asked for it, oldest first. */
  readonly questions?: readonly AskedQuestion[]
  /** Milliseconds since it could have been claimed, by the database's clock; absent: not known. */
  readonly readyForMs?: number
  /** In order of sending, oldest first; never empty. */
  readonly pending: readonly PendingMessage[]
}

/** One message to be sent, with the provider messages it becomes. */
export interface OutboundDraft {
  /** One outbox row each, sent in this order. */
  readonly rendered: readonly Part[]
  /** The whole message as the desk shows it. */
  readonly parts: readonly Part[]
  readonly author: Exclude<Author, 'contact'>
  readonly agentId?: string
  /** The account has no send right: this waits for a request it can ride on. */
  readonly passiveOnly: boolean
}

/** Everything a turn changes; takes effect in one transaction that checks the fence. */
export interface TurnOutcome {
  readonly claim: Claim
  readonly decision: DecisionRecord
  /** What the turn took; absent: it was not measured. */
  readonly times?: TurnTimes
  readonly mode: ConversationMode
  readonly dialogue: DialogueState
  readonly outbound: readonly OutboundDraft[]
  readonly openTicket?: TicketDraft
  /** True: the contact wrote to an open ticket; its state returns to `open`. */
  readonly touchesTicket: boolean
  /** True: the ticket that was solved last is taken up again. */
  readonly reopensTicket?: boolean
  /** True: the open ticket is urgent from now on. */
  readonly turnsUrgent?: boolean
  /** What a form gathered for the ticket that is open; takes the place of what the same form gave before. */
  readonly ticketForm?: TicketForm
  /** Notices that the answer begins with, about suggestions and incidents: told from then on. */
  readonly tellsNotices?: readonly string[]
  readonly survey?: SurveyEffect
  /** What is heard of open incidents, who follows them, and under which a ticket hangs that is opened. */
  readonly incidents?: IncidentEffects
}

/** The newest sayings of one side, cut to a line each, and how many came before them. */
export interface Quotes {
  readonly earlier: number
  readonly lines: readonly string[]
}

/** What a ticket's title, summary and reason say, before they are put into words of a language. */
export interface TicketBrief {
  readonly reason: Reason
  /** The contact's words for the matter; absent when none were said. */
  readonly title?: string
  readonly urgency: Urgency
  /** Absent: nothing was understood. */
  readonly mood?: { readonly emotion: Emotion; readonly strength: number }
  readonly attachments: readonly { readonly kind: PartKind; readonly count: number }[]
  /** The last article that was given. */
  readonly articleId?: string
  /** What the contact named: videos, accounts, orders, telephones; each once. Absent: nothing. */
  readonly entities?: readonly Pick<Entity, 'kind' | 'value'>[]
  /** What forms gathered, in the order they were begun. */
  readonly forms?: readonly TicketForm[]
  readonly said: Quotes
  readonly answered: Quotes
}

/** A ticket as an escalation opens it. */
export interface TicketDraft {
  /** Taken from the store's sequence before the turn's answer is written, so that the answer can name it. */
  readonly number: number
  readonly kind: TicketKind
  readonly topic: string
  readonly priority: 'normal' | 'high' | 'urgent'
  /** In Chinese, for search and export; pages read `brief` in their own language. */
  readonly title: string
  readonly summary: string
  readonly reason: string
  readonly brief?: TicketBrief
  readonly firstReplyDueAt: Date
  readonly resolutionDueAt: Date
  /** The closed ticket that it goes on from, by its id. */
  readonly continues?: string
}

/** Allowances open on a conversation: how many sends are left, until when, and how many of them only a person may use. */
export type Quota = Readonly<
  Record<string, { readonly left: number; readonly until: Date; readonly reserved: number }>
>

/** An inbound message with what the inbox's capabilities make of it. */
export interface AcceptItem {
  readonly message: InboundMessage
  readonly channel: ChannelName
  /** Milliseconds to wait for further pieces before thinking; 0: none, and an end to earlier waits. */
  readonly settleMs: number
  /** Longest time the first piece may wait. */
  readonly settleMaxMs: number
  /** Allowances this message opens, by name; `{}` on a channel with quotas when it opens none; undefined without quotas. */
  readonly quota?: Quota
}
