import type { ContactView } from '../api/desk.ts'
import { spanOf } from '../shell/time.ts'
import type { Translate } from '../words/index.ts'

export type Identity = ContactView['identities'][number]

/** What may still be sent to an address, and for how long. */
export interface Reach {
  readonly left: number
  readonly leftMs: number
}

/** The address a conversation is held with. */
export const identityOf = ({ identities }: ContactView, conversationId: string): Identity | undefined =>
  identities.find((identity) => identity.conversationId === conversationId)

/** Undefined: the channel has no limit. */
export const reachOf = ({ quota }: Identity, now: number): Reach | undefined => {
  if (quota === undefined) return undefined
  const open = Object.values(quota).filter(({ until }) => Date.parse(until) > now)
  return {
    left: open.reduce((sum, { left }) => sum + left, 0),
    leftMs: Math.max(0, ...open.map(({ until }) => Date.parse(until) - now)),
  }
}

const hourMs = 3_600_000

/** Amber with less than six hours or at most two messages left, red with less than one hour or one message. */
export const reachLevel = ({ left, leftMs }: Reach): 'over' | 'soon' | 'calm' => {
  if (left <= 1 || leftMs < hourMs) return 'over'
  return left <= 2 || leftMs < 6 * hourMs ? 'soon' : 'calm'
}

/** `剩 3 条 · 41 时` */
export const reachText = (reach: Reach | undefined, t: Translate): string => {
  if (reach === undefined) return t('reach.unlimited')
  return reach.left === 0 || reach.leftMs === 0
    ? t('reach.closed')
    : t('reach.left', { n: reach.left, time: spanOf(reach.leftMs, t) })
}
