import { isDeepStrictEqual } from 'node:util'
import type { AnswerShares, ChangedReaction, EvaluationResult, Reaction, Replay } from '../core/evaluation.ts'
import { giveOthersATurn } from './give-others-a-turn.ts'
import { replay, type Drawn } from './replay.ts'
import type { EditingConfig } from './config.ts'

/** What a state of knowledge does with a message, and the topic of what it answers. */
export type React = (text: string) => Promise<{ readonly reaction: Reaction; readonly topic?: string }>

/** A message of which somebody said what it is about. */
export interface LabelledMessage {
  readonly text: string
  readonly topic: string
  /** Articles that answer it; empty: none does; absent: nobody judged that. */
  readonly articles?: readonly string[]
}

export interface MeasureOptions {
  /** As it is, and as it would be. */
  readonly before: React
  readonly after: React
  readonly labelled: readonly LabelledMessage[]
  readonly recent: Drawn
  readonly questions: readonly string[]
  readonly gate: EditingConfig['gate']
  /** Takes out of a text what tells who wrote it. */
  readonly mask: (text: string) => string
  /** Topics that articles answer. */
  readonly answerable: ReadonlySet<string>
  readonly signal: AbortSignal
}

interface Judged {
  readonly reaction: Reaction
  readonly isRight: boolean
  readonly isMeant: boolean
}

const mostChanges = 200

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** Right is the right article, or no answer where there is none. */
const judge = (
  { articles, topic }: LabelledMessage,
  found: Awaited<ReturnType<React>>,
  answerable: ReadonlySet<string>,
): Judged => {
  const { reaction } = found
  const isMeant = articles === undefined ? answerable.has(topic) : articles.length > 0
  if (reaction.kind !== 'answer') return { reaction, isMeant, isRight: !isMeant }
  const isRight = articles === undefined ? found.topic === topic : articles.includes(reaction.articleId)
  return { reaction, isMeant, isRight }
}

const sharesOf = (judged: readonly Judged[]): AnswerShares => {
  const answered = judged.filter(({ reaction }) => reaction.kind === 'answer')
  return {
    answered: share(answered.length, judged.length),
    wrong: share(answered.filter(({ isRight }) => !isRight).length, answered.length),
    clarified: share(judged.filter(({ reaction }) => reaction.kind === 'clarify').length, judged.length),
    coverage: share(
      answered.filter(({ isMeant }) => isMeant).length,
      judged.filter(({ isMeant }) => isMeant).length,
    ),
  }
}

const measureLabelled = async ({ before, after, labelled, answerable, signal }: MeasureOptions) => {
  const was: Judged[] = []
  const is: Judged[] = []
  const changes: ChangedReaction[] = []
  for (const message of labelled) {
    signal.throwIfAborted()
    await giveOthersATurn()
    const [old, now] = await Promise.all([before(message.text), after(message.text)])
    const [judgedOld, judgedNow] = [judge(message, old, answerable), judge(message, now, answerable)]
    was.push(judgedOld)
    is.push(judgedNow)
    if (!isDeepStrictEqual(old.reaction, now.reaction))
      changes.push({
        text: message.text,
        before: old.reaction,
        after: now.reaction,
        right: { before: judgedOld.isRight, after: judgedNow.isRight },
      })
  }
  return { shares: { before: sharesOf(was), after: sharesOf(is) }, changes }
}

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`

/** What got worse beyond what is allowed. */
const concernsOf = (
  { before, after }: { readonly before: AnswerShares; readonly after: AnswerShares },
  { wrongRise, coverageDrop }: EditingConfig['gate'],
): readonly string[] => [
  ...(after.wrong - before.wrong > wrongRise
    ? [`wrong answers rise from ${percent(before.wrong)} to ${percent(after.wrong)}`]
    : []),
  ...(before.coverage - after.coverage > coverageDrop
    ? [`questions answered fall from ${percent(before.coverage)} to ${percent(after.coverage)}`]
    : []),
]

/** Answers with which nobody found fault, and that would not be given any more. */
const lossesOf = (
  { lostUnquestioned, before }: Replay,
  { replayLoss }: EditingConfig['gate'],
): readonly string[] =>
  share(lostUnquestioned, before.answer) > replayLoss
    ? [
        `${String(lostUnquestioned)} of ${String(before.answer)} answers that contacts got lately would not be given any more`,
      ]
    : []

/** Measures what would change, on labelled messages, on what contacts wrote lately and on questions somebody tries. */
export const measure = async (options: MeasureOptions): Promise<EvaluationResult> => {
  const { before, after, labelled, recent, questions, gate } = options
  const { shares, changes } = await measureLabelled(options)
  const replayed = await replay(options)
  const tried: EvaluationResult['tried'][number][] = []
  for (const question of questions)
    tried.push({
      question,
      before: (await before(question)).reaction,
      after: (await after(question)).reaction,
    })
  return {
    ...(labelled.length === 0
      ? {}
      : { labelled: { rows: labelled.length, ...shares, changed: changes.length } }),
    conversations: {
      ...{ messages: recent.messages.length, changed: replayed.changes.length },
      replay: replayed.replay,
    },
    concerns: [
      ...(labelled.length === 0 ? [] : concernsOf(shares, gate)),
      ...lossesOf(replayed.replay, gate),
    ],
    labelledChanges: changes.slice(0, mostChanges),
    conversationChanges: replayed.changes.slice(0, mostChanges),
    tried,
  }
}
