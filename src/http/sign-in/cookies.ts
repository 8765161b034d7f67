import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Origins } from '../origins.ts'
import { attemptMs } from './provider-door.ts'
import { challengeMs } from './second-step.ts'
import { longestMs } from './sessions.ts'
import { csrfTokenOf } from './tokens.ts'

const nameOf = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name)

/** The session's token as the browser sent it. Over https only the `__Host-` cookie counts, which no neighbour can set. */
export const readSessionToken = (context: Context, origins: Origins): string | undefined => {
  const secure = origins.isSecure(context.req.header('host'))
  const token = getCookie(context, nameOf('tongda_session', secure))
  return token === undefined || token === '' ? undefined : token
}

const write = (context: Context, origins: Origins, token: string, maxAgeMs: number): void => {
  const secure = origins.isSecure(context.req.header('host'))
  const common = { path: '/', secure, sameSite: 'Lax', maxAge: maxAgeMs / 1_000 } as const
  setCookie(context, nameOf('tongda_session', secure), token, { ...common, httpOnly: true })
  // Readable by our page, which sends it back in a header; other sites can do neither.
  setCookie(context, nameOf('tongda_csrf', secure), token === '' ? '' : csrfTokenOf(token), common)
}

/** A cookie that goes with one step of signing in, and away with it. No script reads it. */
export interface StepCookie {
  write(context: Context, origins: Origins, token: string): void
  read(context: Context, origins: Origins): string | undefined
  /** Does nothing where there is none. */
  clear(context: Context, origins: Origins): void
}

const createStepCookie = (word: string, lifeMs: number): StepCookie => {
  const facts = (context: Context, origins: Origins) => {
    const secure = origins.isSecure(context.req.header('host'))
    return {
      name: nameOf(word, secure),
      options: { path: '/', secure, sameSite: 'Lax', httpOnly: true } as const,
    }
  }
  const read: StepCookie['read'] = (context, origins) => getCookie(context, facts(context, origins).name)
  return {
    read,
    write: (context, origins, token) => {
      const { name, options } = facts(context, origins)
      setCookie(context, name, token, { ...options, maxAge: lifeMs / 1_000 })
    },
    clear: (context, origins) => {
      if (read(context, origins) === undefined) return
      const { name, options } = facts(context, origins)
      setCookie(context, name, '', { ...options, maxAge: 0 })
    },
  }
}

/** Of who owes the second step of signing in. */
export const challengeCookie = createStepCookie('tongda_step', challengeMs)
/** Of who has left for an identity provider: only the same browser may come back. */
export const departureCookie = createStepCookie('tongda_way', attemptMs)

/** Hands the browser a session and the word that its writes must carry. */
export const writeSession = (context: Context, origins: Origins, token: string): void =>
  write(context, origins, token, longestMs)

/** Takes both back. */
export const clearSession = (context: Context, origins: Origins): void => write(context, origins, '', 0)
