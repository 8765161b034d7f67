import type { Limiters } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Session, SignInRefusal, SignInStores } from '../../core/sign-in.ts'
import { Problem, tooMany } from '../problem.ts'
import { createPasswords, passwordFault } from './passwords.ts'
import { createSessions, type Client, type Sessions } from './sessions.ts'
import { createSignInThrottle, type Admission } from './throttle.ts'
import { createToken, hashToken } from './tokens.ts'

/** What sign-in stands on. */
export interface SignInOptions {
  readonly stores: SignInStores
  readonly clock: Clock
  readonly log: Logger
  /** Where wrong passwords are counted. */
  readonly limiters: Limiters
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

/** Lets agents in. Refusals are thrown as problems. */
export interface SignIn {
  readonly sessions: Sessions
  /** Makes a link for an agent that works once and for `minutes` (at most 1 440); earlier links stop working. */
  createLink(agentId: string, minutes: number): Promise<SignInLink>
  /** Gives the new session's token. */
  byLink(token: string, client: Client): Promise<string>
  /** Gives the new session's token. The same refusal, after the same time, for every wrong pair. */
  byPassword(email: string, password: string, client: Client): Promise<string>
  /** Sets a password, ends all sessions of the agent and gives a new one's token. */
  setPassword(session: Session, change: PasswordChange): Promise<string>
}

/** How long a session that began with a link counts as fresh proof. */
const freshMs = 15 * 60_000
const maxLinkMinutes = 1_440
/** Refused tries the audit log keeps: guessing links must not flood it. The other log has them all. */
const notedPerMinute = 60

const admitted = (admission: Admission): (() => Promise<void>) => {
  if (admission.kind === 'admitted') return admission.succeed
  throw tooMany('too many tries; wait, or ask for a sign-in link', admission.retryAfterMs)
}

/** Writes refused sign-ins down, no more than a minute may have: guessing must not flood the log. */
const createNoteRefusal = ({ stores, limiters }: Pick<SignInOptions, 'stores' | 'limiters'>) => {
  const noted = limiters.create({ name: 'refused-sign-ins', points: notedPerMinute, durationMs: 60_000 })
  return async (refusal: SignInRefusal): Promise<void> => {
    const { allowed } = await noted.take('all')
    if (allowed) await stores.refusals.record(refusal)
  }
}

/** Sign-in with one-time links and passwords. */
export const createSignIn = ({ stores, clock, log, limiters }: SignInOptions): SignIn => {
  const sessions = createSessions(stores.sessions, clock)
  const passwords = createPasswords()
  const throttle = createSignInThrottle(limiters)
  const noteRefusal = createNoteRefusal({ stores, limiters })

  const checkCurrent = async (session: Session, { current, client }: PasswordChange): Promise<void> => {
    const { agent, by, createdAt } = session
    const known = await stores.passwords.find(agent.email)
    if (known?.hash === undefined) return
    if (by === 'link' && clock.now().getTime() - createdAt.getTime() < freshMs) return
    const succeed = admitted(await throttle.admit(agent.email, client.address))
    if (!(await passwords.matches(current ?? '', known.hash)))
      throw new Problem('forbidden', 'the current password is wrong', { field: 'current' })
    await succeed()
  }

  return {
    sessions,
    createLink: async (agentId, minutes) => {
      const token = createToken()
      const createdAt = clock.now()
      const expiresAt = new Date(createdAt.getTime() + Math.min(minutes, maxLinkMinutes) * 60_000)
      await stores.links.save({ tokenHash: hashToken(token), agentId, createdAt, expiresAt })
      return { path: `/desk/sign-in#token=${token}`, expiresAt }
    },
    byLink: async (token, client) => {
      const agentId = await stores.links.consume(hashToken(token), clock.now())
      if (agentId === undefined) {
        log.warn({}, 'sign-in link refused')
        await noteRefusal({ by: 'link', address: client.address })
        throw new Problem('unauthenticated', 'this link was used, replaced or is too old; ask for a new one')
      }
      log.info({ agentId }, 'agent signed in with a link')
      return sessions.start(agentId, 'link', client)
    },
    byPassword: async (email, password, client) => {
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
      log.info({ agentId: known.agentId }, 'agent signed in with a password')
      return sessions.start(known.agentId, 'password', client)
    },
    setPassword: async (session, change) => {
      const { agent } = session
      const fault = passwordFault(change.next, agent.email)
      if (fault !== undefined) throw new Problem('bad_input', fault, { field: 'next' })
      await checkCurrent(session, change)
      await stores.passwords.set(agent.id, await passwords.hash(change.next), clock.now())
      log.info({ agentId: agent.id }, 'agent set a password')
      return sessions.start(agent.id, 'password', change.client)
    },
  }
}
