import type { Form } from './form.ts'
import type { BothWords } from './form-progress.ts'
import type { ToolArguments } from './tool-call.ts'
import type { EntityKind } from './understanding.ts'

/** A JSON Schema, as it was written. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * Why a call brought nothing. `address`: it may not be called; `not_found`: there is no such thing; `refused`: the system
 * says no; `wrong_answer`: what came is not what the schema promises; `resting`: it failed too often just now; `shared`: it
 * is for the contact alone, and others read what is said here.
 */
export type ToolFailure =
  | 'address'
  | 'timeout'
  | 'network'
  | 'too_large'
  | 'not_found'
  | 'refused'
  | 'wrong_answer'
  | 'resting'
  | 'shared'

/** What a tool's system answered. */
export type ToolReply =
  | { readonly kind: 'answered'; readonly value: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'failed'
      readonly failure: ToolFailure
      /** It had so little time that being late says nothing of its system. */
      readonly isCutShort?: true
    }

/** Who asks, as the channel has shown it; never what somebody claims in words. */
export interface ToolIdentity {
  /** The contact's key where it was verified: an openid, the brand's own customer number. */
  readonly subject: string
  readonly channel: string
}

/** One call's circumstances. */
export interface ToolContext {
  /** The same for every try of one call: the system can tell a repetition by it. */
  readonly callId: string
  /** Absent: nobody, or the tool is not told. */
  readonly identity?: ToolIdentity
  /** Milliseconds after which nobody waits for it any more. Absent: as long as the tool may take. */
  readonly withinMs?: number
}

/** What is answered with a tool's result: `{{field}}` stands for a field that may be shown. */
export interface ToolAnswer {
  /** Articles in whose place it stands. */
  readonly articles: readonly string[]
  readonly words: BothWords
}

/** One thing that a system of the brand can be asked, or told, for a contact. */
export interface Tool {
  readonly name: string
  readonly title: BothWords
  /** What it does, for a language model. */
  readonly description: string
  /** It changes something: never called without the contact's confirmation. */
  readonly changesState: boolean
  /** Intents and topics in which it may be called; in no others. */
  readonly intents: readonly string[]
  /** The token says who asks; without a verified identity it is not called. */
  readonly needsIdentity: boolean
  /** Which named thing of a message a parameter takes. */
  readonly entities: Readonly<Record<string, EntityKind>>
  /** Fields of the result that leave this module, with dots: `carrier.name`. */
  readonly shows: readonly string[]
  readonly answer?: ToolAnswer
  /** A language model may read what is shown of the result, beside articles. */
  readonly toModel: boolean
  /** Asks what a call needs and the message does not name; absent: nothing is asked. */
  readonly form?: Form
  /** The schema of its parameters. Rejects where the system that knows it gives no answer. */
  readonly parameters: () => Promise<JsonSchema>
  /** Never rejects. */
  readonly call: (given: ToolArguments, context: ToolContext) => Promise<ToolReply>
}

/** An HTTP answer, read to its end. */
export interface CalledOut {
  readonly status: number
  readonly contentType: string
  /** The session that a server opened, where it names one. */
  readonly session?: string
  readonly body: string
}

/** Calls an address outside: checked at the connection, without redirects, within time and size. Never rejects. */
export type CallOut = (
  url: string,
  request: {
    readonly method: 'GET' | 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    /** Milliseconds for the whole exchange. */
    readonly timeoutMs: number
    readonly maxBytes: number
  },
) => Promise<
  CalledOut | { readonly failure: Extract<ToolFailure, 'address' | 'timeout' | 'network' | 'too_large'> }
>
