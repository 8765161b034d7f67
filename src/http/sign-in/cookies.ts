import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Origins } from '../origins.ts'
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

/** Hands the browser a session and the word that its writes must carry. */
export const writeSession = (context: Context, origins: Origins, token: string): void =>
  write(context, origins, token, longestMs)

/** Takes both back. */
export const clearSession = (context: Context, origins: Origins): void => write(context, origins, '', 0)
