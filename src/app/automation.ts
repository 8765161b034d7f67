import { createMacroService, createRuleService, createRunRules } from '../automation/index.ts'
import { createCannedService } from '../canned/index.ts'
import { topics } from '../core/bus.ts'
import { keepLooking } from '../core/keep-looking.ts'
import type { MacroService, RuleService } from '../core/automation.ts'
import type { CannedService } from '../core/canned.ts'
import { createCannedStore, createKeepCannedPicture } from '../store/index.ts'
import type { Inboxes } from './inboxes.ts'
import { composer } from './line.ts'
import type { Parts } from './parts.ts'

/** What agents say often. */
const openCanned = ({ clock, stores: { database, media } }: Parts): CannedService =>
  createCannedService({
    store: createCannedStore(database),
    keepPicture: createKeepCannedPicture(database, media),
    clock,
  })

/** What agents do with macros and canned replies, and supervisors with rules. */
export const openAutomation = (
  parts: Parts,
  inboxes: Inboxes,
): { readonly macros: MacroService; readonly rules: RuleService; readonly canned: CannedService } => {
  const { config, clock, stores, backbone, links } = parts
  const { tickets: store, macroList, ruleList, ruleReading } = stores
  const policy = config.tickets
  const { bus } = backbone
  const compose = composer(inboxes, links)
  return {
    canned: openCanned(parts),
    macros: createMacroService({
      ...{ list: macroList, store, clock, policy },
      render: (inboxId, parts) => compose(inboxId, parts, 'agent'),
      undoMs: policy.undoSeconds * 1_000,
      publish: (ticketId) => {
        bus.publish(topics.ticket, { ticketId })
        bus.publish(topics.outbox, {})
        bus.publish(topics.wake, {})
      },
    }),
    rules: createRuleService({
      list: ruleList,
      store,
      changedSince: ruleReading.changedSince,
      clock,
      policy,
    }),
  }
}

/** What another process did without telling is found so late at most. */
const lookEveryMs = 1_000
/** However many messages come, rules look no more often. */
const gatherMs = 100
/** Longer than a hundred events take; then another node may go on. */
const holdMs = 60_000

/** Has rules react to what happens; one node at a time. Gives its end. */
export const startRules = async ({
  config,
  clock,
  log,
  stores,
  backbone,
}: Parts): Promise<() => Promise<void>> => {
  const { bus, locks } = backbone
  const run = createRunRules({
    ...stores.ruleReading,
    rules: stores.ruleList,
    events: stores.events,
    store: stores.tickets,
    clock,
    policy: config.tickets,
    log: log.child({ part: 'rules' }),
    publish: (ticketId) => {
      bus.publish(topics.ticket, { ticketId })
      bus.publish(topics.wake, {})
    },
  })
  return keepLooking({
    ...{ bus, topics: [topics.ticket], gatherMs, everyMs: lookEveryMs },
    look: async () => (await locks.withLock('ticket-rules', holdMs, run)) > 0,
    onFault: (error) => log.warn({ error }, 'rules could not be looked after; tried again in a second'),
  })
}
