import type { Clock } from '../core/clock.ts'
import type { ReaderIntake, Weighed } from '../core/learning.ts'
import type { Logger } from '../core/log.ts'
import { mostCandidates, sentenceOf } from './sentence.ts'

export interface ReaderLearnerOptions {
  readonly intake: ReaderIntake
  /** Takes out of a text what tells who wrote it. */
  readonly mask: (text: string) => string
  /** What the knowledge in use makes of a question, the best first. */
  readonly weigh: (question: string) => Promise<readonly Weighed[]>
  /** From which score on an article is given as the answer. */
  readonly answerAt: () => number
  readonly newId: () => string
  readonly clock: Clock
  readonly log: Logger
}

/** What a reader searched for before an article did not help. */
export interface ReaderQuestion {
  readonly typed: string
  readonly articleId: string
}

/** Learns from readers whom an article did not help. Never rejects: the vote counts without it. */
export const createReaderLearner =
  ({ intake, mask, weigh, answerAt, newId, clock, log }: ReaderLearnerOptions) =>
  async ({ typed, articleId }: ReaderQuestion): Promise<void> => {
    const sentence = sentenceOf(typed, mask)
    if (sentence === '') return
    try {
      const weighed = await weigh(sentence)
      const candidates = weighed.slice(0, mostCandidates).map(({ articleId: id, score }) => ({
        ...{ articleId: id, score },
      }))
      const now = clock.now()
      const facts = { sentence, given: articleId, candidates, answerAt: answerAt(), saidAt: now }
      await intake.keep({ id: newId(), ...facts }, now)
    } catch (error) {
      log.warn({ articleId, error }, 'a question that an article did not answer could not be kept')
    }
  }
