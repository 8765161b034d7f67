import type { CaseSide, ComplaintCase } from '../core/complaint.ts'
import { TongdaError } from '../core/errors.ts'
import { reviewDeadlines } from './deadlines.ts'
import { checkWords, type ComplaintDeps, type Plan } from './deps.ts'
import { noticeOfAppeal, noticeOfCounterNotice } from './notices.ts'
import { stateAfter } from './rules.ts'
import { sayNotices } from './saying.ts'

/** Kinds in which the law has the counter-notice itself passed on to the reporter (民法典 第1196条). */
const passedOn: readonly ComplaintCase['kind'][] = ['copyright', 'personality-rights']

const checkAppeal = ({ appealUntil, actions }: ComplaintCase, side: CaseSide, now: Date): void => {
  if (appealUntil !== undefined && appealUntil <= now)
    throw new TongdaError(
      'conflict',
      `the time for an appeal was over on ${appealUntil.toISOString().slice(0, 10)}`,
    )
  if (side === 'reported' && actions.length === 0)
    throw new TongdaError('bad_input', 'nothing was done to the reported user, who has nothing to object to')
}

/** A second look at what was decided. Throws `conflict`, `bad_input`. */
export const planAppeal = async (
  deps: Pick<ComplaintDeps, 'store' | 'compose' | 'config' | 'clock'>,
  found: ComplaintCase,
  { side, text }: { readonly side: CaseSide; readonly text: string },
): Promise<Plan> => {
  const now = deps.clock.now()
  const state = stateAfter(found, 'appeal')
  checkAppeal(found, side, now)
  const statement = checkWords('statement', text)
  const { ticketNumber, objects, kind } = found
  const counterNotice = side === 'reported'
  const about = counterNotice ? 'counter-notice' : 'appealed'
  const words = counterNotice
    ? noticeOfCounterNotice(ticketNumber, { objects, ...(passedOn.includes(kind) ? { statement } : {}) })
    : noticeOfAppeal(ticketNumber)
  return {
    change: about,
    state,
    round: found.round + 1,
    detail: { side, statement },
    deadlines: reviewDeadlines(kind, now, { policy: deps.config, counterNotice }),
    notices: await sayNotices(deps, found, [{ side: 'reporter', about, words }]),
  }
}
