import type { Role } from '../../core/agent.ts'
import { TongdaError, type ErrorCode } from '../../core/errors.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { ProviderIdentity } from '../../core/provider-sign-in.ts'
import type { SignInStores } from '../../core/sign-in.ts'
import type { StaffChange, StaffMember } from '../../core/staff.ts'
import type { OidcConfig } from './config.ts'

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

/** What finding somebody by an account stands on. */
export interface ProviderPeopleOptions {
  readonly stores: Pick<SignInStores, 'identities' | 'invitations' | 'staff'>
  readonly clock: Clock
  readonly log: Logger
}

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
  ({ stores: { staff }, clock, log }: ProviderPeopleOptions) =>
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

/** Finds whose account it is; links or makes it where the configuration allows that. Throws `ProviderRefused`. */
export const createResolve = (options: ProviderPeopleOptions) => {
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
      if (error instanceof TongdaError && error.code === 'conflict')
        throw new ProviderRefused('other-account')
      throw error
    })
    if (agent === undefined) throw new ProviderRefused('invitation')
    return agent.id
  }

  const byEmail = async (identity: ProviderIdentity, config: OidcConfig): Promise<string> => {
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

  return async (
    identity: ProviderIdentity,
    config: OidcConfig,
    invited: string | undefined,
  ): Promise<string> => {
    const account = await identities.use(identity, clock.now())
    if (account?.deactivated === true) throw new ProviderRefused('deactivated')
    if (!hasDomain(config, identity.email))
      throw new ProviderRefused(identity.unverified ? 'unverified' : 'domain')
    if (config.roles !== undefined && identity.role === undefined) throw new ProviderRefused('role')
    const agentId =
      account?.agentId ??
      (invited === undefined ? await byEmail(identity, config) : await byInvitation(invited, identity))
    await follow(agentId, identity)
    return agentId
  }
}
