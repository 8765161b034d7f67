import type { Classification, Handling, Urgency } from '../src/core/understanding.ts'
import type { Normalised } from '../src/text/index.ts'
import type { Catalogue } from './catalogue.ts'
import type { Reading } from './interpret.ts'
import { outOfScopeTopic } from './model/corpus.ts'

export interface QuestionTellerOptions {
  readonly catalogue: Catalogue
  readonly handling: (reading: Reading) => Handling
}

const mostCandidates = 4
const shownCandidate = 0.01

/** Tells readings of a message's questions in the words of the core. */
export const createQuestionTeller =
  ({ catalogue, handling }: QuestionTellerOptions) =>
  (
    readings: readonly Reading[],
    urgencyOf: (read: Normalised) => Urgency,
  ): Pick<Classification, 'questions'> => {
    const questions = readings.map((reading) => {
      const topic = catalogue.topicName(reading.topic)
      return {
        text: reading.read.text,
        intent: catalogue.intentOf(reading)?.intent ?? `${topic}.ask`,
        topic,
        handling: handling(reading),
        confidence: reading.confidence,
        candidates: reading.candidates
          .filter(({ score }) => score >= shownCandidate)
          .slice(0, mostCandidates)
          .flatMap(({ target, score }) => {
            const article = catalogue.article(target)
            return article === undefined
              ? []
              : [{ articleId: article.id, topic: article.topic, question: article.question, score }]
          }),
        outOfScope: reading.topics[catalogue.topicAt(outOfScopeTopic)] ?? 0,
        urgency: urgencyOf(reading.read),
      }
    })
    return questions.length === 0 ? {} : { questions }
  }
