import type { EventPlace } from './event-log.ts'
import type { BothLanguages } from './incident-turn.ts'
import type { ChannelName } from './message.ts'
import type { Addressee, NoticeFate, NoticeQueue, TellingPreview } from './notice.ts'
import type { BucketCount, SpikeEvent, SpikeEvidence, Spike } from './spike.ts'
import type { FeedbackActor, FeedbackWrite } from './suggestions.ts'

/** Who declares, changes, closes. */
export type IncidentActor = FeedbackActor
/** A write, protected against stale screens and repeats. */
export type IncidentWrite = FeedbackWrite

export const proposalStates = ['proposed', 'dismissed', 'declared'] as const
export type ProposalState = (typeof proposalStates)[number]

/** A spike that a supervisor is to look at, explained by numbers. */
export interface SpikeProposal {
  readonly id: string
  /** Absent: whatever the topic. */
  readonly topic?: string
  /** Absent: on every channel. */
  readonly channel?: string
  readonly sinceAt: Date
  readonly evidence: SpikeEvidence
  readonly state: ProposalState
  /** When it was calm again; absent: it goes on. */
  readonly endedAt?: Date
  readonly settledAt?: Date
  /** Who dismissed or declared it; the product itself where an open incident covers it. */
  readonly settledBy?: IncidentActor
  /** Why it was dismissed. */
  readonly reason?: string
  readonly incidentId?: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** Spikes as people look after them. Methods throw `not_found`, `conflict`. */
export interface SpikeProposals {
  /** The latest first. */
  list(
    states: readonly ProposalState[] | undefined,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly SpikeProposal[]>
  get(id: string): Promise<SpikeProposal>
  dismiss(id: string, reason: string, write: IncidentWrite, now: Date): Promise<SpikeProposal>
}

/** A message as it is counted. */
export interface CountedMessage {
  readonly messageId: string
  readonly receivedAt: Date
  readonly channel: string
  /** Nobody has thought about it yet. */
  readonly isPending: boolean
  /** Absent: nothing was understood of it, or a later piece says what. */
  readonly topic?: string
}

/** Counts of five minutes. */
export interface CountedBucket {
  readonly startMs: number
  readonly counts: readonly BucketCount[]
}

/** One pass of the watch; takes effect as a whole. */
export interface WatchPass {
  /** As it was read; of two that pass at once one takes effect. */
  readonly version: number
  readonly after: EventPlace
  /** What is added to the counts that are kept. */
  readonly added: readonly CountedBucket[]
  /** The watch's state as text; absent: unchanged. */
  readonly state?: { readonly text: string; readonly last: number; readonly open: readonly Spike[] }
  readonly events: readonly SpikeEvent[]
}

/** Where the watch goes on after a restart. */
export interface WatchStore {
  /** Undefined: it never began. */
  read(): Promise<
    { readonly place: EventPlace; readonly version: number; readonly last: number | undefined } | undefined
  >
  begin(place: EventPlace): Promise<void>
  messages(ids: readonly string[]): Promise<readonly CountedMessage[]>
  /** The state as it was kept, and the counts of buckets. */
  load(buckets: readonly number[]): Promise<{
    readonly text: string | undefined
    readonly buckets: readonly CountedBucket[]
  }>
  /** Keeps a pass; false when another took effect meanwhile. Proposals that are new are told outside. */
  keep(pass: WatchPass, now: Date): Promise<boolean>
}

export type IncidentState = 'open' | 'closed'

/** A known disturbance. */
export interface Incident {
  readonly id: string
  /** Public number, shown as `I-<number>`. */
  readonly number: number
  readonly title: BothLanguages
  readonly notice: BothLanguages
  /** Channels on which the notice has words of its own. */
  readonly channelNotices: Readonly<Partial<Record<ChannelName, BothLanguages>>>
  /** Grows whenever what contacts hear changes. */
  readonly noticeVersion: number
  /** Empty: every topic. */
  readonly topics: readonly string[]
  /** Empty: every channel. */
  readonly channels: readonly ChannelName[]
  readonly parentTicketId?: string
  /** The proposal it was declared from. */
  readonly spikeId?: string
  /** Since when things are wrong. */
  readonly sinceAt: Date
  readonly state: IncidentState
  readonly declaredAt: Date
  readonly declaredBy: IncidentActor
  readonly closedAt?: Date
  readonly closedBy?: IncidentActor
  readonly updatedAt: Date
  readonly tickets: number
  readonly openTickets: number
  readonly followers: number
  /** Conversations that heard the notice. */
  readonly heard: number
  readonly version: number
}

/** An incident as it is declared. */
export interface IncidentDraft {
  readonly title: BothLanguages
  readonly notice: BothLanguages
  readonly channelNotices: Incident['channelNotices']
  readonly topics: readonly string[]
  readonly channels: readonly ChannelName[]
  readonly parentTicketId?: string | undefined
  readonly spikeId?: string | undefined
  readonly sinceAt: Date
  /** Owed tickets on these topics and channels that came since `sinceAt` hang under it, too. */
  readonly gathers: boolean
}

/** What is changed of it; what is undefined stays. */
export interface IncidentFacts {
  readonly title?: BothLanguages | undefined
  readonly notice?: BothLanguages | undefined
  readonly channelNotices?: Incident['channelNotices'] | undefined
  readonly topics?: readonly string[] | undefined
  readonly channels?: readonly ChannelName[] | undefined
  readonly parentTicketId?: string | null | undefined
}

/** What followers are told. */
export interface IncidentUpdate {
  readonly id: string
  readonly kind: 'update' | 'closed'
  readonly wording: BothLanguages
  readonly at: Date
  readonly by: IncidentActor
}

/** One line of an incident's history. */
export interface IncidentEntry {
  readonly id: number
  readonly at: Date
  readonly actor: IncidentActor
  readonly change: 'declared' | 'changed' | 'updated' | 'hung' | 'taken-out' | 'closed'
  readonly detail: Readonly<Record<string, unknown>>
}

/** Writes incidents. Methods throw `not_found`, `conflict`, `bad_input`. */
export interface IncidentStore {
  declare(draft: IncidentDraft, write: IncidentWrite, now: Date): Promise<Incident>
  change(id: string, facts: IncidentFacts, write: IncidentWrite, now: Date): Promise<Incident>
  /** Says how it goes on, to be told to all who follow. */
  update(id: string, wording: BothLanguages, write: IncidentWrite, now: Date): Promise<Incident>
  /** Hangs a ticket under it. */
  hang(id: string, ticketId: string, write: IncidentWrite, now: Date): Promise<Incident>
  /** Takes a ticket out from under it, for good unless it is hung there again; who follows only for it hears no more. */
  takeOut(id: string, ticketId: string, write: IncidentWrite, now: Date): Promise<Incident>
  /** Ends it; all who follow are to be told, its tickets to be solved. */
  close(id: string, wording: BothLanguages, write: IncidentWrite, now: Date): Promise<Incident>
}

/** Reads incidents. */
export interface IncidentReading {
  /** The latest first. */
  list(
    state: IncidentState | undefined,
    page: { readonly after?: number; readonly limit: number },
  ): Promise<readonly Incident[]>
  /** Throws `not_found`. */
  get(id: string): Promise<Incident>
  /** The oldest first. */
  history(id: string): Promise<readonly IncidentEntry[]>
  updates(id: string): Promise<readonly IncidentUpdate[]>
}

/** What conversations know of open incidents. */
export interface IncidentHearing {
  of(conversationId: string): Promise<{
    /** The version of the notice that was heard, by incident. */
    readonly heard: ReadonlyMap<string, number>
    readonly follows: ReadonlySet<string>
  }>
}

/** What somebody who follows is told. */
export interface IncidentNews {
  readonly noticeId: string
  readonly kind: IncidentUpdate['kind']
  readonly title: BothLanguages
  readonly wording: BothLanguages
  readonly language: 'zh' | 'en'
}

/** One who follows, and what became of telling them one update. */
export interface IncidentNotice extends NoticeFate {
  readonly updateId: string
}

/** Tells those who follow. */
export interface IncidentNotices extends NoticeQueue<IncidentNews> {
  /** Those who follow now; when it closes, tickets under it keep nobody busy any more. Changes nothing. */
  followers(incidentId: string, kind: IncidentUpdate['kind']): Promise<readonly Addressee[]>
  /** The latest first. */
  list(
    incidentId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly IncidentNotice[]>
}

/** What a contact is to be told before the next answer in a conversation; at most three. */
export type WaitingIncidentNews = (conversationId: string) => Promise<readonly IncidentNews[]>

/** A ticket that hangs under an incident. */
export interface HungTicket {
  readonly ticketId: string
  readonly incidentId: string
  readonly incidentNumber: number
  readonly incidentTitle: string
  readonly parentTicketId?: string
}

/** What is left to be done about incidents; each step may be repeated. */
export interface IncidentChores {
  /** Hangs tickets under open incidents that came since by another way than a turn that knew of them. */
  gather(now: Date): Promise<void>
  /** Tickets whose history does not tell of their incident yet. */
  unnoted(limit: number): Promise<readonly HungTicket[]>
  /** Tickets of closed incidents that are to be solved. */
  unsettled(limit: number): Promise<readonly HungTicket[]>
  note(ticketId: string, now: Date): Promise<void>
  /** `outcome`: what became of it. */
  settle(ticketId: string, outcome: 'solved' | 'was-settled' | 'refused', now: Date): Promise<void>
  /** Incidents of which somebody is to be told; who came to one while it closed is planned for. */
  untold(now: Date): Promise<readonly string[]>
}

/** Ten minutes of one channel: what came, and what came at the same time in the weeks before. */
export interface IncidentSlot {
  readonly at: Date
  readonly channel: string
  readonly count: number
  /** Mean of the same ten minutes in up to four weeks before; absent: nothing was counted then. */
  readonly usual?: number
}

/** Numbers of an incident. */
export interface IncidentFigures {
  readonly slots: readonly IncidentSlot[]
  readonly tickets: {
    readonly total: number
    readonly open: number
    readonly solved: number
    readonly replied: number
    /** Minutes from opening to the first reply, of those replied to; absent: none was. */
    readonly medianReplyMinutes?: number
  }
  /** People told, by how or why not. */
  readonly told: Readonly<Record<'now' | 'fallback' | 'next-message' | 'waits' | 'planned' | 'never', number>>
  readonly reasons: Readonly<Record<string, number>>
}

/** Counts what an incident brought. */
export type CountIncident = (
  incident: Pick<Incident, 'id'>,
  span: { readonly from: Date; readonly to: Date },
) => Promise<IncidentFigures>

/** What was, when it is over, or so far. */
export interface IncidentReport extends IncidentFigures {
  readonly incident: Incident
  readonly from: Date
  readonly to: Date
  readonly timeZone: string
  readonly spike?: SpikeProposal
  readonly timeline: readonly IncidentEntry[]
  readonly updates: readonly IncidentUpdate[]
  /** Sums over the slots. */
  readonly channels: readonly {
    readonly channel: string
    readonly count: number
    readonly usual?: number
  }[]
}

/** What is declared: what is left out comes from the proposal, or from the configured words. */
export type Declaration = {
  readonly [Fact in keyof Omit<IncidentDraft, 'gathers'>]?: IncidentDraft[Fact] | undefined
} & Pick<IncidentDraft, 'gathers'>

/** What supervisors do about incidents. Methods throw `not_found`, `conflict`, `bad_input`. */
export interface IncidentService {
  declare(declaration: Declaration, write: IncidentWrite): Promise<Incident>
  change(id: string, facts: IncidentFacts, write: IncidentWrite): Promise<Incident>
  update(id: string, wording: BothLanguages, write: IncidentWrite): Promise<Incident>
  hang(id: string, ticketId: string, write: IncidentWrite): Promise<Incident>
  takeOut(id: string, ticketId: string, write: IncidentWrite): Promise<Incident>
  /** Without words of its own it closes with the configured ones. */
  close(id: string, wording: BothLanguages | undefined, write: IncidentWrite): Promise<Incident>
}

/** What the service says beside. Methods throw `not_found`, `conflict`. */
export interface IncidentDesk {
  dismiss(spikeId: string, reason: string, write: IncidentWrite): Promise<SpikeProposal>
  /** What would come of telling now, an update or the end. */
  preview(id: string, kind: IncidentUpdate['kind']): Promise<TellingPreview>
  report(id: string): Promise<IncidentReport>
}
