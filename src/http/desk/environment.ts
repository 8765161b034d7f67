import type { AgentAssist } from '../../core/assist.ts'
import type { AgentDrafts } from '../../core/agent-drafts.ts'
import type { Bus } from '../../core/bus.ts'
import type { TextLimits } from '../../core/capabilities.ts'
import type { Clock } from '../../core/clock.ts'
import type { ContactStore } from '../../core/contact.ts'
import type { InboxCare, ListQuiet } from '../../core/inbox.ts'
import type { Logger } from '../../core/log.ts'
import type { Masker } from '../../core/masking.ts'
import type { MentionService } from '../../core/mention.ts'
import type { MediaCatalogue, MediaStore, UnsentFiles } from '../../core/media.ts'
import type { FindOriginal } from '../../core/original.ts'
import type { PreferenceStore } from '../../core/preferences.ts'
import type { PushDesk } from '../../core/push.ts'
import type { Session } from '../../core/sign-in.ts'
import type {
  FindRepliedTicket,
  TicketRelations,
  TicketService,
  TicketStore,
  UndoService,
} from '../../core/ticket.ts'
import type { TicketViewStore } from '../../core/ticket-view.ts'
import type { ThreadReading } from '../../core/thread-reading.ts'
import type { AgentTyping } from '../../core/typing.ts'
import type { VoiceDecoder } from '../../core/voice.ts'
import type { Origins } from '../origins.ts'
import type { RemoteAddress } from '../remote-address.ts'
import type { QueueParts } from '../v1/environment.ts'
import type { SignIn } from '../sign-in/sign-in.ts'

/** What the desk's routes work with. */
export interface DeskServices {
  /** For reading. */
  readonly tickets: TicketStore
  /** For every change. */
  readonly work: TicketService
  readonly undo: UndoService
  readonly queues: Pick<QueueParts, 'teams' | 'presence' | 'work'>
  readonly mentions: MentionService
  readonly ticketOf: FindRepliedTicket
  readonly reading: ThreadReading
  readonly drafts: AgentDrafts
  /** What a language model does for agents; undefined: there is none, or it is switched off for them. */
  readonly assist: AgentAssist | undefined
  readonly relations: Pick<TicketRelations, 'related'>
  readonly originalOf: FindOriginal
  /** A short-lived address of a stored file on this server, for pages that carry no cookies. */
  readonly mediaLink: (mediaId: string) => string
  /** What an inbox's channel makes of a text; undefined while the inbox is not configured. */
  readonly textLimits: (inboxId: string) => TextLimits | undefined
  /** Sends a failed message again. Throws `conflict` when nothing of it failed. */
  readonly retry: (messageId: string) => Promise<void>
  readonly media: MediaStore & MediaCatalogue & UnsentFiles
  readonly voices: VoiceDecoder
  readonly typing: AgentTyping
  readonly inboxes: InboxCare
  /** What came in and was neither answered nor made a ticket. */
  readonly quiet: ListQuiet
  readonly preferences: PreferenceStore
  readonly views: TicketViewStore
  readonly push: PushDesk
  readonly contacts: ContactStore
  readonly masker: Masker
  readonly bus: Bus
  readonly clock: Clock
  readonly signIn: SignIn
}

/** What the server adds to it. */
export interface DeskSurroundings extends DeskServices {
  readonly log: Logger
  readonly origins: () => Origins
  readonly remoteAddress: RemoteAddress
  /** Aborts when the server stops; open event streams end. */
  readonly stopping: AbortSignal
  /** Milliseconds between heartbeats of the event stream. */
  readonly heartbeatMs: number
}

/** The Hono environment of the desk's routes; `session` and `token` are set behind the guard. */
export interface DeskEnv {
  readonly Variables: {
    readonly desk: DeskSurroundings
    session: Session
    token: string
  }
}
