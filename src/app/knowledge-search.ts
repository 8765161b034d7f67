import type { Config } from '../config.ts'
import type { Encoder } from '../core/encoder.ts'
import { TongdaError } from '../core/errors.ts'
import type { HelpLanguage } from '../core/help.ts'
import type { FoundArticle, KnowledgeSearch } from '../core/knowledge-search.ts'
import type { Article } from '../core/knowledge.ts'
import { articleAddress } from '../help/index.ts'
import { nearestLanguage } from '../text/index.ts'
import { createAsk, plainText } from './ask.ts'
import type { Content } from './content.ts'
import { leastScore } from './suggest-articles.ts'

/** What is searched, and where its pages stand. */
export interface KnowledgeSearchParts {
  readonly config: Config
  readonly content: Content
  /** Absent: texts have no vectors. */
  readonly encoder?: Encoder | undefined
  /** Where browsers reach the product; absent: articles have no address unless the configuration says so. */
  readonly origin?: string | undefined
}

const createUrlOf = ({ config: { help }, origin }: Pick<KnowledgeSearchParts, 'config' | 'origin'>) => {
  const base = help.publicUrl ?? origin
  return (article: Article, language: HelpLanguage): string | undefined =>
    base === undefined || !help.enabled || article.help === false
      ? undefined
      : new URL(articleAddress(language, article.id), base).href
}

const createSearch = (parts: KnowledgeSearchParts): KnowledgeSearch['search'] => {
  const { content } = parts
  const urlOf = createUrlOf(parts)
  return async (text, limit) => {
    const { language, candidates } = await content.understand(text, {})
    const reads = nearestLanguage(text.toLowerCase(), language)
    const { version, articles } = content.knowledge()
    const known = new Map(articles.map((article) => [article.id, article]))
    const found = candidates.flatMap(({ articleId, score }): readonly FoundArticle[] => {
      const article = known.get(articleId)
      if (article === undefined || score < leastScore) return []
      const foreign = reads === 'en' ? article.en : undefined
      const url = urlOf(article, foreign === undefined ? 'zh-CN' : 'en')
      return [
        {
          ...{ articleId, topic: article.topic, score },
          question: foreign?.question ?? article.question,
          text: plainText(foreign?.answer ?? article.answer),
          ...(url === undefined ? {} : { url }),
        },
      ]
    })
    return { version, articles: found.slice(0, limit) }
  }
}

const createAsking =
  ({ config, content }: KnowledgeSearchParts): KnowledgeSearch['ask'] =>
  async (text, channel) => {
    // Made anew each time: nothing is remembered of who asked before. There is no ticket, so none is named.
    const answer = await createAsk(config, content, { announces: false })({ text, channel })
    const { reply, kind, article, topic, confidence, language } = answer
    return { reply, kind, topic, confidence, language, ...(article === null ? {} : { articleId: article }) }
  }

const createEmbed =
  (encoder: Encoder | undefined): KnowledgeSearch['embed'] =>
  async (texts) => {
    if (encoder === undefined)
      throw new TongdaError(
        'encoder_unavailable',
        'there is no encoder at work; set encoder.model, or see what tongda doctor says of it',
      )
    const vectors = await encoder.encode(texts)
    return {
      model: encoder.version,
      dimensions: encoder.dimensions,
      vectors: vectors.map((vector) => [...vector]),
    }
  }

/** The product's own search, answers and encoder, for those who build with them. */
export const createKnowledgeSearch = (parts: KnowledgeSearchParts): KnowledgeSearch => ({
  search: createSearch(parts),
  ask: createAsking(parts),
  embed: createEmbed(parts.encoder),
})
