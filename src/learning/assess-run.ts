import type { Clock } from '../core/clock.ts'
import type { AssessedQuestion, ProposalMaking } from '../core/learning.ts'
import { assess, type Sample } from './assess.ts'

export interface AssessorOptions {
  readonly making: ProposalMaking
  /** What the knowledge in use makes of a question. */
  readonly weigh: (question: string) => Promise<Sample>
  /** From which mean score on an article is near. */
  readonly nearAt: number
  /** Articles that are given now. */
  readonly inUse: () => ReadonlySet<string>
  /** The same questions, the one most like all of them first. */
  readonly central: (questions: readonly AssessedQuestion[]) => readonly AssessedQuestion[]
  readonly least: number
  readonly clock: Clock
}

/** Groups that are assessed in one run, questions of a group that are looked at, and those that are weighed. */
const [groupsAtOnce, mostQuestions, mostSamples] = [50, 500, 7]

/** What was said of an article that is gone asks for nothing any more. */
const ofThoseInUse = (question: AssessedQuestion, inUse: ReadonlySet<string>): AssessedQuestion => {
  const known = (articleId: string | undefined): string | undefined =>
    articleId !== undefined && inUse.has(articleId) ? articleId : undefined
  return { ...question, given: known(question.given), right: known(question.right) }
}

const assessOne = async (options: AssessorOptions, id: string): Promise<void> => {
  const { making, weigh, nearAt, inUse, central, least, clock } = options
  // Before it is read: what people change while it is weighed is looked at again.
  const now = clock.now()
  const articles = inUse()
  const questions = central(await making.questions(id, mostQuestions)).map((one) =>
    ofThoseInUse(one, articles),
  )
  const samples: Sample[] = []
  if (questions.length >= least)
    for (const { sentence } of questions.slice(0, mostSamples)) samples.push(await weigh(sentence))
  await making.assess(id, assess({ questions, samples, nearAt, least }), now)
}

/** Says of every group that changed what it asks for. Gives how many were looked at. */
export const createAssessor =
  (options: AssessorOptions) =>
  async (signal: AbortSignal): Promise<number> => {
    const { making, clock } = options
    await making.follow(clock.now())
    const ids = await making.changed(clock.now(), groupsAtOnce)
    let done = 0
    for (const id of ids) {
      if (signal.aborted) break
      await assessOne(options, id)
      done += 1
    }
    return done
  }
