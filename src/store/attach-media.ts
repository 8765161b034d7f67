import type { MediaRef, Part } from '../core/message.ts'
import { toJson, type Database, type Row } from './database.ts'

const complete =
  (file: MediaRef) =>
  (ref: MediaRef): MediaRef =>
    ref.providerRef === file.providerRef ? file : ref

const completePart = (part: Part, file: MediaRef): Part => {
  const fill = complete(file)
  switch (part.kind) {
    case 'image':
    case 'file':
      return { ...part, media: fill(part.media) }
    case 'audio':
      return {
        ...part,
        media: fill(part.media),
        ...(part.highQuality === undefined ? {} : { highQuality: fill(part.highQuality) }),
      }
    case 'video':
      return {
        ...part,
        media: fill(part.media),
        ...(part.thumbnail === undefined ? {} : { thumbnail: fill(part.thumbnail) }),
      }
    case 'sticker':
      return part.media === undefined ? part : { ...part, media: fill(part.media) }
    case 'text':
    case 'location':
    case 'link':
    case 'choices':
    case 'event':
    case 'unsupported':
      return part
    default:
      return part satisfies never
  }
}

interface PartsRow extends Row {
  readonly parts: readonly Part[]
  readonly conversation_id: string
}

/**
 * Completes a stored message with a file that came after it: the reference with the same `providerRef` becomes
 * `file`. Gives the conversation, so that open desks can be told; undefined when the message is gone.
 */
export const createAttachMedia =
  (database: Database) =>
  (messageId: string, file: MediaRef): Promise<string | undefined> =>
    database.transaction(async (query) => {
      const [row] = await query<PartsRow>(
        'select parts, conversation_id from messages where id = $1 for update',
        [messageId],
      )
      if (row === undefined) return undefined
      const parts = row.parts.map((part) => completePart(part, file))
      await query('update messages set parts = $2::jsonb where id = $1', [messageId, toJson(parts)])
      return row.conversation_id
    })
