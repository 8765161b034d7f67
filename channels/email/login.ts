/** How we sign in to the mail servers: a password, or an access token of OAuth 2.0 (RFC 6749, 4.4 and 6). */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { IssuedToken } from '../kit/index.ts'
import { createProviderToken, FetchError, fetchLimited } from '../kit/index.ts'
import type { EmailConfig } from './manifest.ts'

/** What a server wants to see. */
export type Login = { readonly user: string } & ({ readonly pass: string } | { readonly accessToken: string })

/** The logins of an inbox. */
export interface Logins {
  /** The login for a server; undefined: it wants none. */
  get(server: {
    readonly user?: string | undefined
    readonly password?: string | undefined
  }): Promise<Login | undefined>
  /** A server refused this one: a token is fetched anew next time. */
  refused(login: Login | undefined): Promise<void>
}

const Issued = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().default(3_600),
})

const refused = (what: string): ChannelError =>
  new ChannelError('email', 'needs_operator', `sign in: ${what}`, {
    providerCode: 'OAUTH',
    hint: 'check oauth.clientId, oauth.clientSecret and oauth.refreshToken; a refresh token ends when it is not used or the password changes',
  })

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

const issue = async (oauth: NonNullable<EmailConfig['oauth']>): Promise<IssuedToken> => {
  const { tokenUrl, clientId, clientSecret, refreshToken, scope } = oauth
  const body = new URLSearchParams({
    client_id: clientId,
    grant_type: refreshToken === undefined ? 'client_credentials' : 'refresh_token',
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(scope === undefined ? {} : { scope }),
  })
  const { status, bytes } = await fetchLimited(
    new URL(tokenUrl),
    { method: 'POST', body },
    { timeoutMs: 10_000, maxBytes: 65_536 },
  ).catch((error: unknown) => {
    if (!(error instanceof FetchError)) throw error
    throw new ChannelError('email', 'temporary', `sign in: no token came (${error.failure})`, {
      hint: 'check oauth.tokenUrl and the network',
    })
  })
  if (status !== 200) throw refused(`no token was given (HTTP ${status})`)
  const parsed = Issued.safeParse(parseJson(bytes))
  if (!parsed.success) throw refused('the answer holds no access_token')
  return { token: parsed.data.access_token, expiresInMs: parsed.data.expires_in * 1_000 }
}

export const createLogins = (
  config: EmailConfig,
  host: Pick<ChannelHost, 'inboxId' | 'cache' | 'locks' | 'clock' | 'log'>,
): Logins => {
  const { oauth, address } = config
  const token =
    oauth === undefined
      ? undefined
      : createProviderToken({ key: `email:oauth:${host.inboxId}`, issue: () => issue(oauth), host })
  return {
    get: async ({ user = address, password }) => {
      if (password !== undefined) return { user, pass: password }
      return token === undefined ? undefined : { user, accessToken: await token.get() }
    },
    refused: async (login) => {
      if (login !== undefined && 'accessToken' in login) await token?.drop(login.accessToken)
    },
  }
}
