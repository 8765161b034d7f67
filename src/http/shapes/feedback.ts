import { z } from '@hono/zod-openapi'
import type { Notice } from '../../core/suggestion-news.ts'
import type { ReportedTheme, SuggestionReport } from '../../core/suggestion-report.ts'
import {
  suggestionSources,
  themeStatuses,
  type Suggestion,
  type SuggestionTheme,
  type ThemeEntry,
} from '../../core/suggestions.ts'
import { Moment } from './message.ts'

/** A suggestion of a contact. */
export const SuggestionSchema = z
  .object({
    id: z.string(),
    source: z.enum(suggestionSources),
    sentence: z.string().openapi({ description: 'As it was written; personal data is masked' }),
    language: z.enum(['zh', 'en']),
    cues: z.array(z.string()).readonly().openapi({ description: 'Why it was taken for a suggestion' }),
    saidAt: Moment,
    createdAt: Moment,
    messageId: z.string().optional(),
    ticketId: z.string().optional().openapi({ description: 'Of one that was given in a form' }),
    conversationId: z.string().optional(),
    contactId: z.string().optional(),
    inboxId: z.string().optional(),
    channel: z.string().optional(),
    themeId: z.string().optional().openapi({ description: 'Absent: it is placed within a minute' }),
    placedBy: z.enum(['machine', 'person']).optional(),
    version: z.number(),
  })
  .openapi('Suggestion')

/** A suggestion as JSON. */
export const suggestionJson = ({
  saidAt,
  createdAt,
  ...rest
}: Suggestion): z.output<typeof SuggestionSchema> => ({
  ...rest,
  saidAt: saidAt.toISOString(),
  createdAt: createdAt.toISOString(),
})

/** What is said in public of a theme. */
export const WordingSchema = z
  .strictObject({
    zh: z.string().trim().min(1).max(600),
    en: z.string().trim().min(1).max(1_200).optional(),
  })
  .openapi('PublicWording')

const ChannelCount = z.object({ channel: z.string(), count: z.number() })

/** Suggestions that mean the same. */
export const ThemeSchema = z
  .object({
    id: z.string(),
    label: z.string().openapi({ description: 'The name a person gave, else the most typical sentence' }),
    labelledBy: z.enum(['machine', 'person']),
    words: z.array(z.string()).readonly(),
    status: z.enum(themeStatuses),
    statusAt: Moment.optional(),
    wording: WordingSchema.optional(),
    count: z.number().openapi({ description: 'Suggestions in it' }),
    contacts: z.number().openapi({ description: 'People who asked for it' }),
    channels: z.array(ChannelCount).readonly(),
    trend: z.object({
      weeks: z
        .array(z.number())
        .readonly()
        .openapi({ description: 'Suggestions of the last eight weeks, the oldest first' }),
      usual: z.number().openapi({ description: 'Mean of the seven weeks before the last' }),
      rising: z.boolean().openapi({ description: 'The last week is above what chance makes of the usual' }),
    }),
    examples: z.array(z.string()).readonly().openapi({ description: 'The latest sentences, at most five' }),
    isHeld: z.boolean().openapi({ description: 'People changed it: it never ends by itself' }),
    firstAt: Moment.optional(),
    lastAt: Moment.optional(),
    createdAt: Moment,
    updatedAt: Moment,
    mergedInto: z.string().optional().openapi({ description: 'The theme that goes on for it' }),
    endedAt: Moment.optional(),
    version: z.number(),
  })
  .openapi('SuggestionTheme')

const written = (at: Date | undefined): string | undefined => at?.toISOString()

/** Leaves out what is undefined. */
const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value

/** A theme as JSON. */
export const themeJson = (theme: SuggestionTheme): z.output<typeof ThemeSchema> => {
  const { statusAt, firstAt, lastAt, endedAt, createdAt, updatedAt, ...rest } = theme
  return present({
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    statusAt: written(statusAt),
    firstAt: written(firstAt),
    lastAt: written(lastAt),
    endedAt: written(endedAt),
  })
}

