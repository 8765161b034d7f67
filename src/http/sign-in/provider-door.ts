import type { Limiters } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { TongdaError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { ProviderAttempt } from '../../core/provider-sign-in.ts'
import type { SignInStores } from '../../core/sign-in.ts'
import { Problem, tooMany } from '../problem.ts'
import type { OidcConfig } from './config.ts'
import type { NoteRefusal } from './note-refusal.ts'
import type { Exchange, OidcProvider } from './oidc.ts'
import { createResolve, ProviderRefused } from './provider-people.ts'
import type { Client } from './sessions.ts'
import { networkOf } from '../visitor-key.ts'
import { createToken, hashToken } from './tokens.ts'

/** How far a sign-in may take from its leaving to its coming back. */
export const attemptMs = 10 * 60_000
/** Departures that one network may make a minute: each is a row, and a look at the provider. */
const startsPerMinute = 60

/** What signing in by providers stands on. */
export interface ProviderDoorOptions {
  readonly stores: Pick<SignInStores, 'attempts' | 'identities' | 'invitations' | 'staff'>
  readonly providers: ReadonlyMap<string, OidcProvider>
  readonly clock: Clock
  readonly log: Logger
  readonly limiters: Limiters
  readonly noteRefusal: NoteRefusal
}

/** What is to become of it. */
export interface Departure {
  readonly provider: string
  /** The invitation that is to be accepted. */
  readonly invitation?: string
  /** Where the desk is to open, e.g. `#/t/…`. */
  readonly wanted?: string
}

/** How a browser comes back: by which callback, with what behind `?`, and with which cookie. */
export interface Back {
  readonly provider: string
  readonly search: string
  readonly browserToken: string | undefined
}

/** Somebody who was let in by a provider. */
export interface Arrival {
  readonly agentId: string
  readonly provider: string
  /** The provider asks for a second step itself. */
  readonly trusted: boolean
  readonly wanted?: string
}

/** Signing in with an account at an identity provider. */
export interface ProviderDoor {
  /** What the sign-in page offers. */
  list(): readonly { readonly id: string; readonly label: OidcConfig['label'] }[]
  /** Where the browser goes, and what it is to keep in a cookie. Throws `not_found`, `unavailable`, `too_many`. */
  leave(
    wish: Departure,
    origin: string,
    client: Client,
  ): Promise<{ readonly url: string; readonly browserToken: string }>
  /** Throws `ProviderRefused`. */
  arrive(back: Back, origin: string, client: Client): Promise<Arrival>
  /** Where signing out goes on; undefined: nowhere else. Never throws. */
  signOut(provider: string, origin: string): Promise<string | undefined>
}

const backAt = (origin: string, provider: string): string => `${origin}/desk/sign-in/callback/${provider}`

/** What went wrong in words of ours: somebody said no, or the provider is at fault. */
const refusalOf = (error: unknown): ProviderRefused => {
  if (error instanceof ProviderRefused) return error
  if (error instanceof TongdaError) return new ProviderRefused('unavailable', error)
  const denied =
    error instanceof Error &&
    'error' in error &&
    (error.error === 'access_denied' || error.error === 'login_required')
  return new ProviderRefused(denied ? 'denied' : 'failed', error)
}

/** Facts of a failure for the log: no token, code or claim among them. */
const factsOf = (cause: unknown): Readonly<Record<string, unknown>> =>
  cause instanceof Error
    ? {
        error: cause.message,
        ...('code' in cause ? { code: cause.code } : {}),
        ...('error' in cause ? { providerError: cause.error } : {}),
        ...(cause.cause instanceof Error ? { because: cause.cause.message } : {}),
      }
    : {}

/** A way to a provider by its name. Throws `not_found`. */
const find = (providers: ReadonlyMap<string, OidcProvider>, id: string): OidcProvider => {
  const provider = providers.get(id)
  if (provider === undefined)
    throw new Problem('not_found', 'there is no such way to sign in; load the page again')
  return provider
}

const createLeave = ({
  stores,
  providers,
  clock,
  log,
  limiters,
}: ProviderDoorOptions): ProviderDoor['leave'] => {
  const starts = limiters.create({ name: 'provider-starts', points: startsPerMinute, durationMs: 60_000 })
  const ask = async (id: string, origin: string, exchange: Exchange): Promise<URL> => {
    try {
      return await find(providers, id).start(backAt(origin, id), exchange)
    } catch (error) {
      if (error instanceof Problem) throw error
      log.warn({ provider: id, ...factsOf(error) }, 'an identity provider cannot be asked')
      throw new Problem(
        'unavailable',
        `the identity provider ${id} does not answer as it should; try again, or sign in another way. For the operator: see the log, and compare signIn.oidc.${id}.issuer`,
        { reason: 'provider' },
      )
    }
  }
  return async ({ provider, invitation, wanted }, origin, client) => {
    const { allowed, resetMs } = await starts.take(networkOf(client.address))
    if (!allowed) throw tooMany('too many tries; wait a moment', resetMs)
    const exchange = { state: createToken(), nonce: createToken(), verifier: createToken() }
    const url = await ask(provider, origin, exchange)
    const browserToken = createToken()
    const createdAt = clock.now()
    await stores.attempts.create({
      ...{ provider, nonce: exchange.nonce, verifier: exchange.verifier },
      ...{ stateHash: hashToken(exchange.state), browserHash: hashToken(browserToken) },
      ...(invitation === undefined ? {} : { invitationHash: hashToken(invitation) }),
      ...(wanted === undefined ? {} : { wanted }),
      ...{ createdAt, expiresAt: new Date(createdAt.getTime() + attemptMs) },
    })
    return { url: url.href, browserToken }
  }
}

const createArrive = (options: ProviderDoorOptions): ProviderDoor['arrive'] => {
  const { stores, providers, clock, log, noteRefusal } = options
  const resolve = createResolve(options)

  const take = async (
    state: string,
    id: string,
    browserToken: string | undefined,
  ): Promise<ProviderAttempt> => {
    const attempt = await stores.attempts.take(hashToken(state), clock.now())
    const mine = browserToken !== undefined && attempt?.browserHash === hashToken(browserToken)
    if (attempt === undefined || !mine || attempt.provider !== id) throw new ProviderRefused('expired')
    return attempt
  }

  const letIn = async ({ provider: id, search, browserToken }: Back, origin: string): Promise<Arrival> => {
    const provider = find(providers, id)
    const state = new URLSearchParams(search).get('state') ?? ''
    const { nonce, verifier, invitationHash, wanted } = await take(state, id, browserToken)
    const identity = await provider.finish(new URL(backAt(origin, id) + search), { state, nonce, verifier })
    const agentId = await resolve(identity, provider.config, invitationHash)
    const facts = { agentId, provider: id, trusted: provider.config.trustSecondStep }
    return { ...facts, ...(wanted === undefined ? {} : { wanted }) }
  }

  return async (back, origin, client) => {
    try {
      return await letIn(back, origin)
    } catch (error) {
      const refused = refusalOf(error)
      log.warn(
        { provider: back.provider, refusal: refused.refusal, ...factsOf(refused.cause) },
        'sign-in by a provider refused',
      )
      await noteRefusal({ by: 'provider', address: client.address })
      throw refused
    }
  }
}

/** Opens the door for accounts at identity providers. */
export const createProviderDoor = (options: ProviderDoorOptions): ProviderDoor => {
  const { providers, log } = options
  return {
    list: () => [...providers].map(([id, { config }]) => ({ id, label: config.label })),
    leave: createLeave(options),
    arrive: createArrive(options),
    signOut: async (id, origin) => {
      const provider = providers.get(id)
      if (provider?.config.signOutThere !== true) return undefined
      try {
        return (await provider.signOut(`${origin}/desk/sign-in`))?.href
      } catch (error) {
        log.warn({ provider: id, ...factsOf(error) }, 'signed out here, and not at the provider')
        return undefined
      }
    },
  }
}
