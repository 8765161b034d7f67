import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { InboxStatus, NodeBoard } from '../core/inbox.ts'
import type { Logger } from '../core/log.ts'
import type { NodeRole } from '../core/node-role.ts'

/** What a node's reports are made of. */
export interface NodeReportOptions {
  readonly board: NodeBoard
  readonly role: NodeRole
  readonly statuses: () => readonly InboxStatus[]
  readonly log: Logger
}

const everyMs = 5_000

/** How long a node that stops may take to say so. */
const goodbyeMs = 2_000

/** A node that has said nothing for so long is taken for dead; a few lost reports are none. */
export const silentAfterMs = 6 * everyMs

/** Tells every few seconds how this node's inboxes fare. Resolves once the first report is there; gives its end. */
export const startNodeReports = async ({
  board,
  role,
  statuses,
  log,
}: NodeReportOptions): Promise<() => Promise<void>> => {
  const node = { id: randomUUID(), name: `${hostname()} (${String(process.pid)})`, role }
  const report = (): Promise<void> =>
    board
      .tell(node, statuses())
      .catch((error: unknown) => log.warn({ error }, 'how the inboxes fare could not be told'))
  await report()
  let reporting: Promise<void> | undefined
  const timer = setInterval(() => {
    // A report that hangs says enough; the next ones would only queue up behind it.
    reporting ??= report().finally(() => (reporting = undefined))
  }, everyMs)
  timer.unref()
  const leave = async (): Promise<void> => {
    await reporting
    await board.leave(node.id)
  }
  return async () => {
    clearInterval(timer)
    // Not told in time: it falls silent, which says the same a little later.
    const patience = new Promise<void>((resolve) => setTimeout(resolve, goodbyeMs).unref())
    await Promise.race([leave(), patience]).catch(() => undefined)
  }
}
