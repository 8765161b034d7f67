import { validate } from 'uuid'
import type { Part } from '../core/message.ts'
import { originalIn, type FindOriginal } from '../core/original.ts'
import type { Database, Row } from './database.ts'

interface PartsRow extends Row {
  readonly parts: readonly Part[]
}

/** Finds messages as their senders laid them out. */
export const createFindOriginal =
  ({ query }: Database): FindOriginal =>
  async (messageId) => {
    if (!validate(messageId)) return undefined
    const [row] = await query<PartsRow>('select parts from messages where id = $1', [messageId])
    return row === undefined ? undefined : originalIn(row.parts)
  }
