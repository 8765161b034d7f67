import type { AllowanceName, PartKind } from './message.ts'

/** How many messages one action of the contact allows, and for how long. */
export interface Allowance {
  readonly count: number
  readonly windowMs: number
  /** Of these, slots only a person may use; absent: the channel's number. */
  readonly reservedForAgents?: number
}

/** How much one text takes, and how many messages a longer one becomes before it is cut. */
export type TextLimits = Omit<Capabilities['text'], 'pictures'> & { readonly maxMessages: number }

/** What a provider takes as a file of one kind. */
export interface FileLimit {
  /** Absent: any. */
  readonly contentTypes?: readonly string[]
  readonly maxBytes: number
}

/** What a channel can show and how often it may speak: data that the renderer and the outbox read. */
export interface Capabilities {
  readonly text: {
    readonly max: number
    readonly unit: 'bytes' | 'characters'
    /**
     * `links`: plain text in which `<a href>` is the only tag (WeChat). `styles`: beside it `<b>`, `<i>`, `<code>` and
     * `<pre>`, each closed in the same text.
     */
    readonly markup: 'plain' | 'links' | 'styles'
    /** Pictures may stand between the words of one text, so many bytes together. Absent: each is a message. */
    readonly pictures?: { readonly maxBytes: number }
  }
  /** Part kinds that can be sent as they are; others are degraded. */
  readonly parts: readonly PartKind[]
  /** Of these kinds only such files can be sent; others become links. Absent kind: any file. */
  readonly files?: Readonly<Partial<Record<'image' | 'audio' | 'video' | 'file', FileLimit>>>
  readonly choices: {
    readonly style: 'buttons' | 'menu' | 'numbered'
    readonly max: number
  }
  /** Milliseconds after the contact's last message in which we may answer; undefined: always. */
  readonly replyWindowMs?: number
  /** Quotas by the action that opens them; empty: unlimited. */
  readonly allowances: Readonly<Record<AllowanceName, Allowance>>
  /** Of each allowance, slots only a person may use. */
  readonly reservedForAgents: number
  /** True when nothing can be sent but the answer to a request (accounts without the send right). */
  readonly passiveOnly: boolean
  readonly typing: boolean
  /** Sends per second of this inbox, by each node that sends. */
  readonly sendsPerSecond: number
}
