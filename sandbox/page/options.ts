import type { MovableClock } from '../../src/core/clock.ts'
import type { Message } from '../../src/core/conversation.ts'
import type { Simulator } from '../simulator.ts'
import type { WechatSimulator } from '../wechat/index.ts'

/** How much a reset takes away. */
export interface DemoContents {
  readonly conversations: number
  readonly messages: number
  readonly tickets: number
  readonly files: number
  /** Of the team; none that somebody changed. */
  readonly cannedReplies: number
  readonly macros: number
}

/** The product's record of the demo inboxes. */
export interface DemoData {
  count(): Promise<DemoContents>
  clear(): Promise<void>
}

/** What the page shows and works on. */
export interface SandboxOptions {
  readonly simulators: { readonly wechat: WechatSimulator }
  /** Further simulated channels, each with a client page of its own beside the web chat. Default none. */
  readonly clients?: readonly Simulator[]
  /** Channels whose client needs packages that are not installed, and the command that brings them. Default none. */
  readonly missing?: readonly { readonly channel: string; readonly command: string }[]
  /** The inboxes behind the clients by channel, for `trace`. */
  readonly inboxes: Readonly<Record<string, string>>
  /** The product's, which the page can put forward. */
  readonly clock: MovableClock
  /** The latest messages of a contact over all threads, with decisions and deliveries, in any order; fifty of the contact's are shown. */
  readonly trace: (inboxId: string, contactKey: string) => Promise<readonly Message[]>
  /** The newest ticket of each of the contact's conversations, by conversation id. Default none. */
  readonly ticketsOf?: (inboxId: string, contactKey: string) => Promise<ReadonlyMap<string, string>>
  /** Page of the web chat, shown in a frame. It must allow being framed by this page. */
  readonly webChatUrl: string
  readonly deskUrl: string
  /**
   * The agents' app and its API, shown beside the clients; both of the page's own origin, and the app must allow being
   * framed by this page. Default: not shown.
   */
  readonly beside?: { readonly url: string; readonly api: string }
  /** Default: no help centre. */
  readonly helpUrl?: string
  /** The one-time sign-in link while it can still be used. Anybody who can open the page sees it. */
  readonly signInUrl?: () => string | undefined
  /** What the clients have left in the product, for the reset. */
  readonly demoData: DemoData
  /** Milliseconds between the lines of a play. Default 1.5 s. */
  readonly readingMs?: number
  /** Host names under which the page may be used besides `localhost` and IP addresses. */
  readonly hosts?: readonly string[]
}
