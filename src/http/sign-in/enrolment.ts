import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Session, SignInStores } from '../../core/sign-in.ts'
import { Problem } from '../problem.ts'
import {
  appAddress,
  createRecoveryCodes,
  createSecret,
  drawQr,
  hashRecoveryCode,
  readDigits,
  stepOf,
  type QrPath,
} from './codes.ts'
import type { FirstStep, SecondSteps } from './second-step.ts'
import { isFresh, type Client, type Sessions } from './sessions.ts'

/** What an agent's app needs, shown once. */
export interface AppSecret {
  readonly secret: string
  /** `otpauth://totp/…` */
  readonly address: string
  readonly qr: QrPath
}

/** How an agent's second step stands. */
export interface SecondStepState {
  readonly enrolled: boolean
  readonly recoveryCodesLeft: number
  /** There is one to ask for as proof. */
  readonly hasPassword: boolean
  /** It is asked for before a second step can be begun: the session is not fresh. */
  readonly asksPassword: boolean
}

/** What proves again who asks, before something grave. */
export interface Proof {
  readonly password: string | undefined
  readonly code: string
  readonly client: Client
}

/** An agent's own second step: put up, proven, renewed, taken down. Refusals are thrown as problems. */
export interface Enrolment {
  state(session: Session): Promise<SecondStepState>
  /** Shows the secret. Needs the password unless the session is fresh. */
  begin(session: Session, proof: Omit<Proof, 'code'>): Promise<AppSecret>
  /**
   * The first code proves that the app has it. All sessions of the agent end; gives a new one's token and the recovery
   * codes, which are never shown again.
   */
  confirm(
    session: Session,
    code: string,
    client: Client,
  ): Promise<{ readonly token: string; readonly recoveryCodes: readonly string[] }>
  /** New recovery codes in the place of all others. */
  renew(session: Session, proof: Proof): Promise<readonly string[]>
  /** Takes it down and gives a new session's token; all others end. */
  turnOff(session: Session, proof: Proof): Promise<string>
}

/** What enrolment stands on. */
export interface EnrolmentOptions {
  readonly stores: Pick<SignInStores, 'secondFactors' | 'passwords'>
  readonly steps: SecondSteps
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Logger
  /** Throws `forbidden` unless the password is right; `fresh`: a session that has just begun will do as well. */
  readonly checkPassword: (
    session: Session,
    proof: Omit<Proof, 'code'>,
    ways: { readonly fresh: boolean },
  ) => Promise<void>
}

const firstStepOf = ({ by, provider }: Session): FirstStep => ({
  by,
  ...(provider === undefined ? {} : { provider }),
})

const wrongCode = (detail: string): Problem => new Problem('forbidden', detail, { field: 'code' })

const hashesOf = (agentId: string, codes: readonly string[]): readonly string[] =>
  codes.map((code) => hashRecoveryCode(agentId, code))

/** Begins and confirms. */
const createSetup = ({ stores, sessions, clock, log, checkPassword }: EnrolmentOptions) => {
  const { secondFactors: store } = stores
  /** The half minute that the first code proves, and the secret it proves. */
  const prove = async (agentId: string, code: string) => {
    const factor = await store.find(agentId)
    if (factor === undefined || factor.confirmedAt !== undefined)
      throw new Problem('conflict', 'nothing waits to be confirmed; begin anew')
    const digits = readDigits(code)
    const step = digits === undefined ? undefined : stepOf(factor.secret, digits, clock.now())
    if (step === undefined)
      throw wrongCode('this is not the code that the app shows now; is the clock of the phone right?')
    return { secret: factor.secret, step }
  }
  const begin: Enrolment['begin'] = async (session, proof) => {
    await checkPassword(session, proof, { fresh: true })
    const secret = createSecret()
    if (!(await store.begin(session.agent.id, secret, clock.now())))
      throw new Problem('conflict', 'there is a second step already; turn it off first')
    const address = appAddress(secret, session.agent.email)
    return { secret, address, qr: drawQr(address) }
  }
  const confirm: Enrolment['confirm'] = async (session, code, client) => {
    const { id: agentId } = session.agent
    const proof = await prove(agentId, code)
    const recoveryCodes = createRecoveryCodes()
    const confirmed = { ...proof, codeHashes: hashesOf(agentId, recoveryCodes) }
    if (!(await store.confirm(agentId, confirmed, clock.now())))
      throw new Problem('conflict', 'somebody else was faster; load the page again')
    log.info({ agentId }, 'agent put up a second step')
    const how = { ...firstStepOf(session), secondStep: 'code' } as const
    return { token: await sessions.start(agentId, how, client), recoveryCodes }
  }
  return { begin, confirm }
}

/** Manages second steps by codes of an app. */
export const createEnrolment = (options: EnrolmentOptions): Enrolment => {
  const { stores, steps, sessions, clock, log, checkPassword } = options
  const { secondFactors: store } = stores

  const prove = async (session: Session, proof: Proof): Promise<void> => {
    await checkPassword(session, proof, { fresh: false })
    const agentId = session.agent.id
    if ((await steps.check({ agentId, code: proof.code, client: proof.client })) === undefined)
      throw wrongCode('this code is wrong, used or too old; wait for the next one')
  }

  return {
    ...createSetup(options),
    state: async (session) => {
      const { id, email } = session.agent
      const hasPassword = (await stores.passwords.find(email))?.hash !== undefined
      return {
        enrolled: await steps.isOwed(id),
        recoveryCodesLeft: await store.countRecovery(id),
        hasPassword,
        asksPassword: hasPassword && !isFresh(session, clock),
      }
    },
    renew: async (session, proof) => {
      await prove(session, proof)
      const { id: agentId } = session.agent
      const codes = createRecoveryCodes()
      await store.replaceRecovery(agentId, hashesOf(agentId, codes), clock.now())
      return codes
    },
    turnOff: async (session, proof) => {
      await prove(session, proof)
      const { id: agentId } = session.agent
      await store.remove(agentId, 'turned-off')
      log.info({ agentId }, 'agent turned the second step off')
      return sessions.start(agentId, firstStepOf(session), proof.client)
    },
  }
}
