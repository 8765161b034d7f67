import type { Clock } from '../../src/core/clock.ts'
import type { SimulatedUser } from '../simulator.ts'

/** The brand's mail account on the simulated provider, as its owner set it up. */
export interface EmailAccount {
  /** Shown on top of the client. */
  readonly name: string
  /** The address customers write to. */
  readonly address: string
  /** Login for handing mail in (SMTP). */
  readonly user: string
  /** The authorisation code (授权码). */
  readonly password: string
  /** With which the provider signs in where it hands mail over (LMTP). */
  readonly receiverUser: string
  readonly receiverPassword: string
  /** Name under which the provider writes Authentication-Results. */
  readonly authservId: string
}

/** How patient the provider is. Real milliseconds: waiting is not simulated time. */
export interface MailTiming {
  /** Pauses before further tries to hand a mail over; when all are used it is given up. */
  readonly retriesMs: readonly number[]
  /** How long a returned mail is on its way. */
  readonly bounceMs: number
  /** How long one hand-over may take. */
  readonly timeoutMs: number
}

export const usualTiming: MailTiming = {
  retriesMs: [1_000, 2_000, 5_000, 10_000, 30_000],
  bounceMs: 1_500,
  timeoutMs: 30_000,
}

/** What a simulator needs to know. */
export interface EmailSimulatorOptions {
  readonly account: EmailAccount
  /** Port of this machine on which mail for customers is taken (SMTP). */
  readonly smtpPort: number
  /** Port of this machine where the product takes mail (LMTP); asked at each hand-over. */
  readonly receiverPort: () => number
  /** Dates every mail. */
  readonly clock: Clock
  /** People with a mailbox on the provider; `key` is the address. Default none. */
  readonly users?: readonly SimulatedUser[]
  readonly timing?: Partial<MailTiming>
}
