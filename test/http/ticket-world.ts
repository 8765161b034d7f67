import type { Bus } from '../../src/core/bus.ts'
import { topics } from '../../src/core/bus.ts'
import { type MovableClock } from '../../src/core/clock.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import type { TicketStore } from '../../src/core/ticket.ts'
import { type QueueParts } from '../../src/http/index.ts'
import {
  createAssignment,
  createPresenceStore,
  createQueueOutlook,
  createTeamMembers,
  createTeamStore,
  createCannedStore,
  createKeepCannedPicture,
  type createMediaStore,
  createMacroList,
  createRuleList,
  createRuleReading,
  createTicketRelations,
  type Database,
} from '../../src/store/index.ts'
import { noCalendars } from '../support/builders.ts'
import { createCannedService } from '../../src/canned/index.ts'
import { createMacroService, createRuleService } from '../../src/automation/index.ts'
import { createPromiseTimes, promisesConfig } from '../../src/promises/index.ts'
import { createRelationService, createUpkeep, ticketsConfig } from '../../src/tickets/index.ts'
import { createPresenceService, createQueueService, queuesConfig } from '../../src/queues/index.ts'

/** What the work on tickets stands on. */
export interface TicketGround {
  readonly store: TicketStore
  readonly clock: MovableClock
  readonly publish: (ticketId: string) => void
}

/** Upkeep and relations of tickets, with one field of their own. */
export const openTicketWork = (database: Database, { store, clock, publish }: TicketGround) => {
  const policy = ticketsConfig.parse({
    fields: [{ name: 'orderNumber', label: { zh: '订单号', en: 'Order number' } }],
  })
  const relations = createTicketRelations(database, initialDialogue)
  return {
    upkeep: createUpkeep({ store, clock, policy, publish }),
    relations: createRelationService({
      ...{ store, relations, clock, publish },
      promise: createPromiseTimes(promisesConfig.parse({}), noCalendars),
    }),
  }
}

/** Teams, presence and the shared queue. */
export const openQueues = (
  database: Database,
  { store, clock, publish }: TicketGround,
  bus: Bus,
): QueueParts => ({
  teams: createTeamStore(database),
  members: createTeamMembers(database),
  outlook: createQueueOutlook(database),
  presence: createPresenceService({
    store: createPresenceStore(database),
    config: queuesConfig.parse({}),
    clock,
    publish: () => bus.publish(topics.presence, {}),
  }),
  work: createQueueService({
    ...{ store, clock, publish },
    assignment: createAssignment(database, initialDialogue),
  }),
})

/** Macros, canned replies and rules over the tickets. */
export const openAutomation = (
  database: Database,
  { store, clock, publish }: TicketGround,
  media: ReturnType<typeof createMediaStore>,
) => {
  const policy = ticketsConfig.parse({})
  return {
    canned: createCannedService({
      store: createCannedStore(database),
      keepPicture: createKeepCannedPicture(database, media),
      clock,
    }),
    macros: createMacroService({
      ...{ list: createMacroList(database), store, clock, policy, publish, undoMs: 0 },
      render: (_inboxId, parts) => ({ rendered: parts, passiveOnly: false }),
    }),
    rules: createRuleService({
      ...{ list: createRuleList(database), store, clock, policy },
      changedSince: createRuleReading(database).changedSince,
    }),
  }
}
