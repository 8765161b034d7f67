// TEMPORARY: integration stub, replaced by the real one.
import { loadIntents, loadTopics } from '../../intents/load.ts'
import { loadKnowledge } from '../../knowledge/load.ts'
import { createSearch } from '../../knowledge/search.ts'
import type { Config } from '../config.ts'
import type { ContentFault, KnowledgeBase } from '../core/knowledge.ts'
import type { Logger } from '../core/log.ts'
import type { Understand } from '../core/understanding.ts'
import { createNormaliser, createTokeniser } from '../text/index.ts'

export interface Content {
  readonly understand: Understand
  readonly knowledge: () => KnowledgeBase
  readonly replies: (intent: string, tone: 'standard' | 'acg', language: 'zh' | 'en') => readonly string[]
  readonly thresholds: (configured: Config['dialogue']['thresholds']) => Config['dialogue']['thresholds']
  stop(): void
}

export const openContent = async (
  config: Config,
  _log: Logger,
  _options: { watch: boolean } = { watch: true },
): Promise<Content> => {
  const { topics } = await loadTopics(`${config.content.intents}/topics.yaml`)
  const loaded = await loadKnowledge(
    config.content.articles,
    topics.map((one) => one.topic),
  )
  const { intents } = await loadIntents(config.content.intents)
  const knowledge = loaded.knowledge
  if (knowledge === undefined) throw new Error('no articles')
  const normalise = createNormaliser()
  const tokeniser = createTokeniser({})
  const search = createSearch({ articles: knowledge.articles, normalise, tokeniser })
  return {
    understand: (text) => {
      const hits = search(normalise(text).text, 8)
      const best = hits[0]
      const person = /人工|human/.test(text)
      return {
        text,
        language: 'zh',
        intent: person ? 'human-agent.request' : 'x.ask',
        topic: person ? 'human-agent' : (best?.topic ?? 'vague'),
        handling: person ? 'escalate' : 'faq',
        confidence: 0.9,
        candidates: hits.map((hit, n) => ({
          articleId: hit.articleId,
          topic: hit.topic,
          question: hit.matched,
          score: n === 0 ? 0.9 : 0.3,
        })),
        outOfScope: 0,
        urgency: 'normal',
        emotion: 'neutral',
        emotionStrength: 0,
        asksForPerson: person,
        reasons: [],
        knowledgeVersion: knowledge.version,
      }
    },
    knowledge: () => knowledge,
    replies: (intent, tone) => intents?.intents.find((one) => one.intent === intent)?.replies?.[tone] ?? [],
    thresholds: (configured) => configured,
    stop: () => undefined,
  }
}

export const checkContent = (
  _config: Config,
): Promise<{ faults: readonly ContentFault[]; articles: number; intents: number }> =>
  Promise.resolve({ faults: [], articles: 0, intents: 0 })
