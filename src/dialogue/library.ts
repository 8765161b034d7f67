import type { Article, KnowledgeBase } from '../core/knowledge.ts'

/** The loaded articles as rules ask for them. */
export interface Library {
  find(articleId: string): Article | undefined
  /** Articles of these topics: the first of each, then the second of each, and so on; at most `limit`. */
  ofTopics(topics: readonly string[], limit: number): readonly Article[]
}

const byTopic = (articles: readonly Article[]): ReadonlyMap<string, readonly Article[]> => {
  const groups = new Map<string, Article[]>()
  for (const article of articles) {
    const group = groups.get(article.topic)
    if (group === undefined) groups.set(article.topic, [article])
    else group.push(article)
  }
  return groups
}

/** Indexes one state of the knowledge. */
export const createLibrary = ({ articles }: KnowledgeBase): Library => {
  const ids = new Map(articles.map((article) => [article.id, article]))
  const topics = byTopic(articles)
  return {
    find: (articleId) => ids.get(articleId),
    ofTopics: (names, limit) => {
      const groups = names.map((name) => topics.get(name) ?? [])
      const rounds = Math.max(0, ...groups.map((group) => group.length))
      const inTurn = Array.from({ length: rounds }, (_, round) =>
        groups.flatMap((group) => group.slice(round, round + 1)),
      )
      return inTurn.flat().slice(0, limit)
    },
  }
}
