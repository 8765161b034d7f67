import { join } from 'node:path'
import { z } from 'zod'
import { openSnapshotFile } from '../../sandbox/index.ts'
import type { Config } from '../config.ts'
import { topics } from '../core/bus.ts'
import { createMovableClock, type Clock, type MovableClock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { createDialogue } from '../dialogue/index.ts'
import { createPromiseTimes } from '../promises/index.ts'
import { createPastKeeper } from '../store/index.ts'
import { openAutomation } from './automation.ts'
import { openDemo, type Demo, type DemoFacts } from './demo.ts'
import { beginAids, demoAidKeys } from './demo-aids.ts'
import type { PastBot } from './demo-parts.ts'
import { beginPast, demoAgents } from './demo-past.ts'
import { dialogueOptions } from './dialogue-options.ts'
import type { Inboxes } from './inboxes.ts'
import { composer } from './line.ts'
import type { Parts } from './parts.ts'
import { createServiceHours } from './service-hours.ts'

/** Whether the product starts with its sandbox: nothing is configured that could take real messages. */
export const isDemo = ({ production, inboxes }: Config): boolean => !production && inboxes.length === 0

/** A clock that the sandbox can put forward; how far stays over a restart, because what was said then is stored. */
export interface DemoClock extends MovableClock {
  stop(): void
}

const ClockState = z.object({ aheadMs: z.number().min(0) })

/** Opens the clock of a demo's data folder. */
export const openDemoClock = ({ dataDir }: Pick<Config, 'dataDir'>, base: Clock, log: Logger): DemoClock => {
  const file = openSnapshotFile({ path: join(dataDir, 'sandbox-clock.json'), shape: ClockState, log })
  const clock = createMovableClock(base)
  clock.advance(file.saved?.aheadMs ?? 0)
  return {
    ...clock,
    advance: (ms) => {
      clock.advance(ms)
      file.changed(() => ({ aheadMs: clock.offsetMs() }))
    },
    stop: () => file.close(),
  }
}

/** The demo of a product without configuration; it ends with its clock. */
export const startDemo = async (
  { config, log }: Parts,
  clock: DemoClock | undefined,
  port: number,
): Promise<Demo | undefined> => {
  if (clock === undefined) return undefined
  const demo = await openDemo({ port, folder: config.dataDir, clock, log })
  return {
    ...demo,
    stop: async () => {
      await demo.stop()
      clock.stop()
    },
  }
}

/** The bot that thinks about the past; of what forms would ask nothing is told. */
const pastBotOf = (parts: Parts, inboxes: Inboxes): PastBot => {
  const { content } = parts
  return {
    dialogue: createDialogue({
      ...dialogueOptions(parts, (inboxId) => inboxes.channelOf(inboxId)),
      forms: () => [],
      toolForms: [],
    }),
    understand: content.understand,
    questionOf: (articleId) =>
      content.knowledge().articles.find(({ id }) => id === articleId)?.question ?? articleId,
  }
}

/** Gives the demo its past, where nobody was there before. */
export const beginDemo = async (parts: Parts, inboxes: Inboxes, demo: Demo): Promise<void> => {
  const { config, clock, calendars, stores, links } = parts
  await beginAids(openAutomation(parts, inboxes), clock)
  await beginPast(createPastKeeper(stores.database), {
    ...{ config, clock, compose: composer(inboxes, links), bot: pastBotOf(parts, inboxes) },
    promise: createPromiseTimes(config.promises, calendars),
    hours: createServiceHours(config, calendars),
    inboxOf: (channel) => {
      const inbox = demo.inboxes.find((each) => each.channel === channel)
      if (inbox === undefined) throw new Error(`the demo has no inbox of channel ${channel}`)
      return inbox.inboxId
    },
  })
}

/** What the sandbox's reset takes away; open desks are told. */
export const demoDataOf = ({ stores, backbone }: Parts, demo: Demo): DemoFacts['demoData'] => {
  const inboxIds = demo.inboxes.map(({ inboxId }) => inboxId)
  const keeper = createPastKeeper(stores.database)
  return {
    count: async () => ({ ...(await stores.cleaner.count(inboxIds)), ...(await keeper.aids(demoAidKeys)) }),
    clear: async () => {
      const gone = await stores.cleaner.clear(inboxIds)
      await keeper.dismiss(demoAgents.map(({ id }) => id))
      await keeper.forget(demoAidKeys)
      for (const conversationId of gone) backbone.bus.publish(topics.ticket, { conversationId })
    },
  }
}
