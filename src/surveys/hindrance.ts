import type { Capabilities } from '../core/capabilities.ts'
import type { SurveyPlace, SurveyReason } from '../core/survey.ts'

/** What a channel can do; undefined: the inbox is not there any more. */
export type CapabilitiesOf = (inboxId: string) => Capabilities | undefined

/** A slot that a person may need, and one for the answer to what the contact writes next, stay free. */
export const keptFree = 1

const quotaReason = ({ quota }: SurveyPlace, now: Date): SurveyReason | undefined => {
  if (quota === undefined) return undefined
  const open = Object.values(quota).filter(({ until }) => until > now)
  if (open.length === 0) return 'window-closed'
  return open.some(({ left, reserved }) => left > reserved + keptFree) ? undefined : 'quota-used'
}

/** Why nothing may be asked there now; undefined: it may. */
export const hindrance = (
  place: SurveyPlace,
  capabilitiesOf: CapabilitiesOf,
  now: Date,
): SurveyReason | undefined => {
  const capabilities = capabilitiesOf(place.inboxId)
  if (capabilities === undefined) return 'inbox-gone'
  if (place.mode === 'human') return 'person-leads'
  if (capabilities.passiveOnly) return 'passive-only'
  const { replyWindowMs } = capabilities
  const since = now.getTime() - (place.lastInboundAt?.getTime() ?? 0)
  if (replyWindowMs !== undefined && since >= replyWindowMs) return 'window-closed'
  return quotaReason(place, now)
}
