import type { ComplaintCase } from '../core/complaint.ts'
import type { CaseActor } from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import type { HeardWord, IdentityCheck } from '../core/identity-check.ts'
import type { Logger } from '../core/log.ts'
import { asksAgain, readCode } from '../core/told-code.ts'
import type { ComplaintDeps, Plan } from './deps.ts'
import { limitOf, planCode, planIdentity, planNoMore, planOver, planRefused } from './identity.ts'

/** What looking after one-time codes stands on. */
export interface IdentityWatchOptions {
  readonly deps: ComplaintDeps
  /** Has the mail of a check sent; more than once is as good as once. */
  readonly send: (checkId: string) => Promise<void>
  readonly log: Logger
}

/** Who changes a case, under which key that counts once. */
interface About {
  readonly key: string
  readonly actor: CaseActor
}

const atOnce = 100
/** So long a further code can be asked for. */
const listenMs = 86_400_000
/** Whoever writes the code a little late hears that it is over; after that nobody waits for it. */
const graceMs = 3_600_000

/** Whether somebody else changed the case meanwhile: then it is looked at again. */
const isConflict = (error: unknown): error is TongdaError =>
  error instanceof TongdaError && error.code === 'conflict'

/** Changes a case as it is now, once for each key. */
const createChange =
  ({ store, clock, publish }: ComplaintDeps) =>
  async (
    caseId: string,
    { key, actor }: About,
    plan: (found: ComplaintCase) => Plan | Promise<Plan>,
  ): Promise<void> => {
    const found = await store.get(caseId)
    if (await store.wasApplied(caseId, key)) return
    const planned = await plan(found)
    const rest = { caseId, expectedVersion: found.version, idempotencyKey: key, actor }
    await store.apply({ ...planned, ...rest }, clock.now())
    publish(found.ticketId)
  }
type Change = ReturnType<typeof createChange>

/** Asks where a form gathered the address. */
const createAsk =
  (deps: ComplaintDeps, change: Change) =>
  async (caseId: string): Promise<void> =>
    change(caseId, { key: 'identity:wanted', actor: { rule: 'complaint-form' } }, async (found) => {
      const address = found.identity?.address ?? ''
      try {
        return await planIdentity(deps, found, address)
      } catch (error) {
        if (!(error instanceof TongdaError)) throw error
        return planRefused(deps, address, error.message)
      }
    })

/** Reads what a reporter wrote. */
const createHear = (deps: ComplaintDeps, change: Change) => {
  const { checks, canSend } = deps.identity
  const again = async ({ caseId, address }: IdentityCheck, about: About): Promise<void> => {
    const limit = await limitOf(deps, { caseId, address })
    // Whoever asks within the first minute waits for a mail that is under way.
    if (limit === 'too-soon' || !canSend()) return
    await change(caseId, about, (found) =>
      limit === undefined ? planIdentity(deps, found, address) : planNoMore(deps, found, address),
    )
  }
  return async ({ check: { id }, messageId, text, seq }: HeardWord): Promise<void> => {
    // As it is now: an earlier word of the same round may have ended it.
    const check = await checks.get(id)
    if (check === undefined) return
    const code = readCode(text)
    const about = { key: `identity:${messageId}`, actor: { rule: 'identity-code' } }
    if (code !== undefined)
      await change(check.caseId, about, (found) => planCode(deps, found, { check, code }))
    else if (asksAgain(text)) await again(check, about)
    await checks.passOver(id, seq)
  }
}

/** One round over everything about one-time codes. Several nodes may do so at once: each change happens once. */
export const createIdentityWatch = ({ deps, send, log }: IdentityWatchOptions): (() => Promise<void>) => {
  const { identity, clock } = deps
  const { checks, canSend } = identity
  const change = createChange(deps)
  const [ask, hear] = [createAsk(deps, change), createHear(deps, change)]
  const ago = (ms: number): Date => new Date(clock.now().getTime() - ms)
  const lapse = (check: IdentityCheck): Promise<void> => {
    const about = { key: `identity:lapsed:${check.id}`, actor: { rule: 'identity-code' } }
    return change(check.caseId, about, (found) =>
      planOver(deps, found, { check, reason: 'time', say: false }),
    )
  }
  const round = async (): Promise<void> => {
    for (const caseId of canSend() ? await checks.wanted(atOnce) : []) await ask(caseId)
    for (const { id } of await checks.unqueued(atOnce)) {
      await send(id)
      await checks.markQueued(id, clock.now())
    }
    for (const word of await checks.heard(ago(listenMs), atOnce)) await hear(word)
    for (const check of await checks.lapsed(ago(graceMs), atOnce)) await lapse(check)
  }
  return async () => {
    try {
      await round()
    } catch (error) {
      if (!isConflict(error))
        log.warn({ error }, 'one-time codes could not be looked at; tried again in 2 seconds')
    }
  }
}
