import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { CaseNoticeKind, ComplaintCase } from '../core/complaint.ts'
import { TongdaError } from '../core/errors.ts'
import type { BothWords } from '../core/form-progress.ts'
import type { IdentityCheck } from '../core/identity-check.ts'
import { sameSecret } from '../core/same-secret.ts'
import { checkWords, type ComplaintDeps, type Plan } from './deps.ts'
import {
  maskAddress,
  noticeOfCode,
  noticeOfOver,
  noticeOfVerified,
  noticeOfWrong,
  type OverReason,
} from './identity-words.ts'
import { sayNotices } from './saying.ts'

type Deps = Pick<ComplaintDeps, 'store' | 'compose' | 'config' | 'clock' | 'identity'>

const dayMs = 86_400_000
const pauseMs = 60_000
const mostOfCase = 5
const mostOfAddress = 10

const MailAddress = z.email().max(254)

/** An address as it is kept. Throws `bad_input`. */
const readAddress = (address: string): string => {
  const read = MailAddress.safeParse(address.trim().toLowerCase())
  if (!read.success)
    throw new TongdaError('bad_input', 'this is no mail address; give one like name@example.com')
  return read.data
}

/** Throws `conflict` for a case that is over, or whose reporter is known. */
const checkOpen = ({ state, identity }: ComplaintCase): void => {
  if (state === 'final' || state === 'withdrawn')
    throw new TongdaError('conflict', `the case is ${state}; nobody needs to show who they are any more`)
  if (identity?.state === 'verified')
    throw new TongdaError('conflict', 'the reporter has shown who they are already')
}

const told = async (deps: Deps, found: ComplaintCase, about: CaseNoticeKind, words: BothWords) => ({
  notices: await sayNotices(deps, found, [{ side: 'reporter', about, words }]),
})

/** Why no code can be sent now; undefined: one can. They cost the reporter's patience, and us the trust of addresses. */
export const limitOf = async (
  { identity, clock }: Pick<Deps, 'identity' | 'clock'>,
  about: { readonly caseId: string; readonly address: string },
): Promise<'too-soon' | 'too-many' | undefined> => {
  const ago = (ms: number): Date => new Date(clock.now().getTime() - ms)
  const today = await identity.checks.countSince(about, ago(dayMs))
  if (today.ofCase >= mostOfCase || today.ofAddress >= mostOfAddress) return 'too-many'
  return (await identity.checks.countSince(about, ago(pauseMs))).ofCase > 0 ? 'too-soon' : undefined
}

const limitWords = {
  'too-soon': 'a code left within the last minute; wait for it to arrive',
  'too-many': `no more than ${String(mostOfCase)} codes a case and ${String(mostOfAddress)} an address are sent in a day; find out another way who it is, then waive the code`,
} as const

/** A code to a mail address of the reporter. Throws `bad_input`, `conflict`. */
export const planIdentity = async (deps: Deps, found: ComplaintCase, named: string): Promise<Plan> => {
  checkOpen(found)
  const address = readAddress(named)
  if (!deps.identity.canSend())
    throw new TongdaError(
      'conflict',
      'codes go by mail, and there is no inbox for mail; set one up, or name it in complaints.identity.inbox',
    )
  const limit = await limitOf(deps, { caseId: found.id, address })
  if (limit !== undefined) throw new TongdaError('conflict', limitWords[limit])
  const now = deps.clock.now()
  const { minutes } = deps.config.identity
  const check = { id: uuid(), address, expiresAt: new Date(now.getTime() + minutes * 60_000) }
  return {
    change: 'identity-asked',
    detail: { address: maskAddress(address) },
    identity: { state: 'asked', address, at: now },
    check,
    ...(await told(deps, found, 'identity-asked', noticeOfCode(found.ticketNumber, address, minutes))),
  }
}

