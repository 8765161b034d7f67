import type { Article, SearchArticles, SearchHit } from '../src/core/knowledge.ts'
import { createQuestionIndex, searchTerms, searchText, searchWeight } from '../src/text/index.ts'
import type { Normalise, Tokeniser } from '../src/text/index.ts'

export interface SearchOptions {
  readonly articles: readonly Article[]
  readonly normalise: Normalise
  readonly tokeniser: Tokeniser
}

/**
 * Word search over standard, similar and English questions: BM25 on words and character pairs, the best question of
 * each article counts. Articles one of whose negative words stands in the text are left out.
 */
export const createSearch = ({ articles, normalise, tokeniser }: SearchOptions): SearchArticles => {
  const questions = articles.flatMap((article, entry) =>
    [article.question, ...article.similar, ...(article.en === undefined ? [] : [article.en.question])].map(
      (text) => ({
        entry,
        text,
        terms: searchTerms(searchText(text, normalise), tokeniser),
      }),
    ),
  )
  const index = createQuestionIndex(questions, { weightOf: searchWeight })
  const negative = articles.map((article) => article.negative.map((word) => normalise(word).text))

  return (text, limit) =>
    index
      .search(searchTerms(text, tokeniser))
      .filter(({ entry }) => !(negative[entry] ?? []).some((word) => word !== '' && text.includes(word)))
      .sort((a, b) => b.score - a.score || a.entry - b.entry)
      .slice(0, limit)
      .flatMap(({ entry, question, score }): SearchHit[] => {
        const article = articles[entry]
        const matched = questions[question]?.text
        if (article === undefined || matched === undefined) return []
        return [{ articleId: article.id, topic: article.topic, matched, score }]
      })
}
