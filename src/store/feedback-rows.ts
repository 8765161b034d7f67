import { TongdaError } from '../core/errors.ts'
import type { FeedbackActor, Suggestion, SuggestionSource } from '../core/suggestions.ts'
import type { ChannelName } from '../core/message.ts'
import type { Query, Row } from './database.ts'
import { lockGroups, recountGroups, suggestionTables } from './meaning-tables.ts'

/** Themes are changed by one transaction at a time. */
export const lockThemes = (query: Query): Promise<void> => lockGroups(query, suggestionTables)

/** Counts themes anew and calls their sums out of date. */
export const recountThemes = (query: Query, ids: readonly string[], now: Date): Promise<void> =>
  recountGroups(query, suggestionTables, ids, now)

/** Columns of a suggestion `i`, with `itemJoins`. */
export const itemFields = `i.id, i.source, i.sentence, i.language, i.cues, i.said_at, i.created_at, i.message_id, i.ticket_id,
  i.conversation_id, coalesce(c.contact_id, i.contact_id) as contact_id, i.inbox_id, i.channel, i.theme_id, i.placed_by,
  i.version`
export const itemJoins = 'left join conversations c on c.id = i.conversation_id'

export interface ItemRow extends Row {
  readonly id: string
  readonly source: SuggestionSource
  readonly sentence: string
  readonly language: Suggestion['language']
  readonly cues: readonly string[]
  readonly said_at: Date
  readonly created_at: Date
  readonly message_id: string | null
  readonly ticket_id: string | null
  readonly conversation_id: string | null
  readonly contact_id: string | null
  readonly inbox_id: string | null
  readonly channel: ChannelName | null
  readonly theme_id: string | null
  readonly placed_by: 'machine' | 'person' | null
  readonly version: number
}

export const toSuggestion = (row: ItemRow): Suggestion => ({
  id: row.id,
  source: row.source,
  sentence: row.sentence,
  language: row.language,
  cues: row.cues,
  saidAt: row.said_at,
  createdAt: row.created_at,
  ...(row.message_id === null ? {} : { messageId: row.message_id }),
  ...(row.ticket_id === null ? {} : { ticketId: row.ticket_id }),
  ...(row.conversation_id === null ? {} : { conversationId: row.conversation_id }),
  ...(row.contact_id === null ? {} : { contactId: row.contact_id }),
  ...(row.inbox_id === null ? {} : { inboxId: row.inbox_id }),
  ...(row.channel === null ? {} : { channel: row.channel }),
  ...(row.theme_id === null ? {} : { themeId: row.theme_id }),
  ...(row.placed_by === null ? {} : { placedBy: row.placed_by }),
  version: row.version,
})

export const noItem = (): TongdaError =>
  new TongdaError('not_found', 'there is no such suggestion; it may have been discarded or erased')
export const noTheme = (): TongdaError =>
  new TongdaError('not_found', 'there is no such theme of suggestions; load the list again')

/** Columns for who does something. */
export const actorColumns = (
  actor: FeedbackActor,
): readonly [kind: string, id: string | undefined, name: string | undefined] =>
  actor.kind === 'system' ? ['system', undefined, undefined] : [actor.kind, actor.id, actor.name]
