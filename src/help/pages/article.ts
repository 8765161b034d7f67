import { html } from 'hono/html'
import { helpLanguages, type HelpAnswer, type HelpLanguage } from '../../core/help.ts'
import { addresses } from '../addresses.ts'
import type { Html } from '../html.ts'
import type { Sheet } from '../layout.ts'
import { summaryOf, writeAnswer } from '../markdown.ts'
import type { Page } from '../page.ts'
import { wordsOf, type Words } from '../words.ts'
import type { BrowseFacts } from './browse.ts'
import { articleList, pathTo } from './lists.ts'

/** What became of a reader's vote, as the page that follows says. */
export const voteOutcomes = ['helpful', 'not-helpful', 'spent', 'stale'] as const
export type VoteOutcome = (typeof voteOutcomes)[number]

/** How the page asks whether it helped. */
export interface Asking {
  /** The slip that makes one vote count. */
  readonly slip: string
  /** What became of the vote before. */
  readonly outcome?: VoteOutcome | undefined
  /** What the reader searched for; empty: nothing. */
  readonly query: string
}

const summaryLength = 150

const voteForm = (page: Page, language: HelpLanguage, { slip, query }: Asking): Html => {
  const words = wordsOf(language)
  const button = (answer: HelpAnswer, label: string): Html =>
    html`<button type="submit" name="answer" value="${answer}">${label}</button>`
  return html`<form action="${addresses.vote(language, page.id)}" method="post">
    <input type="hidden" name="slip" value="${slip}" />
    ${query === '' ? '' : html`<input type="hidden" name="q" value="${query}" />`}
    <p id="helped">${words.helped}</p>
    <div class="buttons" role="group" aria-labelledby="helped">
      ${button('helpful', words.yes)} ${button('not-helpful', words.no)}
    </div>
  </form>`
}

const askHelped = (page: Page, language: HelpLanguage, asking: Asking): Html => {
  const words = wordsOf(language)
  const said = (text: string): Html => html`<p role="status">${text}</p>`
  const { outcome } = asking
  switch (outcome) {
    case 'helpful':
      return said(words.thanks)
    case 'spent':
      return said(words.spent)
    case 'not-helpful':
      return html`${said(words.sorry)}
        <p><a class="button" href="${addresses.contact(language)}">${words.person}</a></p>`
    case 'stale':
      return html`${said(words.stale)} ${voteForm(page, language, asking)}`
    case undefined:
      return voteForm(page, language, asking)
    default:
      return outcome satisfies never
  }
}

const aside = ({ catalogue, language }: BrowseFacts, page: Page, words: Words): Html | string => {
  const related = catalogue.related(page.id, language)
  return related.length === 0
    ? ''
    : html`<section aria-labelledby="related">
        <h2 id="related">${words.related}</h2>
        ${articleList(related, language, { summaries: false })}
      </section>`
}

/** One article; undefined: the public has none with this id in this language. */
export const articlePage = (facts: BrowseFacts, articleId: string, asking: Asking): Sheet | undefined => {
  const { catalogue, language, incidents } = facts
  const page = catalogue.page(articleId, language)
  if (page === undefined) return undefined
  const words = wordsOf(language)
  const topic = catalogue.topic(page.topic, language)
  const above =
    topic === undefined ? [] : [{ name: topic.name, address: addresses.topic(language, topic.topic) }]
  const shown = { find: (id: string) => catalogue.picture(id), url: addresses.picture }
  return {
    ...{ language, title: page.title, summary: summaryOf(page.answer, summaryLength) },
    incidents: incidents.filter(({ topics }) => topics.length === 0 || topics.includes(page.topic)),
    addresses: Object.fromEntries(
      helpLanguages
        .filter((one) => catalogue.page(articleId, one) !== undefined)
        .map((one) => [one, addresses.article(one, articleId)]),
    ),
    body: html`${pathTo(language, words, above)}
      <article>
        <h1>${page.title}</h1>
        ${writeAnswer(page.answer, page.pictures, shown)}
        ${
          page.handoff
            ? html`<p class="note">
                ${words.handoff} <a href="${addresses.contact(language)}">${words.person}</a>
              </p>`
            : ''
        }
      </article>
      <section class="helped" aria-label="${words.helped}">${askHelped(page, language, asking)}</section>
      ${aside(facts, page, words)}`,
  }
}

/** For an article that exists in Chinese only. */
export const untranslatedPage = (facts: BrowseFacts, articleId: string): Sheet | undefined => {
  const { catalogue, language, incidents } = facts
  const page = language === 'zh-CN' ? undefined : catalogue.page(articleId, 'zh-CN')
  if (page === undefined) return undefined
  const words = wordsOf(language)
  const address = addresses.article('zh-CN', articleId)
  return {
    ...{ language, incidents, title: words.missing, otherAddress: address },
    body: html`<h1>${words.missing}</h1>
      <p>
        ${words.otherOnly}:
        <a href="${address}" lang="zh-CN" hreflang="zh-CN">${page.title}</a>
      </p>`,
  }
}
