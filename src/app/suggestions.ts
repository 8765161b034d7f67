import { v7 as uuid } from 'uuid'
import { topics } from '../core/bus.ts'
import { TongdaError } from '../core/errors.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import type { PublicLanguage } from '../core/suggestions.ts'
import { createTeller } from '../core/telling.ts'
import {
  createCollector,
  createPlacer,
  createRefiner,
  createReporter,
  createTelling,
  joinsAt,
  joinsAtByWords,
  matterOf,
  newsParts,
  refineInProcess,
  reportCsv,
  reportMarkdown,
} from '../feedback/index.ts'
import type { ApiServices } from '../http/index.ts'
import { maskPersonal, nearestLanguage } from '../text/index.ts'
import type { Inboxes } from './inboxes.ts'
import { composer } from './line.ts'
import type { Parts } from './parts.ts'
import { collectSuggestions, refineSuggestions, tellSuggestions } from './suggestion-jobs.ts'
import { openSpaceOf } from './suggestion-space.ts'

const languageOf = (text: string): PublicLanguage => nearestLanguage(text.toLowerCase())

const collector = ({ clock, stores, content }: Parts) =>
  createCollector({
    ...{ clock, languageOf, events: stores.events, intake: stores.suggestionIntake },
    recognise: () => content.suggestions(),
    mask: maskPersonal,
  })

/** How meanings are compared, and what is made of them. */
const makers = (parts: Parts) => {
  const { config, clock, stores, content } = parts
  const { suggestionVectors: vectors, themeMaking: making } = stores
  const openSpace = openSpaceOf(parts, { meaning: joinsAt, words: joinsAtByWords })
  return {
    place: createPlacer({ vectors, making, openSpace, clock, newId: () => uuid() }),
    refine: createRefiner({
      ...{ vectors, making, openSpace, clock, refine: refineInProcess },
      wordsOf: (text) => {
        const { normalise, wordsOf } = content.reading()
        return wordsOf(matterOf(normalise(text)))
      },
      most: config.feedback.refineMost,
    }),
  }
}

/** An encoder that is away is a reason to wait, told where it went away. */
const unlessAway = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof TongdaError && error.code === 'encoder_unavailable') return
    throw error
  }
}

/** What is done about suggestions in the background. */
export const suggestionHandlers = (parts: Parts, inboxes: Inboxes): readonly JobHandler[] => {
  const { config, clock, log, stores, backbone, links } = parts
  const compose = composer(inboxes, links)
  const collect = collector(parts)
  const { place, refine } = makers(parts)
  const tell = createTeller({
    ...{ clock, notices: stores.notices },
    partsOf: (news) => newsParts(news, config.feedback),
    capabilitiesOf: (inboxId) => inboxes.find(inboxId)?.capabilities,
    compose: (inboxId, said) => compose(inboxId, said),
    onTold: (conversationId) => {
      backbone.bus.publish(topics.outbox, {})
      backbone.bus.publish(topics.ticket, { conversationId })
    },
  })
  return [
    onJob(collectSuggestions, async (_data, { signal }) => {
      const kept = config.feedback.collect ? await collect(signal) : 0
      if (kept > 0) log.info({ kept }, 'suggestions were collected')
      await unlessAway(() => place(signal))
    }),
    onJob(refineSuggestions, (_data, { signal }) =>
      unlessAway(async () => {
        log.info(await refine(signal), 'themes of suggestions were looked at anew')
      }),
    ),
    onJob(tellSuggestions, ({ themeId }, { signal }) => tell(themeId, signal)),
  ]
}

/** What the public API knows of suggestions. */
export const openSuggestions = (parts: Parts, inboxes: Inboxes): ApiServices['suggestions'] => {
  const { config, clock, stores, work } = parts
  return {
    items: stores.suggestions,
    themes: stores.suggestionThemes,
    notices: stores.noticeReading,
    telling: createTelling({
      ...{ clock, notices: stores.notices, themes: stores.suggestionThemes },
      capabilitiesOf: (inboxId) => inboxes.find(inboxId)?.capabilities,
      enqueue: async (themeId) => {
        await work.jobs.enqueue(tellSuggestions, { themeId }, { key: themeId })
      },
    }),
    report: createReporter({
      ...{ clock, counting: stores.suggestionCounting },
      timeZone: config.calendars.hotline.timezone,
    }),
    write: { csv: reportCsv, markdown: reportMarkdown },
    mask: maskPersonal,
  }
}
