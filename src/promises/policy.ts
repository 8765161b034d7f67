import type { PromiseFacts, PromiseTerms } from '../core/promise.ts'
import type { PolicySection, PromisesConfig } from './config.ts'

const hourMs = 3_600_000
const otherwiseName = 'otherwise'

const names = (list: readonly string[], value: string | undefined): boolean =>
  list.length === 0 || (value !== undefined && list.includes(value))

const fits = ({ when }: PolicySection, { kind, priority, channel, tier }: PromiseFacts): boolean =>
  names(when.kinds, kind) &&
  names(when.priorities, priority) &&
  names(when.channels, channel) &&
  names(when.tiers, tier)

const toTerms = (policy: string, section: PromisesConfig['otherwise']): PromiseTerms => {
  const { firstReplyHours, nextReplyHours, resolutionHours, calendar } = section
  return {
    policy,
    firstReplyMs: firstReplyHours * hourMs,
    nextReplyMs: nextReplyHours * hourMs,
    resolutionMs: resolutionHours * hourMs,
    ...(calendar === undefined ? {} : { calendar }),
  }
}

/** The terms of the first policy that fits, else those of `otherwise`. */
export const termsFor = ({ policies, otherwise }: PromisesConfig, facts: PromiseFacts): PromiseTerms => {
  const policy = policies.find((one) => fits(one, facts))
  return policy === undefined ? toTerms(otherwiseName, otherwise) : toTerms(policy.name, policy)
}