/** No code can be sent to the address a form gathered. */
export const planRefused = ({ clock }: Pick<Deps, 'clock'>, address: string, problem: string): Plan => ({
  change: 'identity-failed',
  detail: { address: maskAddress(address), problem },
  identity: { state: 'failed', address, at: clock.now() },
})

/** The code of an open check comes to nothing. */
export const planOver = async (
  deps: Deps,
  found: ComplaintCase,
  {
    check,
    reason,
    say,
  }: { readonly check: IdentityCheck; readonly reason: OverReason; readonly say: boolean },
): Promise<Plan> => {
  const outcome = reason === 'time' ? 'expired' : 'failed'
  const { id: checkId, address } = check
  return {
    change: outcome === 'expired' ? 'identity-expired' : 'identity-failed',
    detail: { address: maskAddress(address), reason },
    identity: { state: outcome, address, at: deps.clock.now() },
    endsCheck: { checkId, outcome },
    ...(say ? await told(deps, found, 'identity-over', noticeOfOver(reason)) : {}),
  }
}

/** A code that counts no more, since its check has ended. */
const planLate = async (
  deps: Deps,
  found: ComplaintCase,
  { state, address }: IdentityCheck,
): Promise<Plan> => {
  const reason = state === 'expired' ? 'time' : 'tries'
  return {
    change: 'identity-wrong',
    detail: { address: maskAddress(address), reason },
    ...(await told(deps, found, 'identity-over', noticeOfOver(reason))),
  }
}

/** No further code can be sent today. */
export const planNoMore = async (deps: Deps, found: ComplaintCase, address: string): Promise<Plan> => ({
  change: 'identity-wrong',
  detail: { address: maskAddress(address), reason: 'too-many' },
  ...(await told(deps, found, 'identity-over', noticeOfOver('too-many'))),
})

/** What a code that somebody tells brings about. */
export const planCode = async (
  deps: Deps,
  found: ComplaintCase,
  { check, code }: { readonly check: IdentityCheck; readonly code: string },
): Promise<Plan> => {
  const now = deps.clock.now()
  const { id: checkId, address } = check
  if (check.state !== 'open') return planLate(deps, found, check)
  if (check.expiresAt <= now) return planOver(deps, found, { check, reason: 'time', say: true })
  if (sameSecret(code, deps.identity.codeOf(checkId)))
    return {
      change: 'identity-verified',
      detail: { address: maskAddress(address) },
      identity: { state: 'verified', address, at: now },
      endsCheck: { checkId, outcome: 'verified' },
      ...(await told(deps, found, 'identity-verified', noticeOfVerified(found.ticketNumber))),
    }
  const left = deps.config.identity.tries - check.tries - 1
  if (left <= 0) return planOver(deps, found, { check, reason: 'tries', say: true })
  return {
    change: 'identity-wrong',
    detail: { address: maskAddress(address), left },
    endsCheck: { checkId, outcome: 'wrong' },
    ...(await told(deps, found, 'identity-wrong', noticeOfWrong(left))),
  }
}

/** The code as it was told to a person. Throws `conflict` where none is awaited. */
export const planConfirmation = async (deps: Deps, found: ComplaintCase, code: string): Promise<Plan> => {
  const check = await deps.identity.checks.openOf(found.id)
  if (check === undefined) throw new TongdaError('conflict', 'no code is awaited; send one first')
  return planCode(deps, found, { check, code: code.replaceAll(/\D/g, '') })
}

/** A person answers for who the reporter is. Throws `bad_input`, `conflict`. */
export const planWaiver = async (
  { clock, identity }: Pick<Deps, 'clock' | 'identity'>,
  found: ComplaintCase,
  why: string,
): Promise<Plan> => {
  checkOpen(found)
  const check = await identity.checks.openOf(found.id)
  return {
    change: 'identity-waived',
    detail: { why: checkWords('why', why) },
    identity: { ...found.identity, state: 'waived', at: clock.now() },
    ...(check === undefined ? {} : { endsCheck: { checkId: check.id, outcome: 'failed' } }),
  }
}
