import { createHash } from 'node:crypto'
import type { HelpLanguage } from '../core/help.ts'
import type { Article, KnowledgeBase, PictureFile, SearchArticles } from '../core/knowledge.ts'
import { createFinder, type FindArticles } from './finder.ts'
import type { Page } from './page.ts'

/** A topic as people read it. */
export interface TopicName {
  readonly topic: string
  readonly zh: string
  readonly en: string
}

/** The content in use, as the help centre takes from it. */
export interface HelpContent {
  readonly knowledge: KnowledgeBase
  /** In the order in which they are shown. */
  readonly topics: readonly TopicName[]
  /** Word search over some of the articles; takes a moment to make. */
  readonly searchOver: (articles: readonly Article[]) => Promise<SearchArticles>
}

/** Which articles are public. */
export interface Scope {
  /** Empty: all topics. */
  readonly topics: readonly string[]
  readonly hiddenTopics: readonly string[]
}

export interface TopicCount {
  readonly topic: string
  readonly name: string
  readonly count: number
}

/** The public articles of one state of the content. */
export interface Catalogue {
  /** Same articles, same version. */
  readonly version: string
  /** Undefined: there is none in this language for the public. */
  page(articleId: string, language: HelpLanguage): Page | undefined
  /** Topics that have articles in this language. */
  topics(language: HelpLanguage): readonly TopicCount[]
  /** The pages of a topic; undefined when it has none. */
  topic(topic: string, language: HelpLanguage): (TopicCount & { readonly pages: readonly Page[] }) | undefined
  /** What people often need next, then others of its topic. */
  related(articleId: string, language: HelpLanguage): readonly Page[]
  readonly find: FindArticles
  /** How many articles there are in this language. */
  size(language: HelpLanguage): number
  ids(language: HelpLanguage): readonly string[]
  /** A picture of a public article. */
  picture(mediaId: string): PictureFile | undefined
}

const mostRelated = 6

const isGiven = ({ from, until }: Article, today: string): boolean =>
  (from === undefined || from <= today) && (until === undefined || today <= until)

/** Whether everybody may read it today. */
const isPublic =
  ({ topics, hiddenTopics }: Scope, today: string) =>
  (article: Article): boolean =>
    article.help !== false &&
    (topics.length === 0 || topics.includes(article.topic)) &&
    !hiddenTopics.includes(article.topic) &&
    isGiven(article, today)

const pageOf = (article: Article, language: HelpLanguage): Page | undefined => {
  const { id, topic, question, answer, handoff, en, pictures } = article
  if (language === 'zh-CN')
    return { ...{ id, topic, title: question, answer, handoff }, pictures: pictures?.answer ?? [] }
  return en === undefined
    ? undefined
    : { ...{ id, topic, title: en.question, answer: en.answer, handoff }, pictures: pictures?.en ?? [] }
}

/** Everything of one language. */
const createShelf = (articles: readonly Article[], language: HelpLanguage, names: readonly TopicName[]) => {
  const pages = articles.flatMap((article) => pageOf(article, language) ?? [])
  const byId = new Map(pages.map((page) => [page.id, page]))
  const byTopic = new Map<string, readonly Page[]>()
  for (const page of pages) byTopic.set(page.topic, [...(byTopic.get(page.topic) ?? []), page])
  const topics = names.flatMap(({ topic, zh, en }): TopicCount[] => {
    const count = byTopic.get(topic)?.length ?? 0
    return count === 0 ? [] : [{ topic, name: language === 'en' ? en : zh, count }]
  })
  return { pages, byId, byTopic, topics }
}

type Shelf = ReturnType<typeof createShelf>

const relatedOn = (shelf: Shelf, article: Article): readonly Page[] => {
  const next = article.followups.flatMap((id) => shelf.byId.get(id) ?? [])
  const others = [...next, ...(shelf.byTopic.get(article.topic) ?? [])]
  return [...new Set(others)].filter(({ id }) => id !== article.id).slice(0, mostRelated)
}

const picturesOf = ({ pictures: known = [] }: KnowledgeBase, shelves: readonly Shelf[]) => {
  const shown = new Set(
    shelves.flatMap(({ pages }) =>
      pages.flatMap(({ pictures }) => pictures.map(({ media }) => media.mediaId)),
    ),
  )
  return new Map(
    known
      .filter(({ media }) => shown.has(media.mediaId))
      .map((picture) => [picture.media.mediaId, picture] as const),
  )
}

/** What the public may read of the content on one day. */
export const createCatalogue = (content: HelpContent, scope: Scope, today: string): Catalogue => {
  const { knowledge, topics, searchOver } = content
  const articles = knowledge.articles.filter(isPublic(scope, today))
  const byId = new Map(articles.map((article) => [article.id, article]))
  const shelves = {
    'zh-CN': createShelf(articles, 'zh-CN', topics),
    en: createShelf(articles, 'en', topics),
  }
  const pictures = picturesOf(knowledge, [shelves['zh-CN'], shelves.en])
  const version = createHash('sha256')
    .update(JSON.stringify([articles, topics]))
    .digest('hex')
    .slice(0, 16)
  return {
    version,
    page: (articleId, language) => shelves[language].byId.get(articleId),
    topics: (language) => shelves[language].topics,
    topic: (topic, language) => {
      const found = shelves[language].topics.find((one) => one.topic === topic)
      return found && { ...found, pages: shelves[language].byTopic.get(topic) ?? [] }
    },
    related: (articleId, language) => {
      const article = byId.get(articleId)
      return article === undefined ? [] : relatedOn(shelves[language], article)
    },
    find: createFinder({
      pages: { 'zh-CN': shelves['zh-CN'].byId, en: shelves.en.byId },
      // Made with the first search: hundreds of articles take a moment to read.
      search: () => searchOver(articles),
    }),
    size: (language) => shelves[language].pages.length,
    ids: (language) => shelves[language].pages.map(({ id }) => id),
    picture: (mediaId) => pictures.get(mediaId),
  }
}

/** The catalogue of the content in use, made anew when content or day change. */
export const followContent = (
  content: () => HelpContent,
  scope: Scope,
  today: () => string,
): (() => Catalogue) => {
  let last: { knowledge: KnowledgeBase; day: string; catalogue: Catalogue } | undefined
  return () => {
    const now = content()
    const day = today()
    if (last?.knowledge !== now.knowledge || last.day !== day)
      last = { knowledge: now.knowledge, day, catalogue: createCatalogue(now, scope, day) }
    return last.catalogue
  }
}
