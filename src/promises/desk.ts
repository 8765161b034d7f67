import type { Calendars } from '../core/calendar.ts'
import type { PromiseDesk, PromiseHours } from '../core/settings-desk.ts'
import type { PromisesConfig } from './config.ts'
import { termsFor } from './policy.ts'
import { createPromiseTimes } from './reckon.ts'

const hourMs = 3_600_000

const hoursOf = ({
  firstReplyHours,
  nextReplyHours,
  resolutionHours,
  calendar,
}: PromisesConfig['otherwise']): PromiseHours => ({
  ...{ firstReplyHours, nextReplyHours, resolutionHours },
  ...(calendar === undefined ? {} : { calendar }),
})

/** Shows the promises in force, and tries them on tickets that are made up. */
export const createPromiseDesk = (config: PromisesConfig, calendars: Calendars): PromiseDesk => {
  const times = createPromiseTimes(config, calendars)
  const { policies, otherwise, peopleCalendar, warn, chain, robots } = config
  return {
    inForce: () => ({
      policies: policies.map((policy) => ({ name: policy.name, when: policy.when, ...hoursOf(policy) })),
      otherwise: hoursOf(otherwise),
      ...{ peopleCalendar, warn, chain },
      robots: Object.entries(robots).map(([name, { kind }]) => ({ name, kind })),
    }),
    tryOn: (facts, at) => {
      const { policy, firstReplyMs, nextReplyMs, resolutionMs, calendar } = termsFor(config, facts)
      return {
        policy,
        firstReplyHours: firstReplyMs / hourMs,
        nextReplyHours: nextReplyMs / hourMs,
        resolutionHours: resolutionMs / hourMs,
        ...(calendar === undefined ? {} : { calendar }),
        ...times(facts, at),
      }
    },
  }
}
