import type { z } from 'zod'
import type { Bus, Cache, Limiters, Locks } from './bus.ts'
import type { Capabilities } from './capabilities.ts'
import type { Check } from './check.ts'
import type { Clock } from './clock.ts'
import type { Avatars } from './contact.ts'
import type { CursorStore } from './cursor.ts'
import type { Logger } from './log.ts'
import type { MediaStore, PendingMedia } from './media.ts'
import type { ChannelName, DeliveryReceipt, InboundMessage, MediaRef, OutboundMessage } from './message.ts'
import type { ConversationMode, MessageLog } from './conversation.ts'
import type { Preview } from './preview.ts'
import type { ProviderNews } from './provider-news.ts'
import type { QueuePlace } from './queue.ts'
import type { SentMessages } from './sent.ts'

/** Whether a message was new or seen before. */
export type AcceptOutcome = 'accepted' | 'duplicate'

/** What accepting a message settles: `messageId` is the stored row's, the first one's for a duplicate. */
export interface Accepted {
  readonly outcome: AcceptOutcome
  readonly messageId: string
  readonly conversationId: string
  /** Position in the conversation, strictly increasing. */
  readonly seq: number
}

/** Hands one message to the router. Resolves once durable, so the channel may acknowledge. */
export type Accept = (message: InboundMessage) => Promise<Accepted>

/** An answer that rides on the provider's request. */
export interface PassiveReply {
  /** The answer; the same for every retry of the request, so that the same bytes can be sent again. */
  readonly message: OutboundMessage
  /** Tells that the response left this machine. Without it the answer is sent again by API and marked so. */
  confirm(): Promise<void>
}

/** Waits up to `budgetMs` for the answer to a stored message; undefined: none, or it goes by API. */
export type AwaitReply = (messageId: string, budgetMs: number) => Promise<PassiveReply | undefined>

/** Facts of the HTTP exchange that a `Request` does not carry. */
export interface Exchange {
  /** The client's address, taken from proxy headers only when the proxy is configured. */
  readonly remoteAddress: string
  /** Calls back once the response was handed to the network (true) or the connection broke first (false). */
  onFinished(callback: (delivered: boolean) => void): void
}

/** One HTTP route below `/channels/<inboxId>`. */
export interface ChannelRoute {
  readonly method: 'GET' | 'POST' | 'OPTIONS'
  /** Path below the inbox's mount, e.g. `/callback`. */
  readonly path: string
  /** Upper limit of the body in bytes, enforced while it streams. */
  readonly maxBodyBytes: number
  /** Asked before the body is read, where bodies are large; an answer refuses the request unread. */
  readonly admit?: (request: Request, exchange: Exchange) => Promise<Response | undefined>
  readonly handle: (request: Request, exchange: Exchange) => Promise<Response>
}

/** One open WebSocket, as a channel sees it. */
export interface LiveSocket {
  send(text: string): void
  close(code: number, reason: string): void
  /** Bytes not yet written to the network. */
  readonly bufferedAmount: number
}

/** What a channel does with an open socket's frames. */
export interface SocketSession {
  onText(text: string): void
  onClose(): void
}

/** A WebSocket endpoint below `/channels/<inboxId>`. */
export interface SocketEndpoint {
  readonly path: string
  /** Asked before the upgrade; false: the upgrade is refused with 403. */
  readonly admits: (request: Request, exchange: { readonly remoteAddress: string }) => boolean
  readonly open: (socket: LiveSocket, request: Request, remoteAddress: string) => SocketSession
}

/** How a running channel fares with its provider; `reason` says what to do and holds no secret. */
export type ChannelHealth =
  | { readonly state: 'running' }
  | { readonly state: 'failing'; readonly reason: string; readonly nextTryAt?: Date }

/** Where the contact of a thread stands with people. */
export interface ThreadStanding {
  readonly mode: ConversationMode
  /** Nobody has taken the contact's ticket yet. */
  readonly waits?: {
    /** The contact may take it back: a question that is not urgent. */
    readonly mayStop: boolean
    /** Where it stands; absent: in no queue. */
    readonly place?: QueuePlace
  }
  /** When people are back; absent: they are there, or it is not known when. */
  readonly peopleBackAt?: Date
}

