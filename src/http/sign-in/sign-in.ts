import type { Role } from '../../core/agent.ts'
import type { Limiters } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Session, SignInMethod, SignInRefusal, SignInStores } from '../../core/sign-in.ts'
import { TongdaError } from '../../core/errors.ts'
import { Problem } from '../problem.ts'
import { createEnrolment, type Enrolment, type Proof } from './enrolment.ts'
import { createInvitationDoor, type InvitationDoor } from './invitations.ts'
import { createPasswords, passwordFault, type Passwords } from './passwords.ts'
import { createSecondSteps } from './second-step.ts'
import { createSessions, type Client, type Sessions } from './sessions.ts'
import { admitted, createSignInThrottle } from './throttle.ts'
import { createToken, hashToken } from './tokens.ts'

/** What sign-in stands on. */
export interface SignInOptions {
  readonly stores: SignInStores
  readonly clock: Clock
  readonly log: Logger
  /** Where wrong passwords are counted. */
  readonly limiters: Limiters
  /** Roles that may do nothing before they have a second step. Default: none. */
  readonly requireTotp?: readonly Role[]
}

/** A one-time link. The token stands behind `#`, so that no server, log or referrer ever sees it. */
export interface SignInLink {
  /** `/desk/sign-in#token=…`, to be put behind the public URL. */
  readonly path: string
  readonly expiresAt: Date
}

/** A password to be set. `current` is needed where one exists, unless a fresh link proved who this is. */
export interface PasswordChange {
  readonly current: string | undefined
  readonly next: string
  readonly client: Client
}

/** How far somebody has come: in, with a session's token, or before the second step, with a token for that. */
export type Entered =
  { readonly kind: 'in'; readonly token: string } | { readonly kind: 'second-step'; readonly token: string }

/** Lets agents in. Refusals are thrown as problems. */
export interface SignIn {
  readonly sessions: Sessions
  readonly enrolment: Enrolment
  /** Makes a link for an agent that works once and for `minutes` (at most 1 440); earlier links stop working. */
  createLink(agentId: string, minutes: number): Promise<SignInLink>
  byLink(token: string, client: Client): Promise<Entered>
  /** The same refusal, after the same time, for every wrong pair. */
  byPassword(email: string, password: string, client: Client): Promise<Entered>
  /** With a code of the agent's app, or a recovery code. Gives the new session's token. */
  bySecondStep(challenge: string, code: string, client: Client): Promise<string>
  /** Sets a password, ends all sessions of the agent and gives a new one's token. */
  setPassword(session: Session, change: PasswordChange): Promise<string>
  /** What somebody is invited to; looking uses nothing up. */
  readonly lookAtInvitation: InvitationDoor['look']
  /** Makes the agent and lets them in. */
  byInvitation(
    token: string,
    wanted: { readonly name: string; readonly password: string },
    client: Client,
  ): Promise<Entered>
  /** For who lost phone and recovery codes: takes their second step down and ends all their sessions. */
  resetSecondStep(agentId: string): Promise<void>
  /** True: the agent's role asks for a second step, and this session came without one. */
  mustEnrol(session: Session): boolean
}

/** How long a session counts as fresh proof. */
const freshMs = 15 * 60_000
const maxLinkMinutes = 1_440
/** Refused tries the audit log keeps: guessing links must not flood it. The other log has them all. */
const notedPerMinute = 60

/** Writes refused sign-ins down, no more than a minute may have: guessing must not flood the log. */
const createNoteRefusal = ({ stores, limiters }: Pick<SignInOptions, 'stores' | 'limiters'>) => {
  const noted = limiters.create({ name: 'refused-sign-ins', points: notedPerMinute, durationMs: 60_000 })
  return async (refusal: SignInRefusal): Promise<void> => {
    const { allowed } = await noted.take('all')
    if (allowed) await stores.refusals.record(refusal)
  }
}

type NoteRefusal = ReturnType<typeof createNoteRefusal>

