import { randomBytes } from 'node:crypto'
import type { Role } from '../../core/agent.ts'
import type { Limiters } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { TongdaError, type ErrorCode } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { ProviderAttempt, ProviderIdentity } from '../../core/provider-sign-in.ts'
import type { SignInStores } from '../../core/sign-in.ts'
import type { StaffChange, StaffMember } from '../../core/staff.ts'
import { Problem, tooMany } from '../problem.ts'
import type { OidcConfig } from './config.ts'
import type { NoteRefusal } from './note-refusal.ts'
import type { OidcProvider } from './oidc.ts'
import type { Client } from './sessions.ts'
import { networkOf } from './throttle.ts'
import { createToken, hashToken } from './tokens.ts'

/** Why somebody who came back from a provider is not let in. The page has words for each that say what to do. */
export type ProviderRefusal =
  /** They said no, or the provider did. */
  | 'denied'
  /** Too long ago, used already, or begun in another browser. */
  | 'expired'
  /** The provider does not answer, or not as it should. */
  | 'failed'
  | 'unverified'
  | 'domain'
  /** Nobody has this address here. */
  | 'unknown'
  | 'deactivated'
  /** The agent signs in with another account of this provider, or this account is somebody else's. */
  | 'other-account'
  /** The claims stand for no role. */
  | 'role'
  | 'invitation'
  /** We ourselves are at fault. */
  | 'unavailable'

/** That refusal, thrown. */
export class ProviderRefused extends Error {
  readonly refusal: ProviderRefusal

  constructor(refusal: ProviderRefusal, cause?: unknown) {
    super(`signing in by a provider was refused: ${refusal}`, cause === undefined ? undefined : { cause })
    this.name = 'ProviderRefused'
    this.refusal = refusal
  }
}

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
  arrive(
    back: { readonly provider: string; readonly search: string; readonly browserToken: string | undefined },
    origin: string,
    client: Client,
  ): Promise<Arrival>
  /** Where signing out goes on; undefined: nowhere else. Never throws. */
  signOut(provider: string, origin: string): Promise<string | undefined>
}

const backAt = (origin: string, provider: string): string => `${origin}/desk/sign-in/callback/${provider}`

const hasDomain = ({ allowedDomains }: OidcConfig, email: string | undefined): boolean =>
  allowedDomains.length === 0 || allowedDomains.includes(email?.split('@').at(-1) ?? '')

const harmless: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['bad_input', 'conflict', 'not_found'])

/** Role and then teams as the provider says, where they differ. */
const differing = ({ role, teams }: ProviderIdentity, member: StaffMember): readonly StaffChange[] => {
  const kept = member.teamIds.filter((id) => teams?.among.includes(id) !== true)
  const teamIds = [...kept, ...(teams?.of ?? [])]
  const same = teamIds.length === member.teamIds.length && teamIds.every((id) => member.teamIds.includes(id))
  return [
    ...(role === undefined || role === member.role ? [] : [{ role }]),
    ...(teams === undefined || same ? [] : [{ teamIds }]),
  ]
}

/** Makes an agent's role and teams what the provider says. */
const createFollow =
  ({ stores: { staff }, clock, log }: Pick<ProviderDoorOptions, 'stores' | 'clock' | 'log'>) =>
  async (agentId: string, identity: ProviderIdentity): Promise<void> => {
    for (const change of differing(identity, await staff.get(agentId))) {
      try {
        await staff.change(agentId, change, clock.now())
      } catch (error) {
        // The last administrator stays one; a team that is gone, or a role that is in none, keeps nobody out.
        if (!(error instanceof TongdaError) || !harmless.has(error.code)) throw error
        log.warn({ agentId, error: error.message }, 'what a provider says of an agent could not be followed')
      }
    }
  }

/** Whose account this is, linked or made where the configuration allows it. */
const createResolve = (options: ProviderDoorOptions) => {
  const { stores, clock } = options
  const { identities, invitations } = stores
  const follow = createFollow(options)

  const byInvitation = async (tokenHash: string, identity: ProviderIdentity): Promise<string> => {
    const invitation = await invitations.find(tokenHash, clock.now())
    if (invitation === undefined) throw new ProviderRefused('invitation')
    const { issuer, subject } = identity
    const name = invitation.name ?? identity.name ?? invitation.email.split('@')[0] ?? invitation.email
    const acceptance = { name, account: { issuer, subject } }
    const agent = await invitations.accept(tokenHash, acceptance, clock.now()).catch((error: unknown) => {
      if (error instanceof TongdaError && error.code === 'conflict') throw new ProviderRefused('other-account')
      throw error
    })
    if (agent === undefined) throw new ProviderRefused('invitation')
    return agent.id
  }

  const byEmail = async (identity: ProviderIdentity, { config }: OidcProvider): Promise<string> => {
    const { email, unverified, issuer, subject } = identity
    // Whoever may write any address into an account there must not become the one who has it here.
    if (email === undefined) throw new ProviderRefused(unverified ? 'unverified' : 'unknown')
    const known = await identities.findByEmail(email)
    if (known?.deactivated === true) throw new ProviderRefused('deactivated')
    if (known !== undefined) {
      if (await identities.link(known.agentId, { issuer, subject }, clock.now())) return known.agentId
      throw new ProviderRefused('other-account')
    }
    if (!config.create) throw new ProviderRefused('unknown')
    const role: Role = identity.role ?? config.role ?? 'agent'
    const name = identity.name ?? email.split('@')[0] ?? email
    const agent = await identities.create({ name, email, role }, { issuer, subject }, clock.now())
    return agent.id
  }

  return async (identity: ProviderIdentity, provider: OidcProvider, invited: string | undefined) => {
    const { config } = provider
    const account = await identities.use(identity, clock.now())
    if (account?.deactivated === true) throw new ProviderRefused('deactivated')
    if (!hasDomain(config, identity.email)) throw new ProviderRefused(identity.unverified ? 'unverified' : 'domain')
    if (config.roles !== undefined && identity.role === undefined) throw new ProviderRefused('role')
    const agentId =
      account?.agentId ??
      (invited === undefined
        ? await byEmail(identity, provider)
        : await byInvitation(invited, identity))
    await follow(agentId, identity)
    return agentId
  }
}

