/** Hands customers' mail to the product by LMTP (RFC 2033), again and again until it is taken or given up. */
import { setTimeout as sleep } from 'node:timers/promises'
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import type { Clock } from '../../src/core/clock.ts'
import type { Trace } from '../kit/trace.ts'
import type { EmailAccount, MailTiming } from './account.ts'
import type { Faults } from './faults.ts'

export interface HandOverDeps {
  readonly account: EmailAccount
  readonly receiverPort: () => number
  readonly timing: MailTiming
  readonly faults: Faults
  readonly trace: Trace
  readonly clock: Clock
  readonly stopped: AbortSignal
}

/** A mail on its way to the product. */
export interface Parcel {
  /** Whose exchange it is shown as. */
  readonly userKey: string
  /** Empty: the null sender of reports. */
  readonly from: string
  readonly to: string
  readonly raw: Buffer
}

interface Outcome {
  readonly status: string
  readonly taken: boolean
  /** True: no further try will change the answer. */
  readonly final: boolean
}

const codeOf = (error: unknown): number => {
  const code: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'responseCode') : undefined
  return typeof code === 'number' ? code : 0
}

const settle = (work: (done: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    work((error) => {
      if (error === null || error === undefined) resolve()
      else reject(error instanceof Error ? error : new Error('refused'))
    })
  })

/** One try, as a mail server makes it; throws when the product does not take the mail. */
const createSpeak = ({ account, receiverPort, timing, faults, stopped }: HandOverDeps) => {
  const connectionOf = () =>
    new SMTPConnection({
      host: '127.0.0.1',
      port: receiverPort(),
      lmtp: true,
      ignoreTLS: true,
      name: account.authservId,
      connectionTimeout: timing.timeoutMs,
      greetingTimeout: timing.timeoutMs,
      socketTimeout: timing.timeoutMs,
      logger: false,
    })
  return async ({ from, to, raw }: Parcel, breaksOff: boolean): Promise<void> => {
    const connection = connectionOf()
    const abort = (): void => connection.close()
    stopped.addEventListener('abort', abort)
    const talk = async (): Promise<void> => {
      await settle((done) => connection.connect(done))
      const pass = faults.has('bad-signature') ? 'not-the-password' : account.receiverPassword
      await settle((done) => connection.login({ user: account.receiverUser, pass }, done))
      if (breaksOff) throw new Error('the line broke')
      // LMTP answers for each recipient by itself.
      await settle((done) =>
        connection.send({ from, to: [to] }, raw, (error, info) => done(error ?? info.rejectedErrors?.[0])),
      )
    }
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject)
        connection.once('end', () => reject(new Error('the line broke')))
        talk().then(resolve, reject)
      })
    } finally {
      stopped.removeEventListener('abort', abort)
      connection.close()
    }
  }
}

export const createHandOver = (deps: HandOverDeps) => {
  const { timing, faults, trace, clock, stopped } = deps
  const speak = createSpeak(deps)

  const attempt = async (parcel: Parcel, number: number): Promise<Outcome> => {
    const breaksOff = number === 1 && faults.has('lost-connection')
    const problems = [
      ...(breaksOff ? ['fault: lost-connection'] : []),
      ...(faults.has('bad-signature') ? ['fault: bad-signature'] : []),
    ]
    const [at, startedAt] = [clock.now(), performance.now()]
    const record = (outcome: Outcome, response: string): Outcome => {
      trace.add({
        userKey: parcel.userKey,
        at,
        kind: 'push',
        title: `LMTP RCPT TO:<${parcel.to}>`,
        status: outcome.status,
        durationMs: Math.round(performance.now() - startedAt),
        request: parcel.raw.toString('utf8'),
        response,
        proof: { name: 'password', good: !faults.has('bad-signature') },
        problems,
      })
      return outcome
    }
    try {
      await speak(parcel, breaksOff)
      return record({ status: '250', taken: true, final: true }, '250 stored')
    } catch (error) {
      const code = codeOf(error)
      const words = error instanceof Error ? error.message : 'no answer'
      return record(
        { status: code === 0 ? 'no answer' : String(code), taken: false, final: code >= 500 },
        words,
      )
    }
  }

  /** True once the product has it; false when it refuses for good or is given up. */
  return async (parcel: Parcel): Promise<boolean> => {
    const pauses = [0, ...timing.retriesMs]
    for (const [at, pauseMs] of pauses.entries()) {
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: stopped }).catch(() => undefined)
      if (stopped.aborted) return false
      const { taken, final } = await attempt(parcel, at + 1)
      if (taken || final) return taken
    }
    return false
  }
}
export type HandOver = ReturnType<typeof createHandOver>
