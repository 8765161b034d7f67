import { chooseWay, type CapabilitiesOf } from './choose-way.ts'
import type { Clock } from './clock.ts'
import type { OutboundDraft } from './conversation.ts'
import type { Part } from './message.ts'
import type { Addressee, NoticeOutcome, NoticeQueue, NoticeReason, TellingPreview } from './notice.ts'

/** What would come of telling. */
export const previewTelling = (
  addressees: readonly Addressee[],
  capabilitiesOf: CapabilitiesOf,
  now: Date,
): TellingPreview => {
  const reasons: Partial<Record<NoticeReason, number>> = {}
  const inboxes: Record<string, number> = {}
  const counts = { now: 0, fallback: 0, waits: 0, never: 0 }
  const count = (outcome: NoticeOutcome): void => {
    if (outcome.state === 'told') {
      const { way, target } = outcome
      counts[way] += 1
      inboxes[target.inboxId] = (inboxes[target.inboxId] ?? 0) + 1
    } else {
      counts[outcome.state] += 1
      reasons[outcome.reason] = (reasons[outcome.reason] ?? 0) + 1
    }
  }
  for (const one of addressees) count(chooseWay(one, capabilitiesOf, now))
  return { people: addressees.length, ...counts, reasons, inboxes }
}

export interface TellerOptions<News extends { readonly noticeId: string }> {
  readonly notices: NoticeQueue<News>
  readonly capabilitiesOf: CapabilitiesOf
  readonly clock: Clock
  /** What one says. */
  readonly partsOf: (news: News) => readonly Part[]
  readonly compose: (inboxId: string, parts: readonly Part[]) => OutboundDraft
  /** Something is in the outbox. */
  readonly onTold: (conversationId: string) => void
}

const atOnce = 100

/** Tells those who were planned; what was told before a crash is not told again. */
export const createTeller =
  <News extends { readonly noticeId: string }>({
    notices,
    capabilitiesOf,
    clock,
    partsOf,
    compose,
    onTold,
  }: TellerOptions<News>) =>
  async (subjectId: string, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const planned = await notices.planned(subjectId, atOnce)
      if (planned.length === 0) return
      for (const one of planned) {
        const now = clock.now()
        const outcome = chooseWay(one, capabilitiesOf, now)
        if (outcome.state !== 'told') {
          await notices.put(one.noticeId, outcome, now)
          continue
        }
        const { conversationId, inboxId } = outcome.target
        const draft = compose(inboxId, partsOf(one))
        if (await notices.tell(one.noticeId, { way: outcome.way, conversationId, draft }, now))
          onTold(conversationId)
        // A person has taken the conversation since it was read.
        else await notices.put(one.noticeId, { state: 'waits', reason: 'person-leads' }, now)
      }
    }
  }
