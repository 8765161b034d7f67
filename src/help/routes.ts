import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { Limiter, Limiters } from '../core/bus.ts'
import { helpAnswers, helpLanguages, type HelpLanguage, type HelpVote, type HelpVotes } from '../core/help.ts'
import type { Logger } from '../core/log.ts'
import type { MediaStore } from '../core/media.ts'
import { addresses, base } from './addresses.ts'
import { followContent, type Catalogue, type HelpContent } from './catalogue.ts'
import type { HelpConfig } from './config.ts'
import { mountFiles, mountPictures } from './files.ts'
import { cleanQuery } from './finder.ts'
import type { HelpIncident, Sheet, Site } from './layout.ts'
import { articlePage, untranslatedPage, voteOutcomes, type VoteOutcome } from './pages/article.ts'
import { homePage, resultsPage, topicPage, type BrowseFacts } from './pages/browse.ts'
import { contactPage, noticePage, ticketPage, type Ways } from './pages/contact.ts'
import { answerNotice, answerPage } from './respond.ts'
import { mountSitemap } from './sitemap.ts'
import type { Slips } from './votes.ts'

/** What the server knows of a request beside the request itself. */
export interface Surroundings {
  /** Something that is the same for all requests from one network, and tells nothing of it. */
  readonly visitorOf: (context: Context) => string
  /** The fields of a form that was sent; undefined: it was none, or too large. */
  readonly readForm: (context: Context) => Promise<Readonly<Record<string, string>> | undefined>
  /** Whether a page of ours has this origin. */
  readonly isOurs: (origin: string) => boolean
}

export interface HelpOptions {
  readonly site: Site & { readonly config: HelpConfig }
  readonly content: () => HelpContent
  /** YYYY-MM-DD: the day by which articles begin and end. */
  readonly today: () => string
  /** Ids of articles that are often asked for. */
  readonly popular: readonly string[]
  readonly incidents: () => readonly HelpIncident[]
  readonly ways: () => Ways
  readonly media: Pick<MediaStore, 'find'>
  readonly votes: Pick<HelpVotes, 'add'>
  readonly slips: Slips
  /** Hears what a reader searched for before an article did not help. Never rejects. */
  readonly learn: (question: { readonly typed: string; readonly articleId: string }) => Promise<void>
  readonly limiters: Limiters
  readonly surroundings: Surroundings
  readonly log: Logger
}

/** What every route has at hand. */
interface Desk extends HelpOptions {
  readonly catalogue: () => Catalogue
  readonly searches: Limiter
  readonly voting: Limiter
}

type Route = (context: Context, facts: BrowseFacts, desk: Desk) => Promise<Response>

const mostResults = 20
const mostSuggestions = 6
/** Searches and suggestions of one network in a minute, and votes in an hour. An office shares an address. */
const [searchesPerMinute, votesPerHour] = [240, 60]

const languageIn = (text: string | undefined): HelpLanguage | undefined =>
  helpLanguages.find((language) => language === text)

const preferred = (context: Context): HelpLanguage =>
  /^\s*en\b/i.test(context.req.header('accept-language') ?? '') ? 'en' : 'zh-CN'

const notice = (
  context: Context,
  { language, incidents }: Pick<BrowseFacts, 'language' | 'incidents'>,
  { site }: Desk,
  kind: Parameters<typeof noticePage>[1],
): Promise<Response> => {
  const status = ({ missing: 404, tooMany: 429, broken: 500, foreign: 403 } as const)[kind]
  return answerNotice(context, site, { sheet: noticePage({ language, incidents }, kind), status })
}

/** Undefined: the network may go on. */
const limit = async (
  context: Context,
  facts: BrowseFacts,
  desk: Desk,
  limiter: Limiter,
): Promise<Response | undefined> => {
  const { allowed, resetMs } = await limiter.take(desk.surroundings.visitorOf(context))
  if (allowed) return undefined
  const answer = await notice(context, facts, desk, 'tooMany')
  answer.headers.set('retry-after', String(Math.max(1, Math.ceil(resetMs / 1_000))))
  return answer
}

const home: Route = (context, facts, { site, popular }) =>
  answerPage(context, site, () => homePage(facts, popular))

const topic: Route = (context, facts, desk) => {
  const sheet = topicPage(facts, context.req.param('topic') ?? '')
  return sheet === undefined
    ? notice(context, facts, desk, 'missing')
    : answerPage(context, desk.site, () => sheet)
}

const queryIn = (context: Context): string => cleanQuery(context.req.query('q') ?? '')

const search: Route = async (context, facts, desk) => {
  const refused = await limit(context, facts, desk, desk.searches)
  if (refused !== undefined) return refused
  const query = queryIn(context)
  const found = await facts.catalogue.find(query, facts.language, mostResults)
  return answerPage(context, desk.site, () => resultsPage(facts, query, found))
}

const suggest: Route = async (context, facts, desk) => {
  const { language, catalogue } = facts
  const refused = await limit(context, facts, desk, desk.searches)
  if (refused !== undefined) return refused
  const query = queryIn(context)
  const found = await catalogue.find(query, language, mostSuggestions)
  const suggestions = found.map(({ id, title }) => ({ title, url: addresses.article(language, id, query) }))
  return context.json({ suggestions }, 200, {
    'cache-control': 'private, max-age=60',
    'x-robots-tag': 'noindex',
  })
}

