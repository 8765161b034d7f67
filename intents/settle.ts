import type { Catalogue } from './catalogue.ts'
import { highest, takeOut } from './interpret.ts'
import type { Reading } from './interpret.ts'
import { believable } from './message.ts'
import { vagueTopic } from './model/corpus.ts'
import type { PersonReading } from './person.ts'
import { concernsSafety } from './urgency.ts'
import type { UrgencyReading } from './urgency.ts'

/** Where messages about danger to life belong. */
const safetyTopic = 'crisis'
/** Where calls for a person belong. */
export const personTopic = 'human-agent'

/** What the words alone said, beside the reading. */
export interface Overruling {
  readonly whole: string
  readonly urgency: UrgencyReading
  readonly person: PersonReading
  readonly catalogue: Catalogue
}

/** How sure a rule is. */
const ruleConfidence = 0.95

/** What no probability may overrule: danger to life, a bare call for a person, texts without any letter. */
export const settle = (main: Reading, { whole, urgency, person, catalogue }: Overruling): Reading => {
  const decide = (topic: number): Reading => {
    if (main.topic === topic) return { ...main, confidence: Math.max(ruleConfidence, main.confidence) }
    const { read, evidence, topics } = main
    return { read, evidence, topics, topic, candidates: [], confidence: ruleConfidence }
  }
  const [safety, ask, vague] = [safetyTopic, personTopic, vagueTopic].map(catalogue.topicAt)
  if (safety !== undefined && safety >= 0) {
    if (concernsSafety(urgency.reason)) return decide(safety)
    if (main.topic === safety && urgency.excused && main.same === undefined) return without(main, safety)
  }
  if (ask !== undefined && ask >= 0) {
    if (person.only) return decide(ask)
    if (main.topic === ask && person.excused && person.words === undefined) return without(main, ask)
  }
  const wordless = main.same === undefined && !/[\p{L}\p{N}]/u.test(whole)
  return wordless && vague !== undefined && vague >= 0 ? decide(vague) : main
}

/** The reading with one topic out of the running. */
const without = ({ read, evidence, candidates, topics: all }: Reading, topic: number): Reading => {
  const topics = Float64Array.from(all)
  takeOut(topics, topic)
  const next = highest(topics)
  return {
    read,
    evidence,
    candidates,
    topics,
    topic: next,
    confidence: Math.min(topics[next] ?? 0, believable),
  }
}
