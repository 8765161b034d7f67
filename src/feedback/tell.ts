import type { Clock } from '../core/clock.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import type { Part } from '../core/message.ts'
import type {
  NoticeOutcome,
  NoticeReason,
  NoticeStore,
  SuggestionTelling,
  TellingPreview,
} from '../core/suggestion-news.ts'
import { toldStatuses, type ThemeStatus, type ThemeStore } from '../core/suggestions.ts'
import { chooseWay, type CapabilitiesOf } from './choose-way.ts'
import { newsParts, type TellingWords } from './news-words.ts'

export interface TellingOptions {
  readonly notices: NoticeStore
  readonly themes: Pick<ThemeStore, 'get'>
  readonly capabilitiesOf: CapabilitiesOf
  readonly clock: Clock
  /** Goes on in the background. */
  readonly enqueue: (themeId: string) => Promise<void>
}

const summarise = (outcomes: readonly NoticeOutcome[]): TellingPreview => {
  const reasons: Partial<Record<NoticeReason, number>> = {}
  const inboxes: Record<string, number> = {}
  const counts = { now: 0, fallback: 0, waits: 0, never: 0 }
  for (const outcome of outcomes) {
    if (outcome.state === 'told') {
      const { way, target } = outcome
      counts[way] += 1
      inboxes[target.inboxId] = (inboxes[target.inboxId] ?? 0) + 1
    } else {
      counts[outcome.state] += 1
      reasons[outcome.reason] = (reasons[outcome.reason] ?? 0) + 1
    }
  }
  return { people: outcomes.length, ...counts, reasons, inboxes }
}

const checkTold = (status: ThemeStatus): void => {
  if (toldStatuses.includes(status)) return
  throw new TongdaError(
    'conflict',
    'those who asked are told when a theme is shipped or declined; set its status first',
    { status },
  )
}

/** Plans telling and says beforehand what would come of it. */
export const createTelling = ({
  notices,
  themes,
  capabilitiesOf,
  clock,
  enqueue,
}: TellingOptions): SuggestionTelling => ({
  preview: async (themeId, as) => {
    const { status, id } = await themes.get(themeId, clock.now())
    checkTold(as ?? status)
    // Under a status that is only thought of all are new: nobody has been told of that.
    const askers = await notices.askers(id, as !== undefined && as !== status)
    return summarise(askers.map((one) => chooseWay(one, capabilitiesOf, clock.now())))
  },
  start: async (themeId) => {
    const { status, id } = await themes.get(themeId, clock.now())
    checkTold(status)
    const planned = await notices.plan(id, clock.now())
    await enqueue(id)
    return planned
  },
})

export interface TellerOptions extends Pick<TellingOptions, 'notices' | 'capabilitiesOf' | 'clock'> {
  readonly compose: (inboxId: string, parts: readonly Part[]) => OutboundDraft
  readonly words: TellingWords
  /** Something is in the outbox. */
  readonly onTold: (conversationId: string) => void
}

const atOnce = 100

/** Tells those who were planned; what was told before a crash is not told again. */
export const createTeller =
  ({ notices, capabilitiesOf, clock, compose, words, onTold }: TellerOptions) =>
  async (themeId: string, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const planned = await notices.planned(themeId, atOnce)
      if (planned.length === 0) return
      for (const one of planned) {
        const now = clock.now()
        const outcome = chooseWay(one, capabilitiesOf, now)
        if (outcome.state !== 'told') {
          await notices.put(one.noticeId, outcome, now)
          continue
        }
        const { conversationId, inboxId } = outcome.target
        const draft = compose(inboxId, newsParts(one, words))
        if (await notices.tell(one.noticeId, { way: outcome.way, conversationId, draft }, now))
          onTold(conversationId)
        // A person has taken the conversation since it was read.
        else await notices.put(one.noticeId, { state: 'waits', reason: 'person-leads' }, now)
      }
    }
  }
