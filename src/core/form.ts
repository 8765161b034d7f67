import type { ComplaintKind } from './complaint.ts'
import type { TicketKind } from './conversation.ts'
import type { BothWords } from './form-progress.ts'

/** What kind of answer a question takes, and hence how it is checked. */
export const slotKinds = [
  'text',
  'choice',
  'yes-no',
  'link',
  'video',
  'uid',
  'live-room',
  'phone',
  'mail',
  'order',
  'date',
  'amount',
  'evidence',
] as const
export type SlotKind = (typeof slotKinds)[number]

/** One question of a form. */
export interface FormSlot {
  readonly name: string
  readonly kind: SlotKind
  /** What the answer is called: in the summary, in corrections, at the desk. */
  readonly label: BothWords
  readonly ask: BothWords
  /** What to say when an answer does not fit; absent: the kind's own words. */
  readonly hint?: BothWords
  /** False: it may be skipped without a reason. */
  readonly required: boolean
  /** Of a choice. */
  readonly options: readonly { readonly id: string; readonly label: BothWords }[]
  /** Asked only when an earlier choice was one of these; absent: always. */
  readonly when?: { readonly slot: string; readonly is: readonly string[] }
  /** Words that stand right before a value meant for this question, where several could take it ("我的", "原视频"). */
  readonly near: readonly string[]
  /** Further names that corrections may use. */
  readonly aliases: readonly string[]
  /** Letters from which the words that start the form count as the answer; absent: never. */
  readonly fromStart?: number
  /** Letters a text needs, and characters that are kept of it. */
  readonly minLength: number
  readonly maxLength: number
  /** Two different values in one answer are none: which is meant is not known. Absent: the first counts, or all of them. */
  readonly single?: true
  /** Whether a value is one that the question's system takes, besides its kind; absent: every one. */
  readonly fits?: (value: string) => boolean
}

/** What of a form's answers makes a complaint case. */
export interface FormComplaint {
  readonly kind: ComplaintKind
  /** Questions that name what is reported. */
  readonly objects: readonly string[]
  /** Questions that tell whose the rights are: who asks, by which option for the owner, and for which work. */
  readonly rights?: { readonly capacity: string; readonly owner: string; readonly work?: string }
  /** Question of kind `mail`: a one-time code goes to that address, where the kind of complaint asks for one. */
  readonly identity?: string
}

/** A list of questions that gathers what a case needs before a person works on it. */
export interface Form {
  readonly id: string
  readonly title: BothWords
  /** Said at the start: what is asked, and why. */
  readonly why: BothWords
  /** Said when everything is handed over. */
  readonly done: BothWords
  /** The option that starts it where an article offers it. */
  readonly offer: BothWords
  /** The ticket it leads to. */
  readonly kind: TicketKind
  readonly topic: string
  readonly urgency: 'normal' | 'high' | 'urgent'
  /** `first`: the ticket opens at once and the answers follow; `last`: it opens with all of them. */
  readonly handover: 'first' | 'last'
  /** A certain one of these starts it; a tool's form, the tool. */
  readonly startedBy: {
    readonly articles: readonly string[]
    readonly topics: readonly string[]
    readonly intents: readonly string[]
  }
  /** Below these articles' answers it is offered. */
  readonly offeredBy: readonly string[]
  /** The question whose answer stands in the ticket's title. */
  readonly titled?: string
  /** What it gathers goes to this tool, and no ticket opens. */
  readonly tool?: string
  /** A complaint case opens with its ticket. */
  readonly complaint?: FormComplaint
  readonly slots: readonly FormSlot[]
  /** Where it came from, for messages to editors. */
  readonly file: string
}
