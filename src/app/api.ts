import { topics } from '../core/bus.ts'
import type { ApiServices, SignIn } from '../http/index.ts'
import { createPromiseTimes } from '../promises/index.ts'
import { createFindSimilar, createMessageSearch } from '../search/index.ts'
import { createPastTickets } from '../store/index.ts'
import { createRelationService, createTicketReporter, createUpkeep } from '../tickets/index.ts'
import { createMasker } from '../text/index.ts'
import { openAutomation } from './automation.ts'
import { openEditingHelp } from './editing-help.ts'
import { openEditing } from './editing.ts'
import { openIncidentServices } from './incidents.ts'
import type { Inboxes } from './inboxes.ts'
import { openLearning } from './learning.ts'
import type { Parts } from './parts.ts'
import { openStaff } from './staff.ts'
import { openPersonal } from './privacy.ts'
import { openQuality } from './quality.ts'
import { openReports } from './reports.ts'
import { openSettings } from './settings.ts'
import { openSuggestions } from './suggestions.ts'
import { openSurveys } from './surveys.ts'
import { openSystem } from './system.ts'
import { createUnderstandingDesk } from './understanding-desk.ts'
import { createAddressFault } from './webhooks.ts'

/** What is done to tickets beside speaking to their contacts. */
const openTicketWork = ({
  config,
  clock,
  stores,
  backbone,
  calendars,
}: Parts): Pick<ApiServices, 'upkeep' | 'relations'> => {
  const { tickets: store, relations } = stores
  const policy = config.tickets
  const promise = createPromiseTimes(config.promises, calendars)
  const publish = (ticketId: string): void => backbone.bus.publish(topics.ticket, { ticketId })
  return {
    upkeep: createUpkeep({ store, clock, policy, publish }),
    relations: createRelationService({ store, relations, clock, promise, publish }),
  }
}

/** What the public API stands on. */
export const openApi = (
  parts: Parts,
  {
    inboxes,
    signIn,
    queues,
    complaints,
  }: { readonly inboxes: Inboxes; readonly signIn: SignIn } & Pick<ApiServices, 'queues' | 'complaints'>,
): ApiServices => {
  const { config, clock, stores, backbone } = parts
  const knowledge = openEditing(parts, inboxes)
  const learning = openLearning(parts, knowledge)
  const masker = createMasker(config.privacy.mask)
  return {
    ...openTicketWork(parts),
    queues,
    suggestions: openSuggestions(parts, inboxes),
    surveys: openSurveys(parts, inboxes),
    quality: openQuality(parts),
    ...openAutomation(parts, inboxes),
    incidents: openIncidentServices(parts, inboxes),
    knowledge,
    learning,
    editingHelp: openEditingHelp(parts, knowledge, learning.service),
    helpVotes: stores.helpVotes,
    keys: stores.apiKeys,
    staff: openStaff(parts, inboxes),
    ...openSystem(parts, inboxes),
    ...openSettings(parts),
    understanding: createUnderstandingDesk(parts),
    reading: stores.apiReading,
    similarTickets: createFindSimilar({ past: createPastTickets(stores.database), clock }),
    searchMessages: createMessageSearch({ index: stores.messageIndex, masker, now: () => clock.now() }),
    ticketReport: createTicketReporter({
      ...{ count: stores.countTickets, clock },
      timeZone: config.calendars.hotline.timezone,
    }),
    reports: openReports({ ...parts, facts: stores.reportFacts }),
    tickets: stores.tickets,
    contacts: stores.contacts,
    alerts: stores.alerts,
    complaints,
    events: stores.events,
    audit: stores.audit,
    personal: openPersonal(parts),
    masker,
    idempotency: stores.idempotency,
    webhooks: stores.webhooks,
    deliveries: stores.webhookDeliveries,
    addressFault: createAddressFault(config),
    limiters: backbone.limiters,
    bus: backbone.bus,
    clock,
    signIn,
    requestsPerMinute: config.api.requestsPerMinute,
  }
}
