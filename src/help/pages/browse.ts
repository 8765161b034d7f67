import { html } from 'hono/html'
import { helpLanguages, type HelpLanguage } from '../../core/help.ts'
import { addresses } from '../addresses.ts'
import type { Catalogue } from '../catalogue.ts'
import type { Html } from '../html.ts'
import type { HelpIncident, Sheet } from '../layout.ts'
import type { Page } from '../page.ts'
import { wordsOf } from '../words.ts'
import { articleList, askPerson, pathTo, topicList } from './lists.ts'

/** What pages for looking around are made from. */
export interface BrowseFacts {
  readonly catalogue: Catalogue
  readonly language: HelpLanguage
  readonly incidents: readonly HelpIncident[]
}

/** In English it is said that there is more in Chinese. */
const coverage = ({ catalogue, language }: BrowseFacts): Html | string => {
  const note = wordsOf(language).onlyTranslated(catalogue.size(language), catalogue.size('zh-CN'))
  return note === '' ? '' : html`<p class="note">${note}</p>`
}

/** The first page: what is often asked, and all topics. `popular` are ids of articles. */
export const homePage = (facts: BrowseFacts, popular: readonly string[]): Sheet => {
  const { catalogue, language, incidents } = facts
  const words = wordsOf(language)
  const asked = popular.flatMap((id) => catalogue.page(id, language) ?? [])
  return {
    ...{ language, incidents, title: words.home, isHome: true },
    addresses: { 'zh-CN': addresses.home('zh-CN'), en: addresses.home('en') },
    body: html`${
        asked.length === 0
          ? ''
          : html`<section aria-labelledby="popular">
              <h2 id="popular">${words.popular}</h2>
              ${articleList(asked, language, { summaries: false })}
            </section>`
      }
      <section aria-labelledby="topics">
        <h2 id="topics">${words.topics}</h2>
        ${coverage(facts)} ${topicList(catalogue.topics(language), language, words)}
      </section>
      ${askPerson(language, words)}`,
  }
}

const everywhere = (
  address: (language: HelpLanguage) => string,
  isThere: (language: HelpLanguage) => boolean,
): NonNullable<Sheet['addresses']> =>
  Object.fromEntries(helpLanguages.filter(isThere).map((language) => [language, address(language)]))

/** All articles of a topic; undefined: it has none in this language. */
export const topicPage = (facts: BrowseFacts, topic: string): Sheet | undefined => {
  const { catalogue, language, incidents } = facts
  const found = catalogue.topic(topic, language)
  if (found === undefined) return undefined
  const words = wordsOf(language)
  return {
    ...{ language, title: found.name },
    incidents: incidents.filter(({ topics }) => topics.length === 0 || topics.includes(topic)),
    addresses: everywhere(
      (one) => addresses.topic(one, topic),
      (one) => catalogue.topic(topic, one) !== undefined,
    ),
    body: html`${pathTo(language, words, [])}
      <h1>${found.name}</h1>
      <p class="quiet">${words.articles(found.count)}</p>
      ${articleList(found.pages, language, { summaries: true })} ${askPerson(language, words)}`,
  }
}

/** What was found; what to do where nothing was. */
export const resultsPage = (facts: BrowseFacts, query: string, found: readonly Page[]): Sheet => {
  const { catalogue, language, incidents } = facts
  const words = wordsOf(language)
  const topics = html`<h2>${words.topics}</h2>
    ${topicList(catalogue.topics(language), language, words)}`
  const outcome = (): Html => {
    if (query === '')
      return html`<p>${words.typeSomething}</p>
        ${topics}`
    if (found.length > 0)
      return html`<p role="status">${words.results(query, found.length)}</p>
        ${articleList(found, language, { summaries: true, query })} ${askPerson(language, words)}`
    return html`<p role="status"><strong>${words.nothing(query)}</strong></p>
      <ul class="hints">
        ${words.nothingHints.map((hint) => html`<li>${hint}</li>`)}
      </ul>
      ${askPerson(language, words)} ${topics}`
  }
  return {
    ...{ language, incidents, query, title: words.resultsTitle },
    otherAddress: `${addresses.search(language === 'en' ? 'zh-CN' : 'en')}?q=${encodeURIComponent(query)}`,
    body: html`<h1>${words.resultsTitle}</h1>
      ${outcome()}`,
  }
}
