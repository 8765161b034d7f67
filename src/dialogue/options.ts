import type { DialogueState } from '../core/conversation.ts'
import type { Article } from '../core/knowledge.ts'
import type { DialogueConfig } from './config.ts'
import type { Library } from './library.ts'
import type { SpokenLanguage } from './wording.ts'

/** One option of a question, with what it leads to. */
export type Option = DialogueState['offered'][number]

/** The option that calls a person; its id is stable, so an old button still works. */
export const personId = 'human'
const personLabels: Readonly<Record<SpokenLanguage, string>> = { zh: '找人工', en: 'Talk to a person' }
export const personOption = (language: SpokenLanguage): Option => ({
  id: personId,
  label: personLabels[language],
})

/** Length a label is brought down to at a clause, in characters: what fits a button on a phone. */
const goodLength: Readonly<Record<SpokenLanguage, number>> = { zh: 20, en: 60 }
/** Length beyond which a label is cut, even if its end is lost. */
const maxLength: Readonly<Record<SpokenLanguage, number>> = { zh: 32, en: 90 }

const shorten = (question: string, language: SpokenLanguage): string => {
  const characters = Array.from(question)
  if (characters.length <= goodLength[language]) return question
  const head = characters.slice(0, goodLength[language] + 1).join('')
  // A whole clause still says what it is about; half a list does not.
  const clause = /^.{5,}(?=[，；：,;:])/u.exec(head)?.[0]
  if (clause !== undefined) return clause
  const max = maxLength[language]
  return characters.length <= max ? question : `${characters.slice(0, max - 1).join('')}…`
}

/** The standard question in a language; Chinese where there is no other. */
export const questionOf = (article: Article, language: SpokenLanguage): string =>
  language === 'en' ? (article.en?.question ?? article.question) : article.question

/** Articles as options, labelled by their standard questions; a shortened label that two would share stays whole. */
export const articleOptions = (articles: readonly Article[], language: SpokenLanguage): readonly Option[] => {
  const labels = articles.map((article) => shorten(questionOf(article, language), language))
  return articles.map((article, place) => {
    const label = labels[place] ?? article.question
    const isShared = labels.filter((other) => other === label).length > 1
    return {
      id: article.id,
      label: isShared ? questionOf(article, language) : label,
      articleId: article.id,
      topic: article.topic,
    }
  })
}

/** The configured subjects that have articles, as options. */
export const popularOptions = (
  { popular, maxChoices }: DialogueConfig,
  library: Library,
  language: SpokenLanguage,
): readonly Option[] =>
  popular
    .filter((subject) => library.about(subject, 1).length > 0)
    .slice(0, maxChoices)
    .map(({ id, topics: [topic], ...labels }) => ({
      id,
      label: labels[language],
      ...(topic === undefined ? {} : { topic }),
    }))
