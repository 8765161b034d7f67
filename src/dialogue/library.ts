import type { Article, KnowledgeBase } from '../core/knowledge.ts'
import type { Popular } from './config.ts'

/** The loaded articles as rules ask for them. */
export interface Library {
  find(articleId: string): Article | undefined
  /** Articles on a subject: those it names, then the first of each of its topics, the second of each …; at most `limit`. */
  about(subject: Pick<Popular, 'articles' | 'topics'>, limit: number): readonly Article[]
  /** What may be meant instead of an article: what people often need next, then the others of its topic. */
  near(article: Article): readonly Article[]
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
    near: ({ id, topic, followups }) => {
      const next = followups.flatMap((articleId) => ids.get(articleId) ?? [])
      return [...new Set([...next, ...(topics.get(topic) ?? [])])].filter((article) => article.id !== id)
    },
    about: (subject, limit) => {
      const named = subject.articles.flatMap((articleId) => ids.get(articleId) ?? [])
      const groups = subject.topics.map((name) => topics.get(name) ?? [])
      const rounds = Math.max(0, ...groups.map((group) => group.length))
      const inTurn = Array.from({ length: rounds }, (_, round) =>
        groups.flatMap((group) => group.slice(round, round + 1)),
      )
      return [...new Set([...named, ...inTurn.flat()])].slice(0, limit)
    },
  }
}