const outcomeIn = (context: Context): VoteOutcome | undefined =>
  voteOutcomes.find((outcome) => outcome === context.req.query('outcome'))

const article: Route = async (context, facts, desk) => {
  const articleId = context.req.param('articleId') ?? ''
  const { language } = facts
  const sheetWith = (slip: string): Sheet | undefined =>
    articlePage(facts, articleId, { slip, outcome: outcomeIn(context), query: queryIn(context) })
  const blank = sheetWith('')
  if (blank !== undefined)
    return answerPage(
      context,
      desk.site,
      (slip) => sheetWith(slip) ?? blank,
      () => desk.slips.make({ articleId, language }),
    )
  const elsewhere = untranslatedPage(facts, articleId)
  return elsewhere === undefined
    ? notice(context, facts, desk, 'missing')
    : answerNotice(context, desk.site, { sheet: elsewhere, status: 404 })
}

const contact: Route = (context, facts, { site, ways }) =>
  answerPage(context, site, () => contactPage(facts, ways()))

const ticket: Route = (context, facts, { site }) => answerPage(context, site, () => ticketPage(facts))

/** A browser that says from where a form was sent must say that it was from here. */
const isForeign = (context: Context, { surroundings }: Desk): boolean => {
  const origin = context.req.header('origin')
  const from = context.req.header('sec-fetch-site')
  return (
    (origin !== undefined && !surroundings.isOurs(origin)) || (from !== undefined && from !== 'same-origin')
  )
}

const Vote = z.strictObject({
  slip: z.string().max(200),
  answer: z.enum(helpAnswers),
  q: z.string().transform(cleanQuery).default(''),
})

/** Counts the vote; from a question that was not answered something is learned. */
const count = async (
  { votes, learn, today }: Desk,
  page: Pick<HelpVote, 'articleId' | 'language'>,
  { answer, q: typed }: z.output<typeof Vote>,
): Promise<void> => {
  await votes.add({ ...page, answer, day: today() })
  if (answer === 'not-helpful' && typed !== '') await learn({ typed, articleId: page.articleId })
}

const vote: Route = async (context, facts, desk) => {
  const { language, catalogue } = facts
  const articleId = context.req.param('articleId') ?? ''
  if (catalogue.page(articleId, language) === undefined) return notice(context, facts, desk, 'missing')
  if (isForeign(context, desk)) return notice(context, facts, desk, 'foreign')
  const refused = await limit(context, facts, desk, desk.voting)
  if (refused !== undefined) return refused
  const { success, data } = Vote.safeParse(await desk.surroundings.readForm(context))
  const use = success ? await desk.slips.use(data.slip, { articleId, language }) : 'stale'
  if (success && use === 'good') await count(desk, { articleId, language }, data)
  const outcome: VoteOutcome = success && use === 'good' ? data.answer : use === 'spent' ? 'spent' : 'stale'
  return context.redirect(`${addresses.article(language, articleId)}?outcome=${outcome}`, 303)
}

/** Pages, below the language. */
const pages: readonly (readonly [path: string, route: Route])[] = [
  ['', home],
  ['/topics/:topic', topic],
  ['/articles/:articleId', article],
  ['/search', search],
  ['/suggest', suggest],
  ['/contact', contact],
  ['/ticket', ticket],
]

const mountPages = (app: Hono, desk: Desk): void => {
  const run =
    (route: Route) =>
    async (context: Context): Promise<Response> => {
      const language = languageIn(context.req.param('language'))
      const known = { language: language ?? preferred(context), incidents: [] }
      try {
        const facts = { ...known, catalogue: desk.catalogue(), incidents: desk.incidents() }
        return await (language === undefined
          ? notice(context, facts, desk, 'missing')
          : route(context, facts, desk))
      } catch (error) {
        desk.log.error({ path: context.req.path, error }, 'a page of the help centre failed')
        return notice(context, known, desk, 'broken')
      }
    }
  for (const [path, route] of pages) app.get(`${base}/:language${path}`, run(route))
  app.post(`${base}/:language/articles/:articleId/helpful`, run(vote))
  app.all(`${base}/*`, (context) => {
    const { path } = context.req
    // People type it; the address of a page has none. Never leads elsewhere: it begins with ours. Other letters are
    // in no address of a page, and may not stand in a header.
    if (/^[\w./-]+\/$/.test(path)) return context.redirect(path.replace(/\/+$/, ''), 308)
    const [, , language] = path.split('/')
    const facts = { language: languageIn(language) ?? preferred(context), incidents: [] }
    return notice(context, facts, desk, 'missing')
  })
}

/** Serves the help centre below `/help`, and what search engines ask for. */
export const mountHelpCentre = (app: Hono, options: HelpOptions): void => {
  const { site, content, today, limiters, media, log } = options
  const catalogue = followContent(content, site.config, today)
  const desk: Desk = {
    ...options,
    catalogue,
    searches: limiters.create({ name: 'help-search', points: searchesPerMinute, durationMs: 60_000 }),
    voting: limiters.create({ name: 'help-vote', points: votesPerHour, durationMs: 3_600_000 }),
  }
  mountFiles(app, site.config.accent)
  mountPictures(app, { catalogue, media, log })
  mountSitemap(app, catalogue, site.origin)
  app.get(base, (context) => {
    context.header('vary', 'accept-language')
    return context.redirect(addresses.home(preferred(context)), 302)
  })
  mountPages(app, desk)
}
