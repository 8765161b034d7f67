import type { Author } from '../core/conversation.ts'

/** A conversation's open allowances, as stored. */
export type QuotaRow = Readonly<
  Record<string, { readonly left: number; readonly until: string; readonly reserved: number }>
>

/** Whether a message may be sent now, and which allowance pays for it. */
export type Payment =
  | { readonly allowed: true; readonly paidBy: string | undefined; readonly pays: boolean }
  | { readonly allowed: false; readonly error: { readonly code: string; readonly message: string } }

const refusals = {
  window_closed: 'the reply window is closed; the message goes out when the contact writes again',
  quota_exhausted: "the provider's quota is used up; the message goes out when the contact writes again",
} as const

/**
 * Chooses the allowance that ends first. A person may use every slot, all others leave the reserved ones.
 * `quota` null: the channel has none, everything may be sent.
 */
export const payFor = (quota: QuotaRow | null, author: Author, now: Date): Payment => {
  if (quota === null) return { allowed: true, paidBy: undefined, pays: false }
  const open = Object.entries(quota)
    .filter(([, entry]) => new Date(entry.until) > now)
    .sort(([, one], [, other]) => one.until.localeCompare(other.until))
  const paying = open.find(([, entry]) => entry.left > (author === 'agent' ? 0 : entry.reserved))
  if (paying !== undefined) return { allowed: true, paidBy: paying[0], pays: true }
  const code = open.length === 0 ? 'window_closed' : 'quota_exhausted'
  return { allowed: false, error: { code, message: refusals[code] } }
}

/** Whether an earlier attempt paid from an allowance that is still open: a repeat costs nothing more. */
export const isPaid = (quota: QuotaRow | null, paidBy: string | null, now: Date): paidBy is string => {
  const entry = paidBy === null ? undefined : quota?.[paidBy]
  return entry !== undefined && new Date(entry.until) > now
}