/** What a running channel gets from the product. */
export interface ChannelHost {
  readonly inboxId: string
  /**
   * This node looks after the account: it polls the provider, holds connections, resumes what was left undone. False: other
   * nodes do; this one takes what is pushed to it.
   */
  readonly attends: boolean
  readonly accept: Accept
  readonly awaitReply: AwaitReply
  /**
   * Completes a stored message: the file reference with the same `providerRef` becomes `file`, which carries a
   * `mediaId` or the final `failure`.
   */
  readonly attachMedia: (messageId: string, file: MediaRef) => Promise<void>
  /** Takes stored messages of this inbox whose files are `pending`: a process died while it fetched them. */
  readonly takePendingMedia: (query: {
    readonly limit: number
    readonly retryMs: number
  }) => Promise<readonly PendingMedia[]>
  /**
   * The provider gave a group a new address: the threads `from` and `from:…` go on as `to` and `to:…`. One whose new
   * key is taken already stays as it is. Repeating it does nothing.
   */
  readonly moveThreads: (from: string, to: string) => Promise<void>
  readonly log: Logger
  readonly clock: Clock
  readonly media: MediaStore
  /** An address under which whoever has it gets a stored file, for a while. */
  readonly linkTo: (mediaId: string) => string
  readonly bus: Bus
  readonly locks: Locks
  readonly cache: Cache
  readonly limiters: Limiters
  /** What was said in a conversation, for channels whose clients resume (web chat). */
  readonly messageLog: MessageLog
  /**
   * Tells operators that the connection to the provider broke or stands again; a channel reconnects by itself. Said
   * while it starts, it holds once it has started.
   */
  readonly report: (health: ChannelHealth) => void
  /** Where a contact stands with people, for channels that show it. */
  readonly standing: (threadKey: string) => Promise<ThreadStanding>
  /** The contact does not want to wait any more: a ticket they may take back is closed, and the bot leads. */
  readonly stopWaiting: (threadKey: string) => Promise<void>
  /** Ranks a contact who has written, e.g. `vip`; nothing happens where nobody is. */
  readonly rank: (contactKey: string, tier: string) => Promise<void>
  /** How far this inbox has read its provider, for channels that fetch what was written. */
  readonly cursor: CursorStore
  /** Takes what the provider tells beside messages: takeovers, words of our people. */
  readonly news: ProviderNews
  /** Pictures of the contacts, for channels that can fetch them. */
  readonly avatars: Avatars
  /** What this inbox sent, for channels that hear of it later. */
  readonly sent: SentMessages
  /** A stored secret of this inbox, made at first use; `name` tells several apart. */
  readonly secret: (name: string) => Promise<string>
}

/** One running inbox of a channel. */
export interface Channel {
  readonly capabilities: Capabilities
  readonly routes: readonly ChannelRoute[]
  readonly sockets: readonly SocketEndpoint[]
  /** Sends one rendered message. Throws `ChannelError` when the provider refuses. */
  deliver(message: OutboundMessage): Promise<DeliveryReceipt>
  /** Shows or hides "typing" to the contact; never throws. */
  showTyping(threadKey: string, on: boolean): Promise<void>
  /**
   * Shows the contact what is being written to them, apart from all messages, and resolves once that is there; `signal` gives
   * it up. Absent: the channel cannot. Throws `ChannelError`.
   */
  readonly preview?: (threadKey: string, preview: Preview, signal?: AbortSignal) => Promise<void>
  /**
   * Who the channel vouches for as the writer of every message in a thread; undefined: others may write there, too.
   * `unionKey`: whom one of the messages came from. Absent: the provider vouches for the contact's key.
   */
  readonly vouch?: (thread: {
    readonly threadKey: string
    readonly unionKey: string | null
  }) => Promise<string | undefined>
  /** Whether others than the contact read what is said in a thread: a group. Absent: nobody does. */
  readonly isShared?: (thread: { readonly threadKey: string; readonly contactKey: string }) => boolean
  /**
   * Whether this node can send for the account: false while another has it, then messages are left to that one. Absent: every
   * node that sends can.
   */
  readonly sendsHere?: () => boolean
  /** Called again after it failed, with growing pauses. Throws when the provider cannot be used as configured. */
  start(): Promise<void>
  /** Ends everything, also what a failed `start` left behind. */
  stop(): Promise<void>
}

/** What trying an inbox's credentials needs: nothing that an inbox which never started lacks. */
export type CredentialHost = Pick<ChannelHost, 'inboxId' | 'cache' | 'locks' | 'clock' | 'log'>

/** A channel folder's public face. */
export interface ChannelModule<Config = unknown> {
  readonly name: ChannelName
  /** The inbox's config section; unit, default and consequence stand at each field. */
  readonly config: z.ZodType<Config>
  readonly create: (config: Config, host: ChannelHost) => Channel
  /**
   * Tries every credential on its provider, each by itself; sends and changes nothing. What is refused says which
   * setting is wrong and where the right value stands in the provider's console. Never rejects.
   */
  readonly checkCredentials: (config: Config, host: CredentialHost) => Promise<readonly Check[]>
}
