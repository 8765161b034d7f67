import type { Author, Direction } from './conversation.ts'
import type { EventPlace } from './event-log.ts'
import type { ChannelName, Part } from './message.ts'

/** A place in a list of messages, the newest first. */
export interface SearchPlace {
  readonly at: Date
  readonly id: string
}

/** Which messages are looked through; what is undefined does not matter. */
export interface SearchFilter {
  readonly inboxId?: string
  readonly channel?: ChannelName
  readonly contactId?: string
  readonly ticketId?: string
  readonly author?: Author
  readonly direction?: Direction
  /** From this moment on. */
  readonly from?: Date
  /** Up to before this moment. */
  readonly until?: Date
}

export interface SearchRequest {
  readonly words: string
  readonly filter: SearchFilter
  readonly limit: number
  /** Where the page before ended; absent: the newest. */
  readonly after?: SearchPlace
}

/** A stretch of a text, in UTF-16 units: from `from` up to before `to`. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** What is shown of a text in which something was found. */
export interface Snippet {
  readonly text: string
  /** Where in `text` the words stand, in order. */
  readonly matches: readonly Stretch[]
  /** Whether the message goes on before and after it. */
  readonly cutBefore: boolean
  readonly cutAfter: boolean
}

/** Who said a message, where, and what it belongs to. */
export interface FoundMessage {
  readonly id: string
  readonly conversationId: string
  readonly seq: number
  readonly inboxId: string
  readonly channel: ChannelName
  readonly contactId: string
  readonly contactName: string
  readonly direction: Direction
  readonly author: Author
  readonly agentId?: string
  readonly agentName?: string
  readonly at: Date
  /** The newest ticket of its conversation. */
  readonly ticketId?: string
  readonly ticketNumber?: number
}

export interface SearchHit {
  readonly message: FoundMessage
  readonly snippet: Snippet
}

/** The newest first. */
export interface SearchPage {
  readonly hits: readonly SearchHit[]
  /** Where to go on; absent: there is no more. A page may hold fewer hits than asked for and go on all the same. */
  readonly next?: SearchPlace
}

/** Finds messages by what was said. Throws `bad_input` for words that nothing can be found by. */
export type SearchMessages = (request: SearchRequest) => Promise<SearchPage>

/** A message that may hold what is sought. */
export interface Candidate extends SearchPlace {
  readonly parts: readonly Part[]
}

/** What to look up: messages of these days that have all these grams. */
export interface CandidateQuery {
  /** Spans of time as the index counts them. */
  readonly buckets: readonly number[]
  readonly grams: readonly number[]
  /** Said from this moment on, and before that one: spans come round. */
  readonly from: Date
  readonly until: Date
  readonly before: SearchPlace
  readonly limit: number
}

/** Looks messages up, the newest first. */
export interface MessageIndex {
  /** When the oldest message was said; undefined: there is none. */
  oldest(): Promise<Date | undefined>
  candidates(query: CandidateQuery): Promise<readonly Candidate[]>
  /** Conversations of a contact, or of a ticket. Throws `not_found`. */
  conversationsOf(of: { readonly contactId?: string; readonly ticketId?: string }): Promise<readonly string[]>
  /** Messages of a few conversations, whatever was said in them. */
  within(
    conversationIds: readonly string[],
    query: {
      readonly filter: Pick<SearchFilter, 'inboxId' | 'channel' | 'author' | 'direction' | 'from'>
      readonly before: SearchPlace
      readonly limit: number
    },
  ): Promise<readonly Candidate[]>
  /** In any order; without those that are gone. */
  describe(ids: readonly string[]): Promise<readonly FoundMessage[]>
}

/** A message as it is taken into the index. */
export interface UnindexedMessage extends Candidate {
  readonly inboxId: string
  readonly channel: ChannelName
  readonly author: Author
  readonly direction: Direction
}

/** A line of the index. */
export interface IndexLine {
  readonly id: string
  readonly grams: readonly number[]
}

/** A step of a reader: its lines and its new place take effect together, or not at all when another was faster. */
export interface IndexStep {
  readonly before: EventPlace
  readonly after: EventPlace
  readonly lines: readonly IndexLine[]
}

/** Takes messages into the index: new ones as they are told of, older ones by going back. */
export interface MessageIntake {
  /** How far both have come; undefined: nothing has begun. */
  places(): Promise<{ readonly news: EventPlace; readonly past: string } | undefined>
  /** Begins: news from `news` on, the past from the newest message back. */
  begin(news: EventPlace): Promise<void>
  messages(ids: readonly string[]): Promise<readonly UnindexedMessage[]>
  /** Messages before `past`, the newest first. */
  older(past: string, limit: number): Promise<readonly UnindexedMessage[]>
  /** False: another was faster. */
  keepNews(step: IndexStep): Promise<boolean>
  keepPast(step: IndexStep): Promise<boolean>
}
