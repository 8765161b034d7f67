import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Origins } from '../origins.ts'
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

const stepCookie = 'tongda_step'

/** Hands the browser what it needs to take the second step of signing in. */
export const writeChallenge = (context: Context, origins: Origins, token: string): void => {
  const secure = origins.isSecure(context.req.header('host'))
  const common = { path: '/', secure, sameSite: 'Lax', httpOnly: true } as const
  setCookie(context, nameOf(stepCookie, secure), token, { ...common, maxAge: challengeMs / 1_000 })
}

/** What was handed out for the second step. */
export const readChallenge = (context: Context, origins: Origins): string | undefined =>
  getCookie(context, nameOf(stepCookie, origins.isSecure(context.req.header('host'))))

/** The second step was taken, or there is none to take. */
export const clearChallenge = (context: Context, origins: Origins): void => {
  const secure = origins.isSecure(context.req.header('host'))
  if (getCookie(context, nameOf(stepCookie, secure)) === undefined) return
  setCookie(context, nameOf(stepCookie, secure), '', { path: '/', secure, sameSite: 'Lax', maxAge: 0 })
}

/** Hands the browser a session and the word that its writes must carry. */
export const writeSession = (context: Context, origins: Origins, token: string): void =>
  write(context, origins, token, longestMs)

/** Takes both back. */
export const clearSession = (context: Context, origins: Origins): void => write(context, origins, '', 0)
