import {
  failureKinds,
  type AssessedQuestion,
  type Assessment,
  type ProposalEvidence,
  type Weighed,
} from '../core/learning.ts'

/** What the knowledge in use makes of one question of a group. */
export type Sample = readonly (Weighed & { readonly question: string })[]

export interface AssessOptions {
  /** The questions of a group; the one most like all of them first. */
  readonly questions: readonly AssessedQuestion[]
  /** Of some of them. */
  readonly samples: readonly Sample[]
  /** From which mean score on an article is near. */
  readonly nearAt: number
  /** Questions from which on something is proposed. */
  readonly least: number
}

const mostClosest = 3
/** Corrections from one answer to the same other, or answers by a second article, that make a contradiction. */
const leastContradicting = 2
const secondShare = 0.25

interface Counted {
  readonly articleId: string
  readonly count: number
}

const countBy = (ids: readonly (string | undefined)[]): readonly Counted[] => {
  const counts = new Map<string, number>()
  for (const id of ids) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts]
    .map(([articleId, count]) => ({ articleId, count }))
    .sort((a, b) => b.count - a.count || (a.articleId < b.articleId ? -1 : 1))
}

/** More than half of them: what most of a group share. */
const mostOf = (counted: readonly Counted[], total: number): string | undefined => {
  const [first] = counted
  return first !== undefined && first.count * 2 >= total ? first.articleId : undefined
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

const closestOf = (samples: readonly Sample[]): ProposalEvidence['closest'] => {
  const sums = new Map<string, { score: number; question: string }>()
  for (const sample of samples)
    for (const { articleId, score, question } of sample) {
      const known = sums.get(articleId)
      sums.set(articleId, { question, score: (known?.score ?? 0) + score })
    }
  return [...sums]
    .map(([articleId, { score, question }]) => ({
      ...{ articleId, question },
      score: round(score / samples.length),
    }))
    .sort((a, b) => b.score - a.score || (a.articleId < b.articleId ? -1 : 1))
    .slice(0, mostClosest)
}

/** Questions whose right article was first, and below the line. */
const belowLine = (questions: readonly AssessedQuestion[]): readonly AssessedQuestion[] =>
  questions.filter(({ right, candidates: [best], answerAt }) => {
    return best !== undefined && best.articleId === right && best.score < answerAt
  })

const thresholdOf = (below: readonly AssessedQuestion[]): ProposalEvidence['threshold'] => {
  const scores = below.map(({ candidates: [best] }) => best?.score ?? 0).sort((a, b) => b - a)
  const [highest, lowest, first] = [scores[0], scores.at(-1), below[0]]
  if (highest === undefined || lowest === undefined || first === undefined) return undefined
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  return {
    answerAt: round(first.answerAt),
    count: below.length,
    mean: round(mean),
    lowest: round(lowest),
    highest: round(highest),
    fourOfFiveAt: round(scores[Math.ceil(scores.length * 0.8) - 1] ?? lowest),
  }
}

const correctionsOf = (
  questions: readonly AssessedQuestion[],
): NonNullable<ProposalEvidence['corrections']> => {
  const counts = new Map<string, { from: string; to: string; count: number }>()
  for (const { given: from, right: to } of questions) {
    if (from === undefined || to === undefined || from === to) continue
    const key = `${from}\n${to}`
    counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.from < b.from ? -1 : 1))
}

const evidenceOf = ({ questions, samples }: AssessOptions): ProposalEvidence => {
  const threshold = thresholdOf(belowLine(questions))
  const given = countBy(questions.map((one) => one.given))
  const corrections = correctionsOf(questions)
  return {
    failures: failureKinds.flatMap((kind) => {
      const count = questions.filter((one) => one.kind === kind).length
      return count === 0 ? [] : [{ kind, count }]
    }),
    closest: closestOf(samples),
    sampled: samples.length,
    ...(threshold === undefined ? {} : { threshold }),
    ...(given.length === 0 ? {} : { given }),
    ...(corrections.length === 0 ? {} : { corrections }),
  }
}

type Proposed = Pick<Assessment, 'kind' | 'articleId'>

/** The same questions, answered by two articles or corrected from one to the other. */
const contradicts = ({ given = [], corrections = [] }: ProposalEvidence): Proposed | undefined => {
  const [correction] = corrections
  if (correction !== undefined && correction.count >= leastContradicting)
    return { kind: 'contradiction', articleId: correction.to }
  const [first, second] = given
  const total = given.reduce((sum, { count }) => sum + count, 0)
  if (second === undefined || second.count < leastContradicting || second.count < total * secondShare)
    return undefined
  return { kind: 'contradiction', articleId: first?.articleId }
}

/** The article that the questions belong to; what they were given most of the time is not it. */
const belongsTo = ({ questions, nearAt }: AssessOptions, evidence: ProposalEvidence): string | undefined => {
  const said = mostOf(countBy(questions.map(({ right }) => right)), questions.length)
  if (said !== undefined) return said
  const wrong = mostOf(countBy(questions.map(({ given }) => given)), questions.length)
  const near = evidence.closest.find(({ articleId }) => articleId !== wrong)
  return near !== undefined && near.score >= nearAt ? near.articleId : undefined
}

const proposed = (options: AssessOptions, evidence: ProposalEvidence): Proposed => {
  const { questions, least } = options
  const contradiction = contradicts(evidence)
  if (contradiction !== undefined) return contradiction
  const below = countBy(belowLine(questions).map(({ right }) => right))
  const held = mostOf(below, questions.length)
  if (held !== undefined && (below[0]?.count ?? 0) >= least)
    return { kind: 'wrong_threshold', articleId: held }
  const articleId = belongsTo(options, evidence)
  return articleId === undefined ? { kind: 'new_article' } : { kind: 'new_similar_question', articleId }
}

/** What a group of questions asks for; undefined: there are too few of them to say. */
export const assess = (options: AssessOptions): Assessment | undefined => {
  const { questions, least } = options
  const [first] = questions
  if (first === undefined || questions.length < least) return undefined
  const evidence = evidenceOf(options)
  return { ...proposed(options, evidence), evidence, label: first.sentence }
}
