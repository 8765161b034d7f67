import { createCalendarDesk } from '../calendar/index.ts'
import { aheadMs } from '../core/clock.ts'
import type { ModelHealth } from '../core/health.ts'
import { createHealthReading, createNodeBoard } from '../store/index.ts'
import type { ApiServices } from '../http/index.ts'
import { calendarsNamed } from '../promises/index.ts'
import { tellingHolidays } from './calendars.ts'
import { createSystemHealth } from './health.ts'
import { careFor, type Inboxes } from './inboxes.ts'
import { silentAfterMs } from './node-reports.ts'
import { lookAtLanguageModel } from './language-model-health.ts'
import type { Parts } from './parts.ts'

const modelOf = ({ config, content, encoder, encoderProblem }: Parts): ModelHealth => {
  const { at, byMeaning } = content.learned()
  const { answer, clarify } = content.thresholds()
  const { version, articles } = content.knowledge()
  return {
    encoder: {
      model: config.encoder.model,
      ...(encoder === undefined ? {} : { version: encoder.version }),
      ...(encoderProblem === undefined ? {} : { problem: encoderProblem }),
    },
    trainedAt: at,
    byMeaning,
    content: { version, published: content.published(), articles: articles.length },
    thresholds: { answer, clarify },
  }
}

/** How the product fares, for those who look after it, and its calendars. */
export const openSystem = (parts: Parts, inboxes: Inboxes): Pick<ApiServices, 'system' | 'calendars'> => {
  const { config, clock, stores, work, backbone, calendars } = parts
  const { database, pauses } = stores
  const reading = createHealthReading(database)
  const board = createNodeBoard(database)
  return {
    system: {
      health: createSystemHealth({
        ...{ clock, database, reading, ...work },
        inboxes: () => careFor(inboxes, pauses, clock, () => undefined).list(),
        nodes: database.kind === 'postgres' ? () => board.list(silentAfterMs) : undefined,
        aheadMs: () => aheadMs(clock),
        model: () => modelOf(parts),
        languageModel: lookAtLanguageModel(parts, reading),
        dataDir: config.dataDir,
      }),
      replayJob: (id) => work.jobs.replay(id),
    },
    calendars: createCalendarDesk({
      ...{ calendars, clock },
      holidays: tellingHolidays(stores.holidays, backbone.bus),
      uses: calendarsNamed(config.promises),
    }),
  }
}
