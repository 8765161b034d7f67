import type { CapabilitiesOf } from '../core/choose-way.ts'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { NoticeStore, SuggestionTelling } from '../core/suggestion-news.ts'
import { toldStatuses, type ThemeStatus, type ThemeStore } from '../core/suggestions.ts'
import { previewTelling } from '../core/telling.ts'

export interface TellingOptions {
  readonly notices: Pick<NoticeStore, 'askers' | 'plan'>
  readonly themes: Pick<ThemeStore, 'get'>
  readonly capabilitiesOf: CapabilitiesOf
  readonly clock: Clock
  /** Goes on in the background. */
  readonly enqueue: (themeId: string) => Promise<void>
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
    return previewTelling(askers, capabilitiesOf, clock.now())
  },
  start: async (themeId) => {
    const { status, id } = await themes.get(themeId, clock.now())
    checkTold(status)
    const planned = await notices.plan(id, clock.now())
    await enqueue(id)
    return planned
  },
})