/** Signing in with a password, and changing it. */
const createPasswordDoor = (
  { stores, clock, log, limiters }: SignInOptions,
  { passwords, noteRefusal }: { readonly passwords: Passwords; readonly noteRefusal: NoteRefusal },
) => {
  const throttle = createSignInThrottle(limiters)
  const isFresh = ({ createdAt }: Session): boolean => clock.now().getTime() - createdAt.getTime() < freshMs

  /** Where there is no password, there is nothing to check. */
  const check = async (
    { agent }: Session,
    { password, client }: Omit<Proof, 'code'>,
    field: string,
  ): Promise<void> => {
    const known = await stores.passwords.find(agent.email)
    if (known?.hash === undefined) return
    const succeed = admitted(await throttle.admit(agent.email, client.address))
    if (!(await passwords.matches(password ?? '', known.hash)))
      throw new Problem('forbidden', 'the current password is wrong', { field })
    await succeed()
  }

  return {
    /** Whose mail address and password these are. */
    find: async (email: string, password: string, client: Client): Promise<string> => {
      const succeed = admitted(await throttle.admit(email, client.address))
      const known = await stores.passwords.find(email)
      if (!(await passwords.matches(password, known?.hash)) || known === undefined) {
        log.warn({}, 'sign-in refused')
        await noteRefusal({
          ...{ by: 'password', address: client.address },
          ...(known === undefined ? {} : { agentId: known.agentId }),
        })
        throw new Problem('unauthenticated', 'mail address or password is wrong')
      }
      await succeed()
      return known.agentId
    },
    prove: async (session: Session, proof: Omit<Proof, 'code'>, { fresh }: { readonly fresh: boolean }) => {
      if (!(fresh && isFresh(session))) await check(session, proof, 'password')
    },
    change: async (session: Session, { current, next, client }: PasswordChange): Promise<void> => {
      const { agent, by } = session
      const fault = passwordFault(next, agent.email)
      if (fault !== undefined) throw new Problem('bad_input', fault, { field: 'next' })
      // Who was let in by a link may have forgotten it.
      if (!(by === 'link' && isFresh(session))) await check(session, { password: current, client }, 'current')
      await stores.passwords.set(agent.id, await passwords.hash(next), clock.now())
      log.info({ agentId: agent.id }, 'agent set a password')
    },
  }
}

/** One-time links. */
const createLinkDoor = ({ stores, clock, log }: SignInOptions, noteRefusal: NoteRefusal) => ({
  create: async (agentId: string, minutes: number): Promise<SignInLink> => {
    const token = createToken()
    const createdAt = clock.now()
    const expiresAt = new Date(createdAt.getTime() + Math.min(minutes, maxLinkMinutes) * 60_000)
    await stores.links.save({ tokenHash: hashToken(token), agentId, createdAt, expiresAt })
    return { path: `/desk/sign-in#token=${token}`, expiresAt }
  },
  /** Whose link it is; it is used up. */
  find: async (token: string, client: Client): Promise<string> => {
    const agentId = await stores.links.consume(hashToken(token), clock.now())
    if (agentId !== undefined) return agentId
    log.warn({}, 'sign-in link refused')
    await noteRefusal({ by: 'link', address: client.address })
    throw new Problem('unauthenticated', 'this link was used, replaced or is too old; ask for a new one')
  },
})

/** Sign-in with one-time links, passwords and codes of an app. */
export const createSignIn = (options: SignInOptions): SignIn => {
  const { stores, clock, log, limiters, requireTotp = [] } = options
  const sessions = createSessions(stores.sessions, clock)
  const noteRefusal = createNoteRefusal(options)
  const passwords = createPasswords()
  const byPassword = createPasswordDoor(options, { passwords, noteRefusal })
  const invited = createInvitationDoor({ store: stores.invitations, clock }, passwords)
  const links = createLinkDoor(options, noteRefusal)
  const steps = createSecondSteps({ stores, clock, log, limiters, noteRefusal })

  const enter = async (agentId: string, by: SignInMethod, client: Client): Promise<Entered> => {
    if (await steps.isOwed(agentId))
      return { kind: 'second-step', token: await steps.challenge(agentId, by, client) }
    log.info({ agentId, by }, 'agent signed in')
    return { kind: 'in', token: await sessions.start(agentId, { by }, client) }
  }

  return {
    sessions,
    enrolment: createEnrolment({
      ...{ stores, steps, sessions, clock, log },
      checkPassword: byPassword.prove,
    }),
    createLink: links.create,
    byLink: async (token, client) => enter(await links.find(token, client), 'link', client),
    byPassword: async (email, password, client) =>
      enter(await byPassword.find(email, password, client), 'password', client),
    bySecondStep: async (challenge, code, client) => {
      const { agentId, method: by, step: secondStep } = await steps.finish(challenge, code, client)
      log.info({ agentId, by, secondStep }, 'agent signed in')
      return sessions.start(agentId, { by, secondStep }, client)
    },
    setPassword: async (session, change) => {
      await byPassword.change(session, change)
      const { agent, secondStep } = session
      return sessions.start(
        agent.id,
        { by: 'password', ...(secondStep === undefined ? {} : { secondStep }) },
        change.client,
      )
    },
    lookAtInvitation: invited.look,
    byInvitation: async (token, wanted, client) => {
      const { id } = await invited.accept(token, wanted)
      return enter(id, 'invitation', client)
    },
    resetSecondStep: async (agentId) => {
      if (!(await stores.secondFactors.remove(agentId, 'reset')))
        throw new TongdaError('conflict', 'there is no second step to take down')
    },
    mustEnrol: ({ agent, secondStep }) => secondStep === undefined && requireTotp.includes(agent.role),
  }
}
