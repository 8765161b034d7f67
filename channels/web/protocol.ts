/** What the web chat and its clients say to each other: types alone, so that pages may know them, too. */
import type { Choice } from '../../src/core/message.ts'

/** A piece of a message as a visitor may see it. */
export type VisiblePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'choices'
      readonly prompt: string
      readonly choices: readonly Choice[]
      readonly footer?: string
    }
  | { readonly kind: 'link'; readonly url: string; readonly title?: string; readonly description?: string }
  /** The visitor's own choice; its label stands in the question before it. */
  | { readonly kind: 'choice'; readonly id: string }
  /** The visitor's own word on the answer `seq`; the first one counts. */
  | { readonly kind: 'vote'; readonly seq: number; readonly helpful: boolean }
  /** A stored file; `GET /files?seq=<message>&part=<part>` gives its bytes to the visitor of this thread alone. */
  | {
      readonly kind: 'media'
      readonly of: 'image' | 'audio' | 'video' | 'file'
      readonly part: number
      readonly bytes: number
      readonly label?: string
    }
  /** Something this client cannot show yet, by its kind. */
  | {
      readonly kind: 'placeholder'
      readonly of: 'image' | 'audio' | 'video' | 'file' | 'location' | 'sticker'
      readonly label?: string
    }

/** One message of the log, the same over every transport. */
export interface ChatEvent {
  readonly seq: number
  readonly id: string
  readonly author: 'contact' | 'bot' | 'agent' | 'system'
  readonly agentName?: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly parts: readonly VisiblePart[]
  /** `accepted`: the visitor's own, stored. `sent`: ours. */
  readonly status: 'accepted' | 'sent'
  /** The article that the bot's answer comes from; whether it helped can be said. */
  readonly source?: string
}

/** Words a client branches on. Nothing else about a failure leaves the server. */
export type ClientErrorCode =
  | 'too_large'
  | 'too_deep'
  | 'bad_frame'
  | 'unknown_type'
  | 'empty'
  | 'text_too_long'
  | 'busy'
  | 'not_found'
  | 'bad_token'
  | 'bad_identity'
  | 'already_signed_in'
  | 'rate_limited'
  | 'refused'
  | 'unavailable'

export interface ClientError {
  readonly code: ClientErrorCode
  /** True: the same can be sent again, after `retryAfterMs` when given. */
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly clientMsgId?: string
}

/** What the server says over a socket. */
export type ServerFrame =
  | {
      readonly t: 'ready'
      /** `token` only when a new one replaces the old. */
      readonly session: { readonly expiresAt: string; readonly token?: string }
      readonly cursor: number
    }
  | ({ readonly t: 'ev' } & ChatEvent)
  | { readonly t: 'accepted'; readonly clientMsgId: string; readonly seq: number }
  | { readonly t: 'typing'; readonly on: boolean }
  /** What is being written, all of it so far: no message. The next message takes its place; empty: it vanishes. */
  | { readonly t: 'preview'; readonly text: string }
  /** The log no longer holds the client's cursor: forget everything, it comes again from the start. */
  | { readonly t: 'resync'; readonly cursor: 0 }
  | ({ readonly t: 'error' } & ClientError)
  | { readonly t: 'pong' }
  | { readonly t: 'bye'; readonly reason: 'restart' | 'replaced' | 'expired' }

/** What a visitor says. */
export type VisitorContent =
  | { readonly text: string }
  | { readonly choice: string }
  | { readonly vote: { readonly seq: number; readonly helpful: boolean } }
  /** A message for when nobody is there: it goes to people, who answer here or to `reach`. */
  | { readonly leave: { readonly text: string; readonly reach?: string } }

/** What a client says over a socket once it has signed in. */
export type ClientSaying =
  | {
      readonly t: 'msg'
      readonly clientMsgId: string
      readonly content: VisitorContent
      /** What the page knows, for agents: at most 20 facts. */
      readonly context?: Readonly<Record<string, string | number | boolean>>
    }
  | { readonly t: 'typing'; readonly on: boolean }
  | { readonly t: 'read'; readonly seq: number }
  | { readonly t: 'ack'; readonly seq: number }
  | { readonly t: 'ping' }

/** `GET /events`. */
export interface News {
  readonly events: readonly ChatEvent[]
  readonly cursor: number
  /** The log no longer holds the cursor: forget everything, it comes again from the start. */
  readonly resync?: true
  readonly typing?: boolean
}

/** `POST /session` and `POST /identify`. */
export interface SessionAnswer {
  readonly visitor: string
  readonly token: string
  /** ISO 8601, UTC. */
  readonly expiresAt: string
  readonly maxFileBytes: number
  /** True: the visitor is a customer whom the brand knows. */
  readonly known?: true
  /** Told to customers: a person has said something in their conversation, they or an agent. */
  readonly hasSpoken?: true
}

/** Words in both languages. */
export interface BothLanguages {
  readonly zh: string
  readonly en: string
}

/** `GET /settings`: how the widget looks on every page. */
export interface WidgetSettings {
  readonly name: BothLanguages
  /** CSS colour `#rrggbb` that white words can be read on. */
  readonly colour: string
  readonly side: 'left' | 'right'
  /** What can be asked at a press, besides a person. */
  readonly quickReplies: readonly BothLanguages[]
  readonly maxFileBytes: number
}

/** `GET /standing`: where a visitor stands, and whether people are there. */
export interface Standing {
  /** Who leads. */
  readonly mode: 'bot' | 'human' | 'closed'
  /** Nobody has taken the visitor's ticket yet. */
  readonly waits?: {
    /** People before the visitor; absent: in no queue. */
    readonly ahead?: number
    /** Milliseconds, by the pace of the last day; absent: it cannot be said. */
    readonly waitMs?: number
    /** `POST /stop-waiting` takes the visitor out of line. */
    readonly mayStop: boolean
  }
  readonly people: {
    readonly areThere: boolean
    /** When they are back, ISO 8601, UTC; absent: they are there, or it cannot be said. */
    readonly backAt?: string
  }
}
