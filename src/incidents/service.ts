import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  Declaration,
  Incident,
  IncidentFacts,
  IncidentDraft,
  IncidentService,
  IncidentStore,
  SpikeProposal,
  SpikeProposals,
} from '../core/incident.ts'
import type { ChannelName } from '../core/message.ts'
import type { IncidentsConfig } from './config.ts'

export interface IncidentServiceOptions {
  readonly store: IncidentStore
  readonly spikes: Pick<SpikeProposals, 'get'>
  readonly words: Pick<IncidentsConfig, 'title' | 'notice' | 'closing'>
  /** Whether this is a channel's name. */
  readonly isChannel: (name: string) => name is ChannelName
  readonly isTopic: (name: string) => boolean
  readonly clock: Clock
  /** Tells all nodes and desks, and sees to what is left to be done. */
  readonly onChange: () => Promise<void>
}

/** One action is enough: what is left out, the proposal and the configured words fill in. */
const draftOf = (
  declaration: Declaration,
  spike: SpikeProposal | undefined,
  { words, clock, isChannel }: IncidentServiceOptions,
): IncidentDraft => {
  const { title, notice, channelNotices, topics, channels, sinceAt, ...rest } = declaration
  const channel = spike?.channel
  return {
    ...rest,
    title: title ?? words.title,
    notice: notice ?? words.notice,
    channelNotices: channelNotices ?? {},
    topics: topics ?? (spike?.topic === undefined ? [] : [spike.topic]),
    channels: channels ?? (channel !== undefined && isChannel(channel) ? [channel] : []),
    sinceAt: sinceAt ?? spike?.sinceAt ?? clock.now(),
  }
}

/** What supervisors do about incidents. */
export const createIncidentService = (options: IncidentServiceOptions): IncidentService => {
  const { store, spikes, words, isTopic, clock, onChange } = options
  /** A topic that nothing is understood as would match no question, and nobody would notice. */
  const checkTopics = ({ topics = [] }: Pick<IncidentFacts, 'topics'>): void => {
    const unknown = topics.find((topic) => !isTopic(topic))
    if (unknown === undefined) return
    throw new TongdaError('bad_input', `there is no topic "${unknown}"; take one of an article or a spike`, {
      topic: unknown,
    })
  }
  const telling = async (work: Promise<Incident>): Promise<Incident> => {
    const incident = await work
    await onChange()
    return incident
  }
  return {
    declare: async (declaration, write) => {
      checkTopics(declaration)
      const { spikeId } = declaration
      const spike = spikeId === undefined ? undefined : await spikes.get(spikeId)
      return telling(store.declare(draftOf(declaration, spike, options), write, clock.now()))
    },
    change: async (id, facts, write) => {
      checkTopics(facts)
      return telling(store.change(id, facts, write, clock.now()))
    },
    update: (id, wording, write) => telling(store.update(id, wording, write, clock.now())),
    hang: (id, ticketId, write) => telling(store.hang(id, ticketId, write, clock.now())),
    takeOut: (id, ticketId, write) => telling(store.takeOut(id, ticketId, write, clock.now())),
    close: (id, wording, write) => telling(store.close(id, wording ?? words.closing, write, clock.now())),
  }
}
