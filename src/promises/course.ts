import { z } from 'zod'
import type { Pause } from '../calendar/index.ts'
import { isOwed } from '../core/ticket-lifecycle.ts'
import type { PromiseCourse } from '../core/promise.ts'
import type { TicketChangeName, TicketState } from '../core/ticket.ts'

type Line = PromiseCourse['history'][number]

const states = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const
const stateDetail = z.object({ state: z.enum(states) })
const messageDetail = z.object({ messageId: z.string() })

/** Where a line of history does not say what the ticket turned. */
const turnedBy: Readonly<Partial<Record<TicketChangeName, TicketState>>> = {
  opened: 'new',
  taken: 'open',
  replied: 'pending',
  'handed-back': 'pending',
  held: 'on_hold',
  resumed: 'open',
  reopened: 'open',
  solved: 'solved',
  closed: 'closed',
  merged: 'closed',
}

/** What a ticket turned by a line of its history; undefined: it stayed. */
const turned = ({ change, detail }: Line): TicketState | undefined =>
  stateDetail.safeParse(detail).data?.state ?? turnedBy[change]

/** While a ticket waits for somebody else than us, and after it is settled, no clock runs. */
const stands = (state: TicketState): boolean => state === 'pending' || state === 'on_hold' || !isOwed(state)

/** The times in which the clocks stood still; the last goes on when they still do. */
export const pausesOf = (history: readonly Line[]): readonly Pause[] => {
  const pauses: Pause[] = []
  let since: Date | undefined
  for (const line of history) {
    const state = turned(line)
    if (state === undefined) continue
    if (stands(state)) since ??= line.at
    else if (since !== undefined) {
      pauses.push({ from: since, to: line.at })
      since = undefined
    }
  }
  return since === undefined ? pauses : [...pauses, { from: since }]
}

const withdrawnIn = (history: readonly Line[]): ReadonlySet<string | undefined> =>
  new Set(
    history
      .filter(({ change }) => change === 'withdrawn')
      .map(({ detail }) => messageDetail.safeParse(detail).data?.messageId),
  )

const wrote = ({ actor, change }: Line): boolean =>
  actor === 'contact' && (change === 'contact-wrote' || change === 'reopened')

/**
 * Since when the contact waits for a reply after the first one: the first thing written since the last reply that was
 * not taken back. Undefined: nobody waits.
 */
export const waitingSince = (history: readonly Line[]): Date | undefined => {
  const withdrawn = withdrawnIn(history)
  let hasReply = false
  let since: Date | undefined
  for (const line of history) {
    const { at, change, detail } = line
    if (change === 'replied' && !withdrawn.has(messageDetail.safeParse(detail).data?.messageId)) {
      hasReply = true
      since = undefined
    } else if (change === 'solved' || change === 'closed' || change === 'merged') since = undefined
    else if (hasReply && wrote(line)) since ??= at
  }
  return since
}

const openedDetail = z.object({ openedAt: z.coerce.date() })

/** When the oldest of what the ticket stands for was opened: its own opening, or that of a ticket merged into it. */
export const openedAt = ({ createdAt, history }: PromiseCourse): Date => {
  const merged = history
    .filter(({ change }) => change === 'absorbed')
    .flatMap(({ detail }) => openedDetail.safeParse(detail).data?.openedAt ?? [])
  return merged.reduce((oldest, at) => (at < oldest ? at : oldest), createdAt)
}
