import * as openid from 'openid-client'
import type { Clock } from '../../core/clock.ts'
import type { ProviderAccount, ProviderIdentity } from '../../core/provider-sign-in.ts'
import { mergeClaims, missingClaims, readIdentity, type Claims } from './claims.ts'
import type { OidcConfig } from './config.ts'

/** What ties an answer of the provider to the question. */
export interface Exchange {
  readonly state: string
  readonly nonce: string
  /** Of PKCE. */
  readonly verifier: string
}

/** An identity provider. Every method throws `openid-client`'s errors, or those of the network. */
export interface OidcProvider {
  readonly config: OidcConfig
  /** Reads the discovery document, unless it was read lately. */
  probe(): Promise<void>
  /** Where the browser is sent. */
  start(redirectUri: string, exchange: Exchange): Promise<URL>
  /** Who came back; `answer` is the address they came back to. */
  finish(answer: URL, exchange: Exchange): Promise<ProviderIdentity>
  /** Where signing out goes on; undefined: the provider has no such place. */
  signOut(backTo: string): Promise<URL | undefined>
}

const timeoutSeconds = 10
/** The discovery document is read again after so long; keys are fetched anew whenever an unknown one signs. */
const documentMs = 3_600_000

/** As the provider prefers it; where it says nothing, the standard's default. */
const authOf = ({ clientSecret }: OidcConfig): openid.ClientAuth => {
  if (clientSecret === undefined) return openid.None()
  const inBody = openid.ClientSecretPost(clientSecret)
  const inHeader = openid.ClientSecretBasic(clientSecret)
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported
    const authenticate = methods?.includes('client_secret_post') === true ? inBody : inHeader
    authenticate(server, ...rest)
  }
}

const discover = (config: OidcConfig): Promise<openid.Configuration> => {
  const issuer = new URL(config.issuer)
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- so marked to stand out; the configuration allows http on loopback alone
  const plain = issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : []
  return openid.discovery(issuer, config.clientId, undefined, authOf(config), {
    // The signature is checked too: TLS alone would be enough for the standard, and not for a proxy that lies.
    execute: [...plain, openid.enableNonRepudiationChecks],
    timeout: timeoutSeconds,
  })
}

const readClaims = async (
  ready: openid.Configuration,
  tokens: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers,
  config: OidcConfig,
): Promise<ProviderAccount & { readonly claims: Claims }> => {
  const said = tokens.claims()
  if (said === undefined) throw new Error('the provider gave no id token')
  // The token's own: where many tenants share a provider, each is an issuer of its own.
  const account = { issuer: said.iss, subject: said.sub }
  const { userinfo_endpoint: asked } = ready.serverMetadata()
  if (asked === undefined || missingClaims(said, config).length === 0) return { ...account, claims: said }
  const more = await openid.fetchUserInfo(ready, tokens.access_token, said.sub)
  return { ...account, claims: mergeClaims(said, more) }
}

/** A provider by OpenID Connect: discovery, authorization code with PKCE, state and nonce. */
export const createOidcProvider = (config: OidcConfig, clock: Clock): OidcProvider => {
  let found: { readonly ready: Promise<openid.Configuration>; readonly at: number } | undefined
  const ready = (): Promise<openid.Configuration> => {
    const now = clock.now().getTime()
    if (found !== undefined && now - found.at < documentMs) return found.ready
    const asked = discover(config)
    found = { ready: asked, at: now }
    // What failed is asked again next time.
    asked.catch(() => {
      if (found?.ready === asked) found = undefined
    })
    return asked
  }
  return {
    config,
    probe: async () => {
      await ready()
    },
    start: async (redirectUri, { state, nonce, verifier }) =>
      openid.buildAuthorizationUrl(await ready(), {
        ...{ redirect_uri: redirectUri, scope: [...new Set(['openid', ...config.scopes])].join(' ') },
        ...{ state, nonce },
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
    finish: async (answer, { state, nonce, verifier }) => {
      const known = await ready()
      const tokens = await openid.authorizationCodeGrant(known, answer, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      })
      return readIdentity(await readClaims(known, tokens, config), config)
    },
    signOut: async (backTo) => {
      const known = await ready()
      if (known.serverMetadata().end_session_endpoint === undefined) return undefined
      return openid.buildEndSessionUrl(known, { post_logout_redirect_uri: backTo })
    },
  }
}
