import type { Session } from '../../core/sign-in.ts'
import { Problem } from '../problem.ts'
import type { Proof } from './enrolment.ts'
import type { NoteRefusal } from './note-refusal.ts'
import { passwordFault, type Passwords } from './passwords.ts'
import { isFresh, type Client } from './sessions.ts'
import type { PasswordChange, SignInOptions } from './options.ts'
import { admitted, createSignInThrottle } from './throttle.ts'

/** Signing in with a password, and changing it. */
export const createPasswordDoor = (
  { stores, clock, log, limiters }: SignInOptions,
  { passwords, noteRefusal }: { readonly passwords: Passwords; readonly noteRefusal: NoteRefusal },
) => {
  const throttle = createSignInThrottle(limiters)

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
      if (!(fresh && isFresh(session, clock))) await check(session, proof, 'password')
    },
    change: async (session: Session, { current, next, client }: PasswordChange): Promise<void> => {
      const { agent, by } = session
      const fault = passwordFault(next, agent.email)
      if (fault !== undefined) throw new Problem('bad_input', fault, { field: 'next' })
      // Who was let in by a link may have forgotten it.
      if (!(by === 'link' && isFresh(session, clock)))
        await check(session, { password: current, client }, 'current')
      await stores.passwords.set(agent.id, await passwords.hash(next), clock.now())
      log.info({ agentId: agent.id }, 'agent set a password')
    },
  }
}
