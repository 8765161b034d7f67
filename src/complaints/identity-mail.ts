import { ChannelError } from '../core/errors.ts'
import type { ComplaintDeps } from './deps.ts'
import { mailOfCode } from './identity-words.ts'
import { planOver } from './identity.ts'

/** A mail as it is handed to whoever sends it; the same id for every try. */
export interface CodeMail {
  readonly id: string
  readonly conversationId: string
  readonly to: string
  readonly text: string
  readonly createdAt: Date
  readonly attempt: number
}

/** What sending codes stands on. `deliver` throws `ChannelError` where the provider refuses. */
export interface IdentityMailOptions {
  readonly deps: ComplaintDeps
  readonly deliver: (mail: CodeMail) => Promise<void>
}

/** What no further try mends: the address is wrong. */
const isForGood = (error: unknown): boolean =>
  error instanceof ChannelError && (error.code === 'permanent' || error.code === 'unreachable')

/** Sends the code of a check by mail; one that is over or was sent is left alone. Throws what may pass. */
export const createIdentityMail =
  ({ deps, deliver }: IdentityMailOptions) =>
  async (checkId: string, attempt: number): Promise<void> => {
    const { store, identity, clock, config } = deps
    const check = await identity.checks.get(checkId)
    if (check?.state !== 'open' || check.sentAt !== undefined || check.expiresAt <= clock.now()) return
    const found = await store.get(check.caseId)
    const { ticketNumber: number, conversationId } = found
    const code = identity.codeOf(checkId)
    const text = mailOfCode({ code, number, minutes: config.identity.minutes })
    const { address: to, createdAt } = check
    try {
      await deliver({ id: checkId, conversationId, to, text, createdAt, attempt })
      await identity.checks.markSent(checkId, clock.now())
    } catch (error) {
      if (!isForGood(error)) throw error
      const plan = await planOver(deps, found, { check, reason: 'unreachable', say: true })
      const rest = { caseId: check.caseId, expectedVersion: found.version, actor: { rule: 'identity-code' } }
      await store.apply({ ...plan, ...rest, idempotencyKey: `identity:unsent:${checkId}` }, clock.now())
      deps.publish(found.ticketId)
    }
  }
