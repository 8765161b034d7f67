import { randomUUID } from 'node:crypto'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { Capabilities } from '../../src/core/capabilities.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Database } from '../../src/core/database.ts'
import { silentLog } from '../../src/core/log.ts'
import { createTeller, previewTelling } from '../../src/core/telling.ts'
import type { ApiServices } from '../../src/http/index.ts'
import {
  createIncidentChoresRun,
  createIncidentReporter,
  createIncidentService,
  createSpikeFeed,
  incidentMarkdown,
  incidentParts,
} from '../../src/incidents/index.ts'
import { incidentsConfig } from '../../src/incidents/config.ts'
import {
  createCountIncident,
  createEventLog,
  createIncidentChores,
  createIncidentHearing,
  createIncidentNotices,
  createIncidentReading,
  createIncidentStore,
  createNoticesWaiting,
  createSpikeProposals,
  createTicketStore,
  createWaitingIncidentNews,
  createWatchStore,
} from '../../src/store/index.ts'
import { buildDraft } from './builders.ts'
import { plainCapabilities } from './journey.ts'

/** All that is kept of incidents on one database. */
export const openIncidentStores = (database: Database) => ({
  store: createIncidentStore(database),
  reading: createIncidentReading(database),
  hearing: createIncidentHearing(database),
  notices: createIncidentNotices(database),
  waiting: createWaitingIncidentNews(database),
  waits: createNoticesWaiting(database),
  chores: createIncidentChores(database),
  count: createCountIncident(database),
  spikes: createSpikeProposals(database),
  watch: createWatchStore(database),
  events: createEventLog(database),
  tickets: createTicketStore(database, initialDialogue),
})

const words = incidentsConfig.parse({})

/** What the API knows of incidents, without a background. */
export const openIncidentServices = (
  database: Database,
  clock: Clock,
  onChange: () => void = () => undefined,
): ApiServices['incidents'] => {
  const { store, reading, notices, spikes, count } = openIncidentStores(database)
  return {
    ...{ reading, spikes, notices, markdown: incidentMarkdown },
    work: createIncidentService({
      ...{ store, spikes, clock, words },
      isChannel: (name): name is 'wechat' => name === 'wechat',
      isTopic: (name) => name !== 'no-such-topic',
      onChange: () => {
        onChange()
        return Promise.resolve()
      },
    }),
    desk: {
      dismiss: (id, reason, write) => spikes.dismiss(id, reason, write, clock.now()),
      preview: async (id, kind) =>
        previewTelling(await notices.followers(id, kind), () => plainCapabilities, clock.now()),
      report: createIncidentReporter({ reading, spikes, count, clock, timeZone: 'Asia/Shanghai' }),
    },
  }
}

const never = new AbortController().signal

/** What the background does about incidents on one database. */
export const openIncidentBackground = (
  database: Database,
  clock: Clock,
  channel: { capabilities: Capabilities | undefined },
) => {
  const { notices, chores, tickets, watch, events } = openIncidentStores(database)
  const feed = createSpikeFeed({
    ...{ store: watch, events, clock, newId: randomUUID },
    // All hours are alike: what is tested is the feed, not the shape of a week.
    hourOfWeek: () => 0.5,
    limits: { leastCount: 10 },
  })
  const run = createIncidentChoresRun({
    ...{ chores, tickets, clock, log: silentLog },
    tell: createTeller({
      ...{ notices, clock, onTold: () => undefined },
      partsOf: (news) => incidentParts(news, words),
      capabilitiesOf: () => channel.capabilities,
      compose: (_inboxId, parts) => buildDraft('', { parts, rendered: parts }),
    }),
    publish: () => undefined,
  })
  return { watch: () => feed(never), settle: () => run(never) }
}
