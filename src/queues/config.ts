import { z } from 'zod'

const tickets = (fallback: number, who: string) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(fallback)
    .describe(
      `Tickets ${who} may carry at once before the queue gives them no more. Default ${String(fallback)}.`,
    )

const capacity = z
  .strictObject({
    junior: tickets(4, 'a junior'),
    agent: tickets(8, 'an agent'),
    senior: tickets(10, 'a senior'),
    lead: tickets(4, 'a lead'),
  })
  .prefault({})
  .describe('Places by grade. What people take or are handed by hand goes beyond it.')

const minutes = (fallback: number) => z.coerce.number().min(0).max(43_200).default(fallback)

/** The `queues` section of the configuration: who is given which tickets, and when. */
export const queuesConfig = z
  .strictObject({
    assign: z
      .boolean()
      .default(true)
      .describe(
        'Whether waiting tickets are given to people who are online. Default true; nothing happens before a team exists. false: everybody takes tickets by hand.',
      ),
    capacity,
    pendingCountsMinutes: minutes(30).describe(
      'Minutes for which a ticket that waits for its contact counts as carried. Default 30: most contacts answer at once, and one that waits for days must not fill a place. 0: it never counts.',
    ),
    offlineAfterSeconds: z.coerce
      .number()
      .int()
      .min(90)
      .max(86_400)
      .default(180)
      .describe(
        'Seconds without a sign of life of their desk after which somebody is offline. Default 180; an open desk gives one every 30 seconds, every 60 in a hidden tab.',
      ),
    awayAfterMinutes: minutes(30).describe(
      'Minutes in which somebody who is online touches nothing at the desk, after which they are away until they do. Default 30. 0: never.',
    ),
    returnAfterMinutes: minutes(0).describe(
      'Minutes after somebody went offline when their open tickets go back into the queue. Default 0: they keep them.',
    ),
    handBackHours: z.coerce
      .number()
      .min(0)
      .max(8_760)
      .default(0)
      .describe(
        'Hours without an answer to a person’s reply after which the bot leads again. Default 0: only by hand.',
      ),
  })
  .describe('Giving tickets to people.')

/** A checked `queues` section. */
export type QueuesConfig = z.output<typeof queuesConfig>
