import { html } from 'hono/html'
import type { HelpLanguage } from '../../core/help.ts'
import { addresses } from '../addresses.ts'
import type { TopicCount } from '../catalogue.ts'
import type { Html } from '../html.ts'
import type { Page } from '../page.ts'
import { summaryOf } from '../markdown.ts'
import type { Words } from '../words.ts'

const summaryLength = 80

/** Articles by their titles; with the beginning of each where there is room for it. `query` led to them. */
export const articleList = (
  pages: readonly Page[],
  language: HelpLanguage,
  { summaries, query }: { readonly summaries: boolean; readonly query?: string },
): Html =>
  html`<ul class="articles">
    ${pages.map(
      ({ id, title, answer }) =>
        html`<li>
          <a href="${addresses.article(language, id, query)}">${title}</a>${
            summaries ? html`<p class="quiet">${summaryOf(answer, summaryLength)}</p>` : ''
          }
        </li>`,
    )}
  </ul>`

/** Topics with how many articles each has. */
export const topicList = (topics: readonly TopicCount[], language: HelpLanguage, words: Words): Html =>
  html`<ul class="topics">
    ${topics.map(
      ({ topic, name, count }) =>
        html`<li>
          <a href="${addresses.topic(language, topic)}"
            ><span>${name}</span> <span class="quiet">${words.articles(count)}</span></a
          >
        </li>`,
    )}
  </ul>`

/** Where the reader is, from the home page on. */
export const pathTo = (
  language: HelpLanguage,
  words: Words,
  above: readonly { readonly name: string; readonly address: string }[],
): Html =>
  html`<nav class="path" aria-label="${words.path}">
    <ol>
      <li><a href="${addresses.home(language)}">${words.home}</a></li>
      ${above.map(({ name, address }) => html`<li><a href="${address}">${name}</a></li>`)}
    </ol>
  </nav>`

/** The way to a person, at the end of a page. */
export const askPerson = (language: HelpLanguage, words: Words): Html =>
  html`<p class="ask">
    <span>${words.notRight}</span> <a class="button" href="${addresses.contact(language)}">${words.person}</a>
  </p>`
