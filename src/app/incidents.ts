import { v7 as uuid } from 'uuid'
import { topics } from '../core/bus.ts'
import type { IncidentDesk } from '../core/incident.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import type { ChannelName } from '../core/message.ts'
import { createTeller, previewTelling } from '../core/telling.ts'
import type { ApiServices } from '../http/index.ts'
import {
  createIncidentChoresRun,
  createIncidentReporter,
  createIncidentService,
  createSpikeFeed,
  incidentMarkdown,
  incidentParts,
  startOpenIncidents,
  type OpenIncidents,
} from '../incidents/index.ts'
import { createHourOfWeek } from './hour-of-week.ts'
import { settleIncidents, watchSpikes } from './incident-jobs.ts'
import type { Inboxes } from './inboxes.ts'
import { installedNames } from './installed-channels.ts'
import { composer } from './line.ts'
import type { Parts } from './parts.ts'

/** The open incidents, read again whenever one changes anywhere. */
export const openIncidentsOf = async ({ config, stores, backbone, log }: Parts): Promise<OpenIncidents> => {
  const { incidents: reading, incidentHearing: hearing } = stores
  const open = startOpenIncidents({
    ...{ reading, hearing, words: config.incidents, log: log.child({ part: 'incidents' }) },
  })
  const leave = await backbone.bus.subscribe(topics.incidents, () => void open.look())
  return {
    ...open,
    stop: async () => {
      leave()
      await open.stop()
    },
  }
}

/** What is done about incidents in the background. */
export const incidentHandlers = (parts: Parts, inboxes: Inboxes): readonly JobHandler[] => {
  const { config, clock, stores, backbone, links, calendars } = parts
  const log = parts.log.child({ part: 'incidents' })
  const compose = composer(inboxes, links)
  const { leastCount, leastFactor } = config.incidents
  const feed = createSpikeFeed({
    ...{ store: stores.spikeWatch, events: stores.events, clock },
    newId: () => uuid(),
    hourOfWeek: createHourOfWeek(() => calendars.get('hotline')),
    limits: { leastCount, leastFactor },
  })
  const chores = createIncidentChoresRun({
    ...{ chores: stores.incidentChores, tickets: stores.tickets, clock, log },
    tell: createTeller({
      ...{ clock, notices: stores.incidentNotices },
      partsOf: (news) => incidentParts(news, config.incidents),
      capabilitiesOf: (inboxId) => inboxes.find(inboxId)?.capabilities,
      compose: (inboxId, said) => compose(inboxId, said),
      onTold: (conversationId) => {
        backbone.bus.publish(topics.outbox, {})
        backbone.bus.publish(topics.ticket, { conversationId })
      },
    }),
    publish: (ticketId) => {
      backbone.bus.publish(topics.ticket, { ticketId })
      backbone.bus.publish(topics.wake, {})
    },
  })
  return [
    onJob(watchSpikes, async (_data, { signal }) => {
      if (!config.incidents.watch) return
      for (const { kind, spike } of await feed(signal)) {
        log.info({ kind, spikeId: spike.id, ...spike.scope, ...spike.evidence }, 'a spike was noticed')
        backbone.bus.publish(topics.incidents, {})
      }
    }),
    onJob(settleIncidents, (_data, { signal }) => chores(signal)),
  ]
}

const isChannel = (name: string): name is ChannelName => installedNames.some((one) => one === name)

const createDesk = (parts: Parts, inboxes: Inboxes): IncidentDesk => {
  const { config, clock, stores, backbone } = parts
  const report = createIncidentReporter({
    ...{ reading: stores.incidents, spikes: stores.spikes, count: stores.countIncident, clock },
    timeZone: config.calendars.hotline.timezone,
  })
  return {
    dismiss: async (spikeId, reason, write) => {
      const spike = await stores.spikes.dismiss(spikeId, reason, write, clock.now())
      backbone.bus.publish(topics.incidents, {})
      return spike
    },
    preview: async (id, kind) => {
      const { id: incidentId } = await stores.incidents.get(id)
      const followers = await stores.incidentNotices.followers(incidentId, kind)
      return previewTelling(followers, (inboxId) => inboxes.find(inboxId)?.capabilities, clock.now())
    },
    report,
  }
}

/** What the public API knows of incidents. */
export const openIncidentServices = (parts: Parts, inboxes: Inboxes): ApiServices['incidents'] => {
  const { config, clock, stores, backbone, content, work } = parts
  return {
    reading: stores.incidents,
    spikes: stores.spikes,
    notices: stores.incidentNotices,
    work: createIncidentService({
      ...{ store: stores.incidentStore, spikes: stores.spikes, words: config.incidents, isChannel, clock },
      isTopic: (name) => content.topics().has(name),
      onChange: async () => {
        backbone.bus.publish(topics.incidents, {})
        await work.jobs.enqueue(settleIncidents, {}, { key: 'now' })
      },
    }),
    desk: createDesk(parts, inboxes),
    markdown: incidentMarkdown,
  }
}
