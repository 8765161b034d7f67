import type { Capabilities } from './capabilities.ts'
import type { Addressee, NoticeOutcome, NoticeReason, NoticeTarget } from './notice.ts'

/** What a channel can do; undefined: the inbox is not there any more. */
export type CapabilitiesOf = (inboxId: string) => Capabilities | undefined

/** A slot that a person may need, and one for the answer to what the contact writes next, stay free. */
const keptFree = 1

const quotaReason = ({ quota }: NoticeTarget, now: Date): NoticeReason | undefined => {
  if (quota === undefined) return undefined
  const open = Object.values(quota).filter(({ until }) => until > now)
  if (open.length === 0) return 'window-closed'
  return open.some(({ left, reserved }) => left > reserved + keptFree) ? undefined : 'quota-used'
}

/** Why nothing may be said there by itself now; undefined: it may. */
const hindrance = (
  target: NoticeTarget,
  capabilitiesOf: CapabilitiesOf,
  now: Date,
): NoticeReason | undefined => {
  const capabilities = capabilitiesOf(target.inboxId)
  if (capabilities === undefined) return 'inbox-gone'
  // Somebody is in the middle of something else there.
  if (target.mode === 'human') return 'person-leads'
  if (capabilities.passiveOnly) return 'passive-only'
  const { replyWindowMs } = capabilities
  const since = now.getTime() - (target.lastInboundAt?.getTime() ?? 0)
  if (replyWindowMs !== undefined && since >= replyWindowMs) return 'window-closed'
  return quotaReason(target, now)
}

/**
 * How somebody is told: where they asked, while the window and the quota allow it; else by an address that they allowed;
 * else before the answer to what they write next. Never when they said so.
 */
export const chooseWay = (
  { refused, asked, fallbacks }: Addressee,
  capabilitiesOf: CapabilitiesOf,
  now: Date,
): NoticeOutcome => {
  if (refused) return { state: 'never', reason: 'said-stop' }
  const reason = hindrance(asked, capabilitiesOf, now)
  if (reason === undefined) return { state: 'told', way: 'now', target: asked }
  const other =
    reason === 'person-leads'
      ? undefined
      : fallbacks.find((target) => hindrance(target, capabilitiesOf, now) === undefined)
  if (other !== undefined) return { state: 'told', way: 'fallback', target: other }
  return { state: 'waits', reason }
}
