// What sync_msg hands out: developer.work.weixin.qq.com, 读取消息 (94670). Three days, in order of delivery.
import type { Clock } from '../../src/core/clock.ts'
import { dayMs } from './account.ts'

/** One entry of the list. */
export type Item = Readonly<Record<string, unknown>>

export interface LogPage {
  readonly items: readonly unknown[]
  readonly nextCursor: string
  readonly hasMore: boolean
}

/** The account's messages. */
export interface MessageLog {
  add(item: unknown): void
  /** Undefined for a cursor that was never given out. */
  page(cursor: string | undefined, limit: number): LogPage | undefined
  /** So many next pages come empty and say that there is more. */
  emptyPages(count: number): void
  /** Whether pages hold their entries the wrong way round. */
  reversed: boolean
}

const cursorOf = (position: number): string => `4gw7MepFLfgF2VC5npN-${position.toString(36)}`

/** Position 0 is before everything. */
const positionOf = (cursor: string | undefined): number | undefined => {
  if (cursor === undefined || cursor === '') return 0
  const [, digits] = /^4gw7MepFLfgF2VC5npN-([0-9a-z]+)$/.exec(cursor) ?? []
  return digits === undefined ? undefined : Number.parseInt(digits, 36)
}

export const createMessageLog = (clock: Clock): MessageLog => {
  const entries: { readonly item: unknown; readonly at: number }[] = []
  // Positions grow with time: a cursor from before a restart lies before everything, never among it.
  const first = Math.floor(clock.now().getTime() / 1_000)
  let empty = 0
  const log: MessageLog = {
    reversed: false,
    add: (item) => void entries.push({ item, at: clock.now().getTime() }),
    emptyPages: (count) => {
      empty = count
    },
    page: (cursor, limit) => {
      const position = positionOf(cursor)
      if (position === undefined || position > first + entries.length) return undefined
      const asked = Math.max(0, position - first)
      if (empty > 0) {
        empty -= 1
        return { items: [], nextCursor: cursorOf(first + asked), hasMore: true }
      }
      const oldest = clock.now().getTime() - 3 * dayMs
      const kept = entries.findIndex(({ at }) => at >= oldest)
      const from = Math.max(asked, kept === -1 ? entries.length : kept)
      const items = entries.slice(from, from + limit).map(({ item }) => item)
      const end = from + items.length
      return {
        items: log.reversed ? items.reverse() : items,
        nextCursor: cursorOf(first + end),
        hasMore: end < entries.length,
      }
    },
  }
  return log
}
