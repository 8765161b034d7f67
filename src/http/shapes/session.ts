import { z } from '@hono/zod-openapi'
import type { ListedSession } from '../../core/sign-in.ts'
import { secondSteps, signInMethods } from '../../core/sign-in-ways.ts'
import { nameBrowser } from '../sign-in/browser-name.ts'
import { Moment } from './message.ts'

/** A browser in which an agent is signed in. */
export const SessionSchema = z
  .object({
    id: z.string(),
    by: z.enum(signInMethods),
    secondStep: z.enum(secondSteps).optional().openapi({ description: 'Absent: there was none' }),
    provider: z.string().optional().openapi({ description: 'With `provider`: which' }),
    createdAt: Moment,
    lastSeenAt: Moment.openapi({ description: 'To the minute' }),
    expiresAt: Moment,
    address: z.string().openapi({ description: 'Where it began; empty: not known' }),
    browser: z.string().openapi({ description: 'E.g. `Chrome · Windows`; empty: not known' }),
    current: z.boolean().openapi({ description: 'The one that asks' }),
  })
  .openapi('Session')

/** A session as JSON. `current`: the id of the one that asks, if it is an agent's own. */
export const sessionJson = (session: ListedSession, current?: string): z.output<typeof SessionSchema> => {
  const { createdAt, lastSeenAt, expiresAt, userAgent, ...rest } = session
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    browser: nameBrowser(userAgent),
    current: session.id === current,
  }
}
