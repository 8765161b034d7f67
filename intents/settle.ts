import type { Handling } from '../src/core/understanding.ts'
import type { AttitudeReading } from './attitude.ts'
import type { Catalogue } from './catalogue.ts'
import { highest, takeOut } from './interpret.ts'
import type { Reading } from './interpret.ts'
import { believable } from './message.ts'
import { vagueTopic } from './model/corpus.ts'
import { concernsSafety } from './urgency.ts'

/** Where messages about danger to life belong. */
const safetyTopic = 'crisis'
/** Where calls for a person belong. */
export const personTopic = 'human-agent'
/** Where messages that insult us and say nothing else belong. */
export const insultTopic = 'insult'

/** What was heard beside the reading. */
export interface Overruling {
  readonly whole: string
  readonly attitude: AttitudeReading
  readonly catalogue: Catalogue
  readonly handling: (reading: Reading) => Handling
}

/** How sure a rule is. */
const ruleConfidence = 0.95
/** An insult that the head gives no more than this is none; from `surelyInsult` on a message without a matter is one. */
const hardlyInsult = 0.1
const surelyInsult = 0.8

/** What the message is taken for from now on. */
const decided = (main: Reading, topic: number, confidence = ruleConfidence): Reading => {
  if (main.topic === topic) return { ...main, confidence: Math.max(confidence, main.confidence) }
  const { read, evidence, topics } = main
  return { read, evidence, topics, topic, candidates: [], confidence }
}

/** Kinds of messages without a matter: an insult among them is all there is. */
const withoutMatter: readonly Handling[] = ['chat', 'clarify', 'out-of-scope']

/** Insults by the head: reported ones are none, and bare ones are no small talk. */
const settleInsult = (main: Reading, { attitude, catalogue, handling }: Overruling): Reading => {
  const insult = catalogue.topicAt(insultTopic)
  const { abuse, insultsUs } = attitude
  if (insult < 0 || insultsUs === undefined || main.same !== undefined) return main
  if (main.topic === insult) return insultsUs <= hardlyInsult ? without(main, insult) : main
  const isBare = abuse === 'us' && insultsUs >= surelyInsult && withoutMatter.includes(handling(main))
  return isBare ? decided(main, insult, insultsUs) : main
}

/** What no probability of a topic may overrule: danger to life, a bare call for a person, texts without any letter. */
export const settle = (main: Reading, overruling: Overruling): Reading => {
  const { whole, attitude, catalogue } = overruling
  const { urgency } = attitude.lists
  const { person } = attitude
  const [safety, ask, vague] = [safetyTopic, personTopic, vagueTopic].map(catalogue.topicAt)
  if (safety !== undefined && safety >= 0) {
    if (concernsSafety(urgency.reason)) return decided(main, safety)
    if (main.topic === safety && urgency.excused && main.same === undefined) return without(main, safety)
  }
  if (ask !== undefined && ask >= 0) {
    if (person.only) return decided(main, ask)
    if (main.topic === ask && person.excused && person.words === undefined) return without(main, ask)
  }
  const wordless = main.same === undefined && !/[\p{L}\p{N}]/u.test(whole)
  if (wordless && vague !== undefined && vague >= 0) return decided(main, vague)
  return settleInsult(main, overruling)
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
