import { isIP } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'

/** A refusal of the page's endpoints: a word for code, a sentence for people. */
export interface PageProblem {
  readonly code: string
  readonly message: string
}

/**
 * Refuses hosts the sandbox is not known by, against DNS rebinding: a name can be pointed at this machine by
 * anybody, an address or `localhost` cannot.
 */
export const knownHost =
  (hosts: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    const name = hostName(c.req.header('host') ?? new URL(c.req.url).host)
    const known =
      isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || hosts.includes(name)
    if (known) return next()
    const problem: PageProblem = {
      code: 'unknown_host',
      message: `The sandbox does not answer to the host name ${JSON.stringify(name)}; open it by IP address or allow the name.`,
    }
    return c.json(problem, 403)
  }

/** Changes come from our own page only, as JSON: no form and no foreign script can send that unasked. */
export const ownPageOnly: MiddlewareHandler = async (c, next) => {
  const refuse = (code: string, message: string) => c.json({ code, message } satisfies PageProblem, 403)
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') return refuse('not_json', 'Send application/json.')
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  if (site === undefined && origin === undefined) return refuse('no_origin', 'Origin is missing.')
  if (site !== undefined && site !== 'same-origin')
    return refuse('foreign_origin', 'Only the sandbox page may do this.')
  const host = c.req.header('host') ?? new URL(c.req.url).host
  if (origin !== undefined && originHost(origin) !== host.toLowerCase()) {
    return refuse('foreign_origin', 'Only the sandbox page may do this.')
  }
  return next()
}

const loopbackNames = /^(?:127(?:\.\d+){3}|::1|(?:.+\.)?localhost)$/
const loopbackPeers = /^(?:(?:::ffff:)?127(?:\.\d+){3}|::1)$/

/**
 * Whether the page is open on this very machine. A proxy beside the product betrays itself by its headers, or by the name it was
 * asked for.
 */
export const isAtHome = (c: Context): boolean => {
  const isHandedOn = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => c.req.header(name))
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  const peer = incoming?.socket.remoteAddress ?? ''
  return !isHandedOn && loopbackPeers.test(peer) && loopbackNames.test(hostName(c.req.header('host') ?? ''))
}

/** The name in `Host`, without port and brackets, in lower case. */
const hostName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')

const originHost = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined
