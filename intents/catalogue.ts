import type { KnowledgeBase } from '../src/core/knowledge.ts'
import type { Handling } from '../src/core/understanding.ts'
import type { Reading } from './interpret.ts'
import type { IntentSet } from './load.ts'
import { vagueTopic } from './model/corpus.ts'
import type { Targets } from './model/corpus.ts'
import type { Intent } from './schema.ts'

export interface CatalogueOptions {
  readonly knowledge: KnowledgeBase
  readonly intents: IntentSet
  readonly targets: Targets
}

/** What is known about topics and targets beside the numbers. */
export const createCatalogue = ({ knowledge, intents, targets }: CatalogueOptions) => {
  const articles = new Map(knowledge.articles.map((article) => [article.id, article]))
  const byName = new Map(intents.intents.map((intent) => [intent.intent, intent]))
  const byTopic = new Map<string, Intent[]>()
  for (const intent of intents.intents)
    byTopic.set(intent.topic, [...(byTopic.get(intent.topic) ?? []), intent])
  const withArticles = new Set(knowledge.articles.map(({ topic }) => topic))
  const positions = new Map(targets.names.map((name, at) => [name, at]))

  /** The intent of the topic that the evidence favours. */
  const intentOf = ({ topic, evidence, same }: Reading): Intent | undefined => {
    const known = same === undefined ? undefined : byName.get(targets.names[same.target] ?? '')
    if (known !== undefined) return known
    const score = (intent: Intent): number => evidence.rivals[positions.get(intent.intent) ?? -1] ?? 0
    return (byTopic.get(targets.topics[topic] ?? '') ?? []).reduce<Intent | undefined>(
      (best, intent) => (best === undefined || score(intent) > score(best) ? intent : best),
      undefined,
    )
  }
  return {
    intentOf,
    article: (target: number) => articles.get(targets.names[target] ?? ''),
    topicName: (topic: number): string => targets.topics[topic] ?? vagueTopic,
    topicAt: (name: string): number => targets.topics.indexOf(name),
    /** Articles answer where the topic has any; else the intent says what to do. */
    handlingOf: (reading: Reading, clarify: number): Handling => {
      const topic = targets.topics[reading.topic] ?? ''
      const intent = intentOf(reading)
      const best = reading.candidates[0]
      const answerable =
        withArticles.has(topic) &&
        best !== undefined &&
        best.score >= clarify &&
        articles.get(targets.names[best.target] ?? '')?.topic === topic
      return answerable ? 'faq' : (intent?.handling ?? 'faq')
    },
  }
}
export type Catalogue = ReturnType<typeof createCatalogue>