/** A line of a theme's history. */
export const ThemeEntrySchema = z
  .object({
    id: z.number(),
    at: Moment,
    actor: z.enum(['agent', 'key', 'system']),
    actorId: z.string().optional(),
    actorName: z.string().optional(),
    change: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('SuggestionThemeEntry')

export const themeEntryJson = ({
  id,
  at,
  actor,
  change,
  detail,
}: ThemeEntry): z.output<typeof ThemeEntrySchema> => ({
  ...{ id, at: at.toISOString(), actor: actor.kind, change, detail },
  ...(actor.kind === 'system' ? {} : { actorId: actor.id, actorName: actor.name }),
})

export const noticeReasons = [
  'window-closed',
  'quota-used',
  'passive-only',
  'person-leads',
  'inbox-gone',
  'said-stop',
  'overtaken',
] as const

/** What became of telling one contact. */
export const NoticeSchema = z
  .object({
    id: z.string(),
    themeId: z.string(),
    status: z.enum(themeStatuses),
    contactId: z.string(),
    conversationId: z.string(),
    state: z.enum(['planned', 'told', 'waits', 'never']),
    way: z.enum(['now', 'fallback', 'next-message']).optional(),
    reason: z.enum(noticeReasons).optional().openapi({ description: 'Why it waits, or is never told' }),
    messageId: z.string().optional(),
    delivery: z.string().optional().openapi({ description: 'How the message that tells it fares' }),
    createdAt: Moment,
    settledAt: Moment.optional(),
  })
  .openapi('SuggestionNotice')

export const noticeJson = ({ createdAt, settledAt, ...rest }: Notice): z.output<typeof NoticeSchema> =>
  present({ ...rest, createdAt: createdAt.toISOString(), settledAt: written(settledAt) })

/** What would come of telling. */
export const PreviewSchema = z
  .object({
    people: z.number().openapi({ description: 'Those who asked and have not been told' }),
    now: z.number().openapi({ description: 'Told at once, within window and quota' }),
    fallback: z.number().openapi({ description: 'Told by another address that they allowed' }),
    waits: z.number().openapi({ description: 'Told before the answer to what they write next' }),
    never: z.number(),
    reasons: z.partialRecord(z.enum(noticeReasons), z.number()).readonly(),
    inboxes: z.record(z.string(), z.number()).readonly(),
  })
  .openapi('TellingPreview')

const ReportedThemeSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    status: z.enum(themeStatuses),
    count: z.number(),
    before: z.number(),
    contacts: z.number(),
    total: z.number(),
  })
  .openapi('ReportedTheme')
const Turned = ReportedThemeSchema.extend({ at: Moment }).openapi('ReportedThemeTurned')

/** What a month brought. */
export const ReportSchema = z
  .object({
    month: z.string(),
    timeZone: z.string(),
    from: Moment,
    to: Moment,
    suggestions: z.number(),
    suggestionsBefore: z.number(),
    contacts: z.number(),
    channels: z.array(ChannelCount).readonly(),
    mostAsked: z.array(ReportedThemeSchema).readonly(),
    newThemes: z.array(ReportedThemeSchema).readonly(),
    rising: z.array(ReportedThemeSchema).readonly(),
    shipped: z.array(Turned).readonly(),
    declined: z.array(Turned).readonly(),
    told: z.object({ now: z.number(), fallback: z.number(), 'next-message': z.number() }).readonly(),
    waiting: z.number(),
    never: z.number(),
  })
  .openapi('SuggestionReport')

const turnedJson = ({ at, ...theme }: ReportedTheme & { readonly at: Date }) => ({
  ...theme,
  at: at.toISOString(),
})

export const reportJson = ({
  from,
  to,
  shipped,
  declined,
  ...rest
}: SuggestionReport): z.output<typeof ReportSchema> => ({
  ...rest,
  from: from.toISOString(),
  to: to.toISOString(),
  shipped: shipped.map(turnedJson),
  declined: declined.map(turnedJson),
})
