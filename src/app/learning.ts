import { v7 as uuid } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import { onJob, type JobHandler } from '../core/jobs.ts'
import { byCentrality, createPlacer, createRefiner, matterOf, refineInProcess } from '../feedback/index.ts'
import type { ApiServices } from '../http/index.ts'
import {
  createAssessor,
  createCollector,
  createLearningService,
  createReaderLearner,
  questionsJoinAt,
  type ReaderQuestion,
} from '../learning/index.ts'
import { createVerdictStore } from '../store/index.ts'
import { maskPersonal } from '../text/index.ts'
import { collectFailures, refineProposals } from './learning-jobs.ts'
import type { Parts } from './parts.ts'
import { openSpaceOf } from './suggestion-space.ts'

/** From which mean score on an article is near: scores are probabilities, and it is more likely the right one than not. */
const nearAt = 0.5

/** How questions are grouped: as suggestions are, in the same space. */
const grouping = (parts: Parts) => {
  const { config, clock, stores, content } = parts
  const shared = {
    ...{ vectors: stores.questionVectors, making: stores.questionGrouping, clock },
    openSpace: openSpaceOf(parts, questionsJoinAt),
  }
  return {
    place: createPlacer({ ...shared, newId: () => uuid() }),
    refine: createRefiner({
      ...{ ...shared, refine: refineInProcess, most: config.learning.refineMost },
      wordsOf: (text) => {
        const { normalise, wordsOf } = content.reading()
        return wordsOf(matterOf(normalise(text)))
      },
    }),
  }
}

const assessor = ({ config, clock, stores, content }: Parts) =>
  createAssessor({
    ...{ making: stores.proposalMaking, central: byCentrality, least: config.learning.least, clock, nearAt },
    weigh: async (question) => (await content.understand(question, {})).candidates,
    inUse: () => new Set(content.knowledge().articles.map(({ id }) => id)),
  })

/** An encoder that is away is a reason to wait, told where it went away. */
const unlessAway = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof TongdaError && error.code === 'encoder_unavailable') return
    throw error
  }
}

/** What is learned in the background. */
export const learningHandlers = (parts: Parts): readonly JobHandler[] => {
  const { config, clock, log, stores } = parts
  const collect = createCollector({
    ...{ clock, mask: maskPersonal, events: stores.events, intake: stores.failureIntake },
  })
  const { place, refine } = grouping(parts)
  const assess = assessor(parts)
  return [
    onJob(collectFailures, async (_data, { signal }) => {
      const kept = config.learning.collect ? await collect(signal) : 0
      if (kept > 0) log.info({ kept }, 'questions that went wrong were collected')
      await unlessAway(() => place(signal))
      await assess(signal)
    }),
    onJob(refineProposals, (_data, { signal }) =>
      unlessAway(async () => {
        log.info(await refine(signal), 'groups of questions were looked at anew')
      }),
    ),
  ]
}

/** Learns from readers of the help centre whom an article did not help; does nothing where that is switched off. */
export const learnsFromReaders = (parts: Parts): ((question: ReaderQuestion) => Promise<void>) => {
  const { config, clock, log, stores, content } = parts
  if (!config.learning.collect) return () => Promise.resolve()
  return createReaderLearner({
    ...{ intake: stores.readerIntake, mask: maskPersonal, clock, newId: () => uuid() },
    weigh: async (question) => (await content.understand(question, {})).candidates,
    answerAt: () => content.thresholds().answer,
    log: log.child({ part: 'learning' }),
  })
}

/** What the public API knows of proposals. */
export const openLearning = (
  { clock, stores }: Parts,
  knowledge: ApiServices['knowledge'],
): ApiServices['learning'] => {
  const { drafts, publishing, evaluations, articles } = knowledge
  return {
    proposals: stores.proposals,
    verdicts: createVerdictStore(stores.database),
    service: createLearningService({
      ...{ proposals: stores.proposals, making: stores.proposalMaking, clock, mask: maskPersonal },
      ...{ drafts, publishing, evaluations, central: byCentrality },
      articles: async () =>
        new Map(
          (await articles.list()).flatMap(({ articleId, live }) =>
            live === undefined ? [] : [[articleId, live] as const],
          ),
        ),
    }),
  }
}
