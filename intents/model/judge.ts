import { chances, logistic } from './choice.ts'
import { outOfScopeTopic, spamTopic, vagueTopic } from './corpus.ts'
import type { Targets } from './corpus.ts'
import type { Evidence } from './evidence.ts'

/** How the evidence is weighed; fitted, so that what comes out are probabilities. */
export interface Weights {
  readonly topic: Float64Array
  readonly rival: Float64Array
  readonly candidate: Float64Array
}

/** An article that may answer. */
export interface Judged {
  /** Position among the targets. */
  readonly target: number
  /** Probability that it is the right answer. */
  readonly score: number
}

const specials = [outOfScopeTopic, vagueTopic, spamTopic]
const common = 7
const each = 5
/** Numbers that describe a topic: regression, Bayes, likeness, meaning, closeness, share, votes, and for three special topics how little is known. */
export const topicSize = common + each * specials.length
/** Numbers that describe an article among those of its topic. */
export const rivalSize = 5
/** Numbers that describe an article as the answer. */
export const candidateSize = 11

/** Place, in the weights of topics, of what is added for being out of scope whatever the text. */
export const outOfScopePlace = common

const brevity = ({ words }: Evidence): number => 1 / (1 + words)

/** Best of each topic's targets. */
const bestOfTopics = (ofTargets: Float32Array, { topics, topicOf }: Targets): Float64Array => {
  const best = new Float64Array(topics.length)
  for (let target = 0; target < ofTargets.length; target++) {
    const topic = topicOf[target] ?? -1
    if (topic >= 0) best[topic] = Math.max(best[topic] ?? 0, ofTargets[target] ?? 0)
  }
  return best
}

/** Sum over each topic's targets. */
const sumOfTopics = (ofTargets: Float32Array, { topics, topicOf }: Targets): Float64Array => {
  const sums = new Float64Array(topics.length)
  for (let target = 0; target < ofTargets.length; target++) {
    const topic = topicOf[target] ?? -1
    if (topic >= 0) sums[topic] = (sums[topic] ?? 0) + (ofTargets[target] ?? 0)
  }
  return sums
}

const highestOf = (values: Float64Array): number => values.reduce((most, one) => Math.max(most, one), 0)

/** Describes every topic by `topicSize` numbers. */
export const topicRows = (evidence: Evidence, targets: Targets): Float64Array => {
  const rows = new Float64Array(targets.topics.length * topicSize)
  const likeness = bestOfTopics(evidence.likeness, targets)
  const closeness = bestOfTopics(evidence.closeness, targets)
  const votes = sumOfTopics(evidence.votes, targets)
  const foreign = evidence.understood ? 1 - highestOf(closeness) : 0
  for (let topic = 0; topic < targets.topics.length; topic++) {
    const at = topic * topicSize
    rows[at] = evidence.regression[topic] ?? 0
    rows[at + 1] = evidence.bayes[topic] ?? 0
    rows[at + 2] = likeness[topic] ?? 0
    rows[at + 3] = evidence.meaning[topic] ?? 0
    rows[at + 4] = closeness[topic] ?? 0
    rows[at + 5] = evidence.shares[topic] ?? 0
    rows[at + 6] = votes[topic] ?? 0
  }
  for (const [order, name] of specials.entries()) {
    const topic = targets.topics.indexOf(name)
    if (topic < 0) continue
    const strange = [1, evidence.unknown, 1 - highestOf(likeness), brevity(evidence), foreign]
    rows.set(strange, topic * topicSize + common + order * each)
  }
  return rows
}

/** Describes the articles `rivals` of one topic by `rivalSize` numbers each. */
export const rivalRows = (evidence: Evidence, rivals: Int32Array): Float64Array => {
  const rows = new Float64Array(rivals.length * rivalSize)
  for (const [order, target] of rivals.entries()) {
    rows[order * rivalSize] = evidence.rivals[target] ?? 0
    rows[order * rivalSize + 1] = evidence.likeness[target] ?? 0
    rows[order * rivalSize + 2] = evidence.closeness[target] ?? 0
    rows[order * rivalSize + 3] = evidence.near(target)
    rows[order * rivalSize + 4] = evidence.votes[target] ?? 0
  }
  return rows
}

const logit = (chance: number): number => {
  const safe = Math.min(Math.max(chance, 1e-6), 1 - 1e-6)
  return Math.log(safe / (1 - safe))
}

/** Articles of topics less likely than this are not looked at. */
const negligible = 0.01
const mostCandidates = 8

interface Rough {
  readonly target: number
  readonly chance: number
  readonly topic: number
}

const roughly = (
  evidence: Evidence,
  targets: Targets,
  topics: Float64Array,
  rival: Float64Array,
): readonly Rough[] => {
  const found: Rough[] = []
  for (let target = 0; target < targets.articles; target++) {
    const rivals = targets.rivals[target]
    const topic = topics[targets.topicOf[target] ?? -1] ?? 0
    // Each group once, at its first member.
    if (rivals === undefined || rivals[0] !== target || topic < negligible) continue
    const shares = chances(rivalRows(evidence, rivals), rival)
    for (const [order, one] of rivals.entries())
      found.push({ target: one, chance: topic * (shares[order] ?? 0), topic })
  }
  return found.sort((a, b) => b.chance - a.chance || a.target - b.target).slice(0, mostCandidates)
}

/** Each value and how far it is ahead of the best other one. */
const leadsOf = (values: readonly number[]): readonly (readonly [number, number])[] =>
  values.map((own, at) => {
    const others = values.reduce((most, one, other) => (other === at ? most : Math.max(most, one)), 0)
    return [own, own - others]
  })

/** Articles worth considering, best first, each with the `candidateSize` numbers that describe it. */
export const candidateRows = (
  evidence: Evidence,
  targets: Targets,
  topics: Float64Array,
  rival: Float64Array,
): readonly { readonly target: number; readonly row: Float64Array }[] => {
  const rough = roughly(evidence, targets, topics, rival)
  const likeness = leadsOf(rough.map(({ target }) => evidence.likeness[target] ?? 0))
  const closeness = leadsOf(rough.map(({ target }) => evidence.closeness[target] ?? 0))
  return rough.map(({ target, chance, topic }, at) => {
    const row = [1, logit(chance), ...(likeness[at] ?? []), ...(closeness[at] ?? [])]
    const alike = [evidence.cover[target] ?? 0, evidence.votes[target] ?? 0]
    const rest = [evidence.unknown, logit(topic), brevity(evidence)]
    return { target, row: Float64Array.from([...row, ...alike, ...rest]) }
  })
}

/** Probability of every topic. */
export const judgeTopics = (evidence: Evidence, targets: Targets, weights: Weights): Float64Array =>
  chances(topicRows(evidence, targets), weights.topic)

/** Articles that may answer, best first, at most 8. */
export const judgeArticles = (
  evidence: Evidence,
  targets: Targets,
  weights: Weights,
  topics: Float64Array,
): readonly Judged[] =>
  candidateRows(evidence, targets, topics, weights.rival)
    .map(({ target, row }) => ({
      target,
      score: Math.min(logistic(row, weights.candidate), topics[targets.topicOf[target] ?? -1] ?? 0),
    }))
    .sort((a, b) => b.score - a.score || a.target - b.target)
