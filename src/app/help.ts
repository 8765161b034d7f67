import type { Hono } from 'hono'
import { z } from 'zod'
import { createSearchInTurns } from '../../knowledge/index.ts'
import { isOpen, nextOpening, weekWords } from '../calendar/index.ts'
import type { Config, InboxConfig } from '../config.ts'
import type { HelpLanguage } from '../core/help.ts'
import { createSlips, mountHelpCentre, type HelpOptions } from '../help/index.ts'
import { createFormReader, createOrigins, createVisitorKey } from '../http/index.ts'
import type { OpenIncidents } from '../incidents/index.ts'
import { searchText } from '../text/index.ts'
import { learnsFromReaders } from './learning.ts'
import type { Parts } from './parts.ts'
import { todayIn } from './published.ts'

/** Larger than any vote. */
const maxFormBytes = 2_048

/** What counts here of a web inbox. */
const WithPage = z.looseObject({ page: z.boolean().default(true) })

const hasPage = ({ channel, section }: InboxConfig): boolean =>
  channel === 'web' && WithPage.safeParse(section).data?.page === true

/** The page of the web chat that answers who asks for a person. */
const chatUrlOf = ({ help }: Pick<Config, 'help'>, inboxes: readonly InboxConfig[]): string | undefined => {
  if (help.chatUrl !== undefined) return help.chatUrl
  const found = inboxes.find(
    (inbox) => (help.chatInbox === undefined || inbox.inboxId === help.chatInbox) && hasPage(inbox),
  )
  return found === undefined ? undefined : `/channels/${found.inboxId}/page`
}

const contentOf =
  ({ content }: Parts): HelpOptions['content'] =>
  () => {
    const { normalise, tokeniser } = content.tools()
    return {
      knowledge: content.knowledge(),
      topics: content.topicNames(),
      searchOver: async (articles) => {
        const search = await createSearchInTurns({ articles, normalise, tokeniser })
        return (text, limit) => search(searchText(text, normalise), limit)
      },
    }
  }

const waysOf =
  ({ config, clock, calendars }: Parts, chatUrl: string | undefined): HelpOptions['ways'] =>
  () => {
    const people = calendars.get(config.promises.peopleCalendar)
    const now = clock.now()
    return {
      config: config.help,
      chatUrl,
      hours: (language: HelpLanguage) => weekWords(calendars.get('hotline'), language === 'en' ? 'en' : 'zh'),
      backAt: isOpen(people, now) ? undefined : nextOpening(people, now),
      timeZone: people.timeZone,
    }
  }

/** What mounts the help centre; undefined: it is switched off. */
export const openHelp = async (
  parts: Parts,
  inboxes: readonly InboxConfig[],
  incidents: Pick<OpenIncidents, 'shownOn'>,
): Promise<((app: Hono) => void) | undefined> => {
  const { config, clock, stores, backbone, origin } = parts
  const { persona } = config.dialogue
  if (!config.help.enabled) return undefined
  const key = await stores.secrets('help-votes')
  const publicOrigin = config.help.publicUrl ?? origin
  const origins = createOrigins([publicOrigin, origin], 0)
  return (app) =>
    mountHelpCentre(app, {
      site: {
        brand: { zh: persona.brand, en: persona.brandEn },
        config: config.help,
        origin: publicOrigin,
        timeZone: config.calendars.hotline.timezone,
      },
      content: contentOf(parts),
      today: todayIn(config, clock),
      popular: config.dialogue.popular.flatMap(({ articles }) => articles),
      incidents: () => incidents.shownOn('web'),
      ways: waysOf(parts, chatUrlOf(config, inboxes)),
      media: stores.media,
      votes: stores.helpVotes,
      learn: learnsFromReaders(parts),
      slips: createSlips({ key, cache: backbone.cache, clock }),
      limiters: backbone.limiters,
      surroundings: {
        visitorOf: createVisitorKey(config.server.trustedProxies),
        readForm: createFormReader(maxFormBytes),
        isOurs: (from) => origins.allows(from),
      },
      log: parts.log.child({ part: 'help' }),
    })
}
