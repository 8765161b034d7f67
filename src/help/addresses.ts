import type { HelpLanguage } from '../core/help.ts'

/** Where the help centre stands on its host. */
export const base = '/help'

const of = (language: HelpLanguage, ...rest: readonly string[]): string =>
  [base, language, ...rest.map(encodeURIComponent)].join('/')

/** Every address of the help centre. An article's address holds its id, and stays while the article has it. */
export const addresses = {
  home: (language: HelpLanguage) => of(language),
  topic: (language: HelpLanguage, topic: string) => of(language, 'topics', topic),
  /** `query`: what was searched for before; without it the article's own address. */
  article: (language: HelpLanguage, articleId: string, query = '') =>
    `${of(language, 'articles', articleId)}${query === '' ? '' : `?q=${encodeURIComponent(query)}`}`,
  vote: (language: HelpLanguage, articleId: string) => of(language, 'articles', articleId, 'helpful'),
  search: (language: HelpLanguage) => of(language, 'search'),
  suggest: (language: HelpLanguage) => of(language, 'suggest'),
  contact: (language: HelpLanguage) => of(language, 'contact'),
  ticket: (language: HelpLanguage) => of(language, 'ticket'),
  picture: (mediaId: string) => `${base}/pictures/${encodeURIComponent(mediaId)}`,
  style: `${base}/help.css`,
  script: `${base}/search.js`,
  icon: `${base}/icon.svg`,
  sitemap: `${base}/sitemap.xml`,
} as const

/** Where an article's page stands on the host of the help centre. */
export const articleAddress = (language: HelpLanguage, articleId: string): string =>
  addresses.article(language, articleId)
