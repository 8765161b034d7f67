import { outOfScopeTopic, quantile } from '../../../../intents/index.ts'
import type { ModelCall } from '../../../core/model-ledger.ts'
import type { Content } from '../../content.ts'
import { round } from '../../ask.ts'
import type { LlmCase, LlmRun } from './run.ts'

/** What is measured of one side. Counts of messages, but for times and costs. */
export interface LlmMeasures {
  readonly answered: number
  /** Answered by an article that is not among the right ones; null: nobody judged any of the answered. */
  readonly wrongByArticle: number | null
  /** Answered wrongly, by the judge; null: nothing was judged. */
  readonly wrongByJudge: number | null
  /** Written by the model, and dropped by the check: nobody would have seen it. */
  readonly droppedByCheck: number
  /** Not answered: asked back, handed to a person, or silent. */
  readonly refused: number
  /** Of those, the model found no answer in the articles. */
  readonly refusedByModel: number
  /** The model gave nothing that could be used. */
  readonly failed: number
  readonly calls: number
  readonly tokens: number
  /** In the currency of the configured prices. */
  readonly cost: number
  readonly p50Ms: number
  readonly p95Ms: number
}

/** One message whose answer differs between the sides, or is wrong with the model. */
export interface LlmChange {
  readonly text: string
  readonly without: string
  readonly with: string
  readonly article: string | null
  readonly wrong: readonly ('article' | 'judge')[]
}

/** What the report tells. */
export interface LlmReport {
  readonly models: readonly string[]
  readonly messages: number
  readonly without: LlmMeasures
  readonly with: LlmMeasures
  /** What the judge took; no part of either side. */
  readonly judge: {
    readonly calls: number
    readonly tokens: number
    readonly cost: number
    /** Answers without a verdict, by why; the most frequent first. */
    readonly failures: readonly { readonly reason: string; readonly answers: number }[]
  }
  readonly overBudget: number
  readonly changes: readonly LlmChange[]
  readonly missing: readonly string[]
}

const isAnswered = ({ answer }: LlmCase): boolean => answer.kind === 'answer'
const says =
  (code: string) =>
  ({ answer }: LlmCase): boolean =>
    answer.reasons.includes(code)

/** Whether the article is a wrong one; undefined: nobody judged that. */
const isWrongArticle =
  (topicOf: (articleId: string) => string | undefined) =>
  ({ row, answer }: LlmCase): boolean | undefined => {
    if (answer.kind !== 'answer') return undefined
    if (row.articles !== undefined) return !row.articles.includes(answer.article ?? '')
    if (row.topic === undefined) return undefined
    if (row.topic === outOfScopeTopic) return true
    return answer.article === null ? undefined : topicOf(answer.article) !== row.topic
  }

const countOrNull = (verdicts: readonly (boolean | undefined)[]): number | null => {
  const known = verdicts.filter((one) => one !== undefined)
  return known.length === 0 ? null : known.filter(Boolean).length
}

const spent = (calls: readonly ModelCall[]) => ({
  calls: calls.length,
  tokens: calls.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
  cost: round(calls.reduce((sum, { costMicros }) => sum + costMicros, 0) / 1_000_000),
})

type WrongArticle = ReturnType<typeof isWrongArticle>

const isJudgedWrong = ({ judgedRight }: LlmCase): boolean | undefined =>
  judgedRight === undefined ? undefined : !judgedRight

const measure = (
  cases: readonly LlmCase[],
  calls: readonly ModelCall[],
  wrongArticle: WrongArticle,
): LlmMeasures => {
  const times = cases.map(({ ms }) => ms)
  return {
    answered: cases.filter(isAnswered).length,
    wrongByArticle: countOrNull(cases.map(wrongArticle)),
    wrongByJudge: countOrNull(cases.map(isJudgedWrong)),
    droppedByCheck: cases.filter(says('model-unfounded')).length,
    refused: cases.filter((one) => !isAnswered(one)).length,
    refusedByModel: cases.filter(says('model-refused')).length,
    failed: cases.filter(says('model-failed')).length,
    ...spent(calls),
    p50Ms: Math.round(quantile(times, 0.5)),
    p95Ms: Math.round(quantile(times, 0.95)),
  }
}

const changesIn = (run: LlmRun, wrongArticle: WrongArticle): readonly LlmChange[] =>
  run.with.flatMap((helped, at): LlmChange[] => {
    const alone = run.without[at]
    const wrong = [
      ...(wrongArticle(helped) === true ? (['article'] as const) : []),
      ...(isJudgedWrong(helped) === true ? (['judge'] as const) : []),
    ]
    const isOther =
      alone?.answer.rule !== helped.answer.rule || alone.answer.article !== helped.answer.article
    if (!isOther && wrong.length === 0) return []
    const { text, rule, article } = helped.answer
    return [{ text, without: alone?.answer.rule ?? '', with: rule, article, wrong }]
  })

const judgeFailures = ({ without, with: helped }: LlmRun): LlmReport['judge']['failures'] => {
  const answers = new Map<string, number>()
  for (const { judgeFailure: reason } of [...without, ...helped])
    if (reason !== undefined) answers.set(reason, (answers.get(reason) ?? 0) + 1)
  return [...answers]
    .map(([reason, count]) => ({ reason, answers: count }))
    .sort((a, b) => b.answers - a.answers)
}

/** Sums up a run. */
export const measureLlm = (
  run: LlmRun,
  {
    models,
    calls,
    overBudget,
    content,
  }: {
    readonly models: readonly string[]
    readonly calls: readonly ModelCall[]
    readonly overBudget: number
    readonly content: Pick<Content, 'knowledge'>
  },
): LlmReport => {
  const topics = new Map(content.knowledge().articles.map(({ id, topic }) => [id, topic]))
  const wrongArticle = isWrongArticle((id) => topics.get(id))
  return {
    models,
    messages: run.with.length,
    without: measure(run.without, [], wrongArticle),
    with: measure(
      run.with,
      calls.filter(({ purpose }) => purpose !== 'judge'),
      wrongArticle,
    ),
    judge: { ...spent(calls.filter(({ purpose }) => purpose === 'judge')), failures: judgeFailures(run) },
    overBudget,
    changes: changesIn(run, wrongArticle),
    missing: run.missing,
  }
}
