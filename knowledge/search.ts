import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Article, SearchArticles, SearchHit } from '../src/core/knowledge.ts'
import { createQuestionIndex, searchTerms, searchText, searchWeight } from '../src/text/index.ts'
import type { IndexedQuestion, Normalise, Tokeniser } from '../src/text/index.ts'

export interface SearchOptions {
  readonly articles: readonly Article[]
  readonly normalise: Normalise
  readonly tokeniser: Tokeniser
}

/** A question of an article with the terms by which it is found. */
interface ReadQuestion extends IndexedQuestion {
  readonly text: string
}

/** The questions of the article at `entry`. */
const readQuestions = (
  { similar, question, en }: Article,
  entry: number,
  { normalise, tokeniser }: SearchOptions,
): readonly ReadQuestion[] =>
  [question, ...similar, ...(en === undefined ? [] : [en.question])].map((text) => ({
    entry,
    text,
    terms: searchTerms(searchText(text, normalise), tokeniser),
  }))

const searchAmong = (
  { articles, normalise, tokeniser }: SearchOptions,
  questions: readonly ReadQuestion[],
): SearchArticles => {
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

/**
 * Word search over standard, similar and English questions: BM25 on words and character pairs, the best question of
 * each article counts. Articles one of whose negative words stands in the text are left out.
 */
export const createSearch = (options: SearchOptions): SearchArticles =>
  searchAmong(
    options,
    options.articles.flatMap((article, entry) => readQuestions(article, entry, options)),
  )

/** The same for a running product: between two articles, whoever waits has a turn. */
export const createSearchInTurns = async (options: SearchOptions): Promise<SearchArticles> => {
  const questions: ReadQuestion[] = []
  for (const [entry, article] of options.articles.entries()) {
    questions.push(...readQuestions(article, entry, options))
    await nextTurn()
  }
  return searchAmong(options, questions)
}
