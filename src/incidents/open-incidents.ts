import type { Incident, IncidentHearing, IncidentReading } from '../core/incident.ts'
import type { BothLanguages, IncidentAtHand } from '../core/incident-turn.ts'
import type { Logger } from '../core/log.ts'
import type { ChannelName } from '../core/message.ts'
import { repeatFromNow } from '../core/repeat.ts'
import type { IncidentsConfig } from './config.ts'

/** Without Redis another process cannot tell of a change: it is found by looking. */
const lookEveryMs = 30_000
const mostOpen = 100

export interface OpenIncidentsOptions {
  readonly reading: Pick<IncidentReading, 'list'>
  readonly hearing: IncidentHearing
  /** What English contacts hear of incidents whose notice is in Chinese only. */
  readonly words: Pick<IncidentsConfig, 'notice' | 'title'>
  readonly log: Logger
}

/** What everybody may read of an open incident. */
export interface ShownIncident extends Pick<
  Incident,
  'number' | 'title' | 'topics' | 'sinceAt' | 'updatedAt'
> {
  readonly notice: BothLanguages
}

/** The open incidents, at hand for every turn. */
export interface OpenIncidents {
  /** Those of a channel, with what this conversation knows of them. Nothing is read while none is open there. */
  of(conversationId: string, channel: ChannelName): Promise<readonly IncidentAtHand[]>
  /** Those of a channel, the earliest first, as everybody may read of them. */
  shownOn(channel: ChannelName): readonly ShownIncident[]
  /** Reads them again. */
  look(): Promise<void>
  stop(): Promise<void>
}

const isOn =
  (channel: ChannelName) =>
  ({ channels }: Incident): boolean =>
    channels.length === 0 || channels.includes(channel)

/** Keeps the open incidents at hand. */
export const startOpenIncidents = (options: OpenIncidentsOptions): OpenIncidents => {
  const { reading, hearing, words, log } = options
  const noticeOn = ({ notice, channelNotices }: Incident, channel: ChannelName): BothLanguages => {
    const own = channelNotices[channel] ?? notice
    return { ...own, en: own.en ?? notice.en ?? words.notice.en }
  }
  let open: readonly Incident[] = []
  const look = async (): Promise<void> => {
    try {
      open = (await reading.list('open', { limit: mostOpen })).toReversed()
    } catch (error) {
      log.warn({ error }, 'open incidents could not be read; tried again within half a minute')
    }
  }
  const stop = repeatFromNow(lookEveryMs, look)
  return {
    look,
    stop,
    shownOn: (channel) =>
      open.filter(isOn(channel)).map((incident) => {
        const { number, title, topics, sinceAt, updatedAt } = incident
        return {
          ...{ number, topics, sinceAt, updatedAt, notice: noticeOn(incident, channel) },
          title: { ...title, en: title.en ?? words.title.en },
        }
      }),
    of: async (conversationId, channel) => {
      const here = open.filter(isOn(channel))
      if (here.length === 0) return []
      const { heard, follows } = await hearing.of(conversationId)
      return here.map((incident) => {
        const { id, number, topics, noticeVersion } = incident
        const heardVersion = heard.get(id)
        return {
          ...{ id, number, topics, noticeVersion },
          notice: noticeOn(incident, channel),
          ...(heardVersion === undefined ? {} : { heardVersion }),
          follows: follows.has(id),
        }
      })
    },
  }
}
