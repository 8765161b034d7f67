import { html } from 'hono/html'
import { helpLanguages, type HelpLanguage } from '../core/help.ts'
import { addresses } from './addresses.ts'
import type { HelpConfig } from './config.ts'
import type { Html } from './html.ts'
import { wordsOf, type Words } from './words.ts'

/** A disturbance that readers are told of. */
export interface HelpIncident {
  readonly title: BothWords
  readonly notice: BothWords
  /** Empty: every topic. */
  readonly topics: readonly string[]
  readonly sinceAt: Date
}

export interface BothWords {
  readonly zh: string
  readonly en?: string | undefined
}

/** What all pages share. */
export interface Site {
  readonly brand: { readonly zh: string; readonly en: string }
  readonly config: Pick<HelpConfig, 'title' | 'links'>
  /** Origin of the addresses that search engines are told. */
  readonly origin: string
  /** Zone of the times shown. */
  readonly timeZone: string
}

/** One page before it is written. */
export interface Sheet {
  readonly language: HelpLanguage
  readonly title: string
  readonly body: Html
  /** One line for search engines. */
  readonly summary?: string
  /** Address in each language in which there is such a page. Absent: search engines leave it out. */
  readonly addresses?: Partial<Readonly<Record<HelpLanguage, string>>>
  /** Where the other language leads, when it is not the same page. */
  readonly otherAddress?: string
  readonly incidents?: readonly HelpIncident[]
  /** What was searched for. */
  readonly query?: string
  /** The home page has the search field in its middle. */
  readonly isHome?: boolean
}

export const inLanguage = (words: BothWords, language: HelpLanguage): string =>
  language === 'en' ? (words.en ?? words.zh) : words.zh

/** 2026-11-27 10:00, as the zone's clocks show it. */
export const writeTime = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at)

const otherOf = (language: HelpLanguage): HelpLanguage => (language === 'en' ? 'zh-CN' : 'en')

const nameOf = ({ brand, config }: Site, language: HelpLanguage): string =>
  language === 'en' ? `${brand.en} ${config.title.en}` : `${brand.zh}${config.title.zh}`

const searchForm = ({ language, query = '' }: Sheet, words: Words): Html =>
  html`<form class="search" role="search" action="${addresses.search(language)}" method="get">
    <input
      id="q"
      type="search"
      name="q"
      value="${query}"
      maxlength="100"
      autocomplete="off"
      enterkeyhint="search"
      aria-label="${words.search}"
      placeholder="${words.searchHint}"
      data-suggest="${addresses.suggest(language)}"
      data-label="${words.suggestions}"
    />
    <button type="submit">${words.search}</button>
  </form>`

const linkTags = (
  { addresses: own = {} }: Sheet,
  language: HelpLanguage,
  { origin }: Site,
): readonly Html[] => {
  const canonical = own[language]
  if (canonical === undefined) return [html`<meta name="robots" content="noindex" />`]
  const others = helpLanguages.flatMap((one) => {
    const path = own[one]
    return path === undefined
      ? []
      : [html`<link rel="alternate" hreflang="${one}" href="${origin}${path}" />`]
  })
  const fallback = own['zh-CN'] ?? canonical
  return [
    html`<link rel="canonical" href="${origin}${canonical}" />`,
    ...others,
    html`<link rel="alternate" hreflang="x-default" href="${origin}${fallback}" />`,
  ]
}

const head = (site: Site, sheet: Sheet): Html => {
  const { language, title, summary, isHome } = sheet
  const name = nameOf(site, language)
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${isHome === true ? name : `${title} – ${name}`}</title>
    ${summary === undefined ? '' : html`<meta name="description" content="${summary}" />`}
    ${linkTags(sheet, language, site)}
    <link rel="stylesheet" href="${addresses.style}" />
    <link rel="icon" href="${addresses.icon}" type="image/svg+xml" />
    <script src="${addresses.script}" type="module"></script>
  </head>`
}

const header = (site: Site, sheet: Sheet, words: Words): Html => {
  const { language, addresses: own, otherAddress, isHome } = sheet
  const other = otherOf(language)
  const leads = own?.[other] ?? otherAddress ?? addresses.home(other)
  return html`<header>
    <div class="wide">
      <a class="name" href="${addresses.home(language)}">${nameOf(site, language)}</a>
      ${isHome === true ? '' : searchForm(sheet, words)}
      <a class="other" href="${leads}" hreflang="${other}" lang="${other}">${words.otherLanguage}</a>
    </div>
  </header>`
}

const banner = (site: Site, { incidents = [], language }: Sheet, words: Words): Html | string =>
  incidents.length === 0
    ? ''
    : html`<aside class="incidents" aria-label="${words.incident}">
        ${incidents.map(
          ({ title, notice, sinceAt }) =>
            html`<div class="incident">
              <p>
                <strong>${words.incident}</strong> <strong>${inLanguage(title, language)}</strong>
                <span class="quiet"
                  >${words.since}
                  <time datetime="${sinceAt.toISOString()}">${writeTime(sinceAt, site.timeZone)}</time></span
                >
              </p>
              <p class="plain">${inLanguage(notice, language)}</p>
            </div>`,
        )}
      </aside>`

const footer = ({ config }: Site, { language }: Sheet, words: Words): Html =>
  html`<footer>
    <nav class="wide" aria-label="${words.links}">
      <a href="${addresses.contact(language)}">${words.person}</a>
      <a href="${addresses.ticket(language)}">${words.ticket}</a>
      ${config.links.map(
        ({ zh, en, url }) =>
          html`<a href="${url}" rel="noopener noreferrer">${language === 'en' ? en : zh}</a>`,
      )}
    </nav>
  </footer>`

/** A whole page. Everything that is put into it is escaped. */
export const writePage = (site: Site, sheet: Sheet): Html => {
  const words = wordsOf(sheet.language)
  return html`<!doctype html>
    <html lang="${words.lang}">
      ${head(site, sheet)}
      <body>
        <a class="skip" href="#main">${words.skip}</a>
        ${header(site, sheet, words)}
        <main id="main" class="wide" tabindex="-1">
          ${banner(site, sheet, words)}
          ${sheet.isHome === true ? homeSearch(sheet, words, nameOf(site, sheet.language)) : ''} ${sheet.body}
        </main>
        ${footer(site, sheet, words)}
      </body>
    </html>`
}

const homeSearch = (sheet: Sheet, words: Words, name: string): Html =>
  html`<div class="welcome">
    <h1>${name}</h1>
    ${searchForm(sheet, words)}
  </div>`
