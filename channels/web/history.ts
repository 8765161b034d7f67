import type { Message, MessageLog } from '../../src/core/conversation.ts'

/** Messages read from the log at once. */
export const pageSize = 100

/** What stands after a cursor, or that the log no longer knows the cursor. */
export type HistoryPage =
  { readonly kind: 'page'; readonly messages: readonly Message[] } | { readonly kind: 'cut' }

/** A visitor's log. */
export interface History {
  /** Up to `pageSize` visible messages after `cursor`, oldest first. */
  after(threadKey: string, cursor: number): Promise<readonly Message[]>
  /** One visible message of the thread. */
  at(threadKey: string, seq: number): Promise<Message | undefined>
  /** Like `after`, but first makes sure that the message at `cursor` is still there (0 always is). */
  resume(threadKey: string, cursor: number): Promise<HistoryPage>
}

/** Reads the inbox's threads page by page. */
export const createHistory = (log: MessageLog, inboxId: string): History => {
  const read = (threadKey: string, afterSeq: number, limit: number): Promise<readonly Message[]> =>
    log.read({ inboxId, threadKey, afterSeq, limit, visibleOnly: true })
  return {
    after: (threadKey, cursor) => read(threadKey, cursor, pageSize),
    async at(threadKey, seq) {
      const [message] = await read(threadKey, seq - 1, 1)
      return message?.seq === seq ? message : undefined
    },
    async resume(threadKey, cursor) {
      if (cursor === 0) return { kind: 'page', messages: await read(threadKey, 0, pageSize) }
      const [known, ...messages] = await read(threadKey, cursor - 1, pageSize + 1)
      return known?.seq === cursor ? { kind: 'page', messages } : { kind: 'cut' }
    },
  }
}
