import { closeCodes, encodeEvent } from './encode.ts'
import { pageSize } from './history.ts'
import type { History } from './history.ts'
import type { Line } from './line.ts'
import type { Serial } from './serial.ts'

/** Brings one socket up to date with the log: each message once, strictly by `seq`. */
export interface Feed {
  /** Looks into the log when it can; many calls at once are one look. */
  wake(): void
  /** Whether something after `seq` was sent. */
  isBeyond(seq: number): boolean
  /** Wakes unless `seq` was sent already. */
  wakeFor(seq: number | undefined): void
  end(): void
}

export interface FeedDeps {
  readonly history: History
  readonly line: Line
  /** The socket's own queue: an answer to a frame and the log never overtake each other. */
  readonly tasks: Serial
  readonly threadKey: string
  readonly cursor: number
  readonly slowConsumerMs: number
}

const drainCheckMs = 100

/**
 * Pumps the log into a socket, one page per turn of its queue. While the client is slow it waits; a client that
 * stays slow is closed with 1013 and resumes later by its cursor.
 */
export const createFeed = ({ history, line, tasks, threadKey, cursor, slowConsumerMs }: FeedDeps): Feed => {
  let position = cursor
  let scheduled = false
  let slowForMs = 0
  let timer: NodeJS.Timeout | undefined

  const waitForDrain = (): void => {
    if (slowForMs >= slowConsumerMs) {
      line.end(closeCodes.tryLater, 'too slow')
      return
    }
    timer ??= setTimeout(() => {
      timer = undefined
      slowForMs += drainCheckMs
      wake()
    }, drainCheckMs)
  }
  const sendPage = async (): Promise<void> => {
    scheduled = false
    if (!line.isOpen()) return
    const page = line.isCongested() ? [] : await history.after(threadKey, position)
    for (const message of page) {
      if (!line.isOpen() || line.isCongested()) break
      slowForMs = 0
      const event = encodeEvent(message)
      position = message.seq
      if (event) line.send({ t: 'ev', ...event })
    }
    if (line.isCongested()) waitForDrain()
    else if (page.length === pageSize) wake()
  }
  const wake = (): void => {
    if (scheduled || !line.isOpen()) return
    scheduled = true
    tasks.add(sendPage)
  }
  return {
    wake,
    isBeyond: (seq) => position > seq,
    wakeFor(seq) {
      if (seq === undefined || seq > position) wake()
    },
    end() {
      clearTimeout(timer)
    },
  }
}
