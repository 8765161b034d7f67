import type { Hono } from 'hono'
import { html } from 'hono/html'
import { helpLanguages, type HelpLanguage } from '../core/help.ts'
import { addresses } from './addresses.ts'
import type { Catalogue } from './catalogue.ts'
import type { Html } from './html.ts'

/** More are not read from one file. */
const mostAddresses = 50_000

/** One page in all languages in which it is there. */
type Entry = readonly (readonly [HelpLanguage, string])[]

const entriesOf = (catalogue: Catalogue): readonly Entry[] => {
  const both = (address: (language: HelpLanguage) => string): Entry =>
    helpLanguages.map((language) => [language, address(language)])
  const where = (
    ids: readonly string[],
    isThere: (id: string, language: HelpLanguage) => boolean,
    address: (language: HelpLanguage, id: string) => string,
  ): readonly Entry[] =>
    ids.map((id) =>
      helpLanguages
        .filter((language) => isThere(id, language))
        .map((language) => [language, address(language, id)] as const),
    )
  const topics = catalogue.topics('zh-CN').map(({ topic }) => topic)
  return [
    both(addresses.home),
    both(addresses.contact),
    both(addresses.ticket),
    ...where(topics, (id, language) => catalogue.topic(id, language) !== undefined, addresses.topic),
    ...where(
      catalogue.ids('zh-CN'),
      (id, language) => catalogue.page(id, language) !== undefined,
      addresses.article,
    ),
  ]
}

const writeEntry = (entry: Entry, origin: string): readonly Html[] =>
  entry.map(
    ([, address]) =>
      html`<url
        ><loc>${origin}${address}</loc>${entry.map(
          ([language, other]) =>
            html`<xhtml:link rel="alternate" hreflang="${language}" href="${origin}${other}" />`,
        )}</url
      > `,
  )

const writeSitemap = async (catalogue: Catalogue, origin: string): Promise<string> => {
  const urls = entriesOf(catalogue)
    .flatMap((entry) => writeEntry(entry, origin))
    .slice(0, mostAddresses)
  const body = await html`<urlset
    xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:xhtml="http://www.w3.org/1999/xhtml"
  >
    ${urls}</urlset
  > `
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body.toString()}`
}

/** Everything but the help centre is nobody's business that looks for pages. */
const robots = (origin: string): string => `User-agent: *
Allow: /help
Disallow: /

Sitemap: ${origin}${addresses.sitemap}
`

/** Tells search engines what there is. */
export const mountSitemap = (app: Hono, catalogue: () => Catalogue, origin: string): void => {
  app.get('/robots.txt', (context) =>
    context.text(robots(origin), 200, { 'cache-control': 'public, max-age=3600' }),
  )
  app.get(addresses.sitemap, async (context) =>
    context.body(await writeSitemap(catalogue(), origin), 200, {
      'content-type': 'application/xml; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    }),
  )
}
