import { createHash } from 'node:crypto'
import type { Limiters } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { SecondStep } from '../../core/sign-in-ways.ts'
import type { NewSession, SignInStores } from '../../core/sign-in.ts'
import { Problem } from '../problem.ts'
import { hashRecoveryCode, readDigits, stepOf } from './codes.ts'
import type { NoteRefusal } from './note-refusal.ts'
import type { Client } from './sessions.ts'
import { admitted, createSignInThrottle } from './throttle.ts'
import { createToken, hashToken } from './tokens.ts'

/** How long the second step may be taken after the first. */
export const challengeMs = 5 * 60_000
/** Wrong codes after which the first step is to be taken again. */
const maxTries = 5

/** What the second step stands on. */
export interface SecondStepOptions {
  readonly stores: Pick<SignInStores, 'secondFactors' | 'challenges'>
  readonly clock: Clock
  readonly log: Logger
  readonly limiters: Limiters
  readonly noteRefusal: NoteRefusal
}

/** Whose code it is and where it comes from. */
export interface CodeTry {
  readonly agentId: string
  readonly code: string
  readonly client: Client
}

/** How the first step was taken. */
export type FirstStep = Pick<NewSession, 'by' | 'provider'>

/** The second step of signing in. */
export interface SecondSteps {
  isOwed(agentId: string): Promise<boolean>
  /** The first step was taken: gives the token for the second. */
  challenge(agentId: string, how: FirstStep, client: Client): Promise<string>
  /** Takes the second. Throws `unauthenticated`; with the reason `code` it may be tried again. */
  finish(
    token: string,
    code: string,
    client: Client,
  ): Promise<{ readonly agentId: string; readonly how: FirstStep & { readonly secondStep: SecondStep } }>
  /** How a code of the agent's app or a recovery code was right; undefined: it was not. Counts the try. */
  check(attempt: CodeTry): Promise<SecondStep | undefined>
}

// The token lies in a cookie that no script reads; what the browser calls itself must not change on the way either.
const browserOf = ({ userAgent }: Client): string =>
  createHash('sha256').update(userAgent).digest('base64url')

const overProblem = (): Problem =>
  new Problem('unauthenticated', 'the first step was too long ago or had too many tries; sign in again', {
    reason: 'challenge',
  })

/** Codes of apps, each once, and recovery codes in their place. */
export const createSecondSteps = (options: SecondStepOptions): SecondSteps => {
  const { stores, clock, log, limiters, noteRefusal } = options
  const { secondFactors, challenges } = stores
  const throttle = createSignInThrottle(limiters, 'second-step')

  const isRight = async ({ agentId, code }: CodeTry): Promise<SecondStep | undefined> => {
    const digits = readDigits(code)
    if (digits === undefined) {
      const used = await secondFactors.useRecovery(agentId, hashRecoveryCode(agentId, code), clock.now())
      return used ? 'recovery' : undefined
    }
    const factor = await secondFactors.find(agentId)
    if (factor?.confirmedAt === undefined) return undefined
    const step = stepOf(factor.secret, digits, clock.now())
    return step !== undefined && (await secondFactors.useStep(agentId, step)) ? 'code' : undefined
  }

  const check = async (attempt: CodeTry): Promise<SecondStep | undefined> => {
    const succeed = admitted(await throttle.admit(attempt.agentId, attempt.client.address))
    const step = await isRight(attempt)
    if (step !== undefined) await succeed()
    return step
  }

  return {
    check,
    isOwed: async (agentId) => (await secondFactors.find(agentId))?.confirmedAt !== undefined,
    challenge: async (agentId, { by: method, provider }, client) => {
      const token = createToken()
      const createdAt = clock.now()
      await challenges.create({
        ...{ agentId, method, tokenHash: hashToken(token), browser: browserOf(client), createdAt },
        ...(provider === undefined ? {} : { provider }),
        expiresAt: new Date(createdAt.getTime() + challengeMs),
      })
      return token
    },
    finish: async (token, code, client) => {
      const tokenHash = hashToken(token)
      const challenge = await challenges.enter(tokenHash, maxTries, clock.now())
      if (challenge === undefined || challenge.browser !== browserOf(client)) throw overProblem()
      const { agentId, method: by, provider } = challenge
      const secondStep = await check({ agentId, code, client })
      if (secondStep === undefined) {
        log.warn({ agentId }, 'second step refused')
        await noteRefusal({ by, address: client.address, agentId, step: 'second' })
        throw new Problem('unauthenticated', 'this code is wrong, used or too old; wait for the next one', {
          reason: 'code',
        })
      }
      if (!(await challenges.finish(tokenHash))) throw overProblem()
      return { agentId, how: { by, ...(provider === undefined ? {} : { provider }), secondStep } }
    },
  }
}
