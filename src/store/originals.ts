import { validate } from 'uuid'
import type { Part } from '../core/message.ts'
import { originalIn, type CleanPage, type FindOriginal } from '../core/original.ts'
import type { Database, Row } from './database.ts'

interface PartsRow extends Row {
  readonly parts: readonly Part[]
}

/** Finds messages as their senders laid them out. */
export const createFindOriginal =
  ({ query }: Database, clean: CleanPage): FindOriginal =>
  async (messageId) => {
    if (!validate(messageId)) return undefined
    const [row] = await query<PartsRow>('select parts from messages where id = $1', [messageId])
    const original = row === undefined ? undefined : originalIn(row.parts)
    return original === undefined ? undefined : { ...original, html: await clean(original.html) }
  }
