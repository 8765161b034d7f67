import { describe, expect, it } from 'vitest'
import { promisedTimes, ticketsConfig } from '../../src/tickets/index.ts'

const policy = ticketsConfig.parse({})
const at = (text: string): Date => new Date(`${text}+08:00`)

describe('promised times', () => {
  const now = at('2026-11-24T10:00:00')

  it.each([
    ['normal', '2026-11-25T10:00:00', '2026-11-27T10:00:00'],
    ['high', '2026-11-24T18:00:00', '2026-11-27T10:00:00'],
    ['urgent', '2026-11-24T12:00:00', '2026-11-25T10:00:00'],
  ] as const)('%s', (priority, reply, resolution) =>
    expect(promisedTimes(priority, now, policy)).toEqual({
      firstReplyDueAt: at(reply),
      resolutionDueAt: at(resolution),
    }),
  )

  it.each([
    { firstReplyHours: 0 },
    { urgentFirstReplyHours: 30 },
    { highFirstReplyHours: 1 },
    { unknown: 1 },
  ])('refuses the configuration %j', (wrong) => expect(ticketsConfig.safeParse(wrong).success).toBe(false))
})