/** What went wrong in words of ours: somebody said no, or the provider is at fault. */
const refusalOf = (error: unknown): ProviderRefused => {
  if (error instanceof ProviderRefused) return error
  if (error instanceof TongdaError) return new ProviderRefused('unavailable', error)
  const denied =
    error instanceof Error && 'error' in error && (error.error === 'access_denied' || error.error === 'login_required')
  return new ProviderRefused(denied ? 'denied' : 'failed', error)
}

/** Facts of a failure for the log: no token, code or claim among them. */
const factsOf = (cause: unknown): Readonly<Record<string, unknown>> =>
  cause instanceof Error
    ? {
        error: cause.message,
        ...('code' in cause ? { code: cause.code } : {}),
        ...('error' in cause ? { providerError: cause.error } : {}),
      }
    : {}

/** Opens the door for accounts at identity providers. */
export const createProviderDoor = (options: ProviderDoorOptions): ProviderDoor => {
  const { stores, providers, clock, log, limiters, noteRefusal } = options
  const resolve = createResolve(options)
  const starts = limiters.create({ name: 'provider-starts', points: startsPerMinute, durationMs: 60_000 })

  const get = (id: string): OidcProvider => {
    const provider = providers.get(id)
    if (provider === undefined) throw new Problem('not_found', 'there is no such way to sign in; load the page again')
    return provider
  }

  const take = async (state: string, id: string, browserToken: string | undefined): Promise<ProviderAttempt> => {
    const attempt = await stores.attempts.take(hashToken(state), clock.now())
    const mine = browserToken !== undefined && attempt?.browserHash === hashToken(browserToken)
    if (attempt === undefined || !mine || attempt.provider !== id) throw new ProviderRefused('expired')
    return attempt
  }

  const letIn: ProviderDoor['arrive'] = async ({ provider: id, search, browserToken }, origin) => {
    const provider = get(id)
    const state = new URLSearchParams(search).get('state') ?? ''
    const { nonce, verifier, invitationHash, wanted } = await take(state, id, browserToken)
    const identity = await provider.finish(new URL(backAt(origin, id) + search), { state, nonce, verifier })
    const agentId = await resolve(identity, provider, invitationHash)
    log.info({ agentId, provider: id }, 'a provider knows this agent')
    const facts = { agentId, provider: id, trusted: provider.config.trustSecondStep }
    return { ...facts, ...(wanted === undefined ? {} : { wanted }) }
  }

  return {
    list: () => [...providers].map(([id, { config }]) => ({ id, label: config.label })),
    leave: async ({ provider: id, invitation, wanted }, origin, client) => {
      const provider = get(id)
      const { allowed, resetMs } = await starts.take(networkOf(client.address))
      if (!allowed) throw tooMany('too many tries; wait a moment', resetMs)
      const [state, nonce, browserToken] = [createToken(), createToken(), createToken()]
      const verifier = randomBytes(32).toString('base64url')
      const url = await provider.start(backAt(origin, id), { state, nonce, verifier }).catch((error: unknown) => {
        log.warn({ provider: id, ...factsOf(error) }, 'an identity provider cannot be asked')
        throw new Problem(
          'unavailable',
          `the identity provider ${id} does not answer as it should; try again, or sign in another way. For the operator: see the log, and compare signIn.oidc.${id}.issuer`,
          { reason: 'provider' },
        )
      })
      const createdAt = clock.now()
      await stores.attempts.create({
        ...{ provider: id, nonce, verifier, stateHash: hashToken(state), browserHash: hashToken(browserToken) },
        ...(invitation === undefined ? {} : { invitationHash: hashToken(invitation) }),
        ...(wanted === undefined ? {} : { wanted }),
        ...{ createdAt, expiresAt: new Date(createdAt.getTime() + attemptMs) },
      })
      return { url: url.href, browserToken }
    },
    arrive: async (back, origin, client) => {
      try {
        return await letIn(back, origin, client)
      } catch (error) {
        const refused = refusalOf(error)
        log.warn(
          { provider: back.provider, refusal: refused.refusal, ...factsOf(refused.cause) },
          'sign-in by a provider refused',
        )
        await noteRefusal({ by: 'provider', address: client.address })
        throw refused
      }
    },
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
