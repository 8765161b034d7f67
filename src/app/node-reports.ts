import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { InboxStatus, NodeBoard } from '../core/inbox.ts'
import type { Logger } from '../core/log.ts'

/** What a node's reports are made of. */
export interface NodeReportOptions {
  readonly board: NodeBoard
  readonly statuses: () => readonly InboxStatus[]
  readonly log: Logger
}

const everyMs = 5_000

/** A node that has said nothing for so long is taken for dead; a few lost reports are none. */
export const silentAfterMs = 6 * everyMs

/** Tells every few seconds how this node's inboxes fare. Resolves once the first report is there; gives its end. */
export const startNodeReports = async ({
  board,
  statuses,
  log,
}: NodeReportOptions): Promise<() => Promise<void>> => {
  const node = { id: randomUUID(), name: `${hostname()} (${String(process.pid)})` }
  const report = (): Promise<void> =>
    board
      .tell(node, statuses())
      .catch((error: unknown) => log.warn({ error }, 'how the inboxes fare could not be told'))
  let reporting = report()
  await reporting
  const timer = setInterval(() => {
    reporting = reporting.then(report)
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await reporting
    // Not told: it falls silent, which says the same a little later.
    await board.leave(node.id).catch(() => undefined)
  }
}
