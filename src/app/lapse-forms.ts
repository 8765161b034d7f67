import type { Accept } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { repeatFromNow } from '../core/repeat.ts'
import type { ListSilentForms, SilentForm } from '../core/stores.ts'

const everyMs = 15_000
const atOnce = 100

export interface LapseOptions {
  readonly list: ListSilentForms
  readonly accept: Accept
  /** Inboxes that are not configured any more are left alone. */
  readonly isOpen: (inboxId: string) => boolean
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Tells the dialogue, as an event of the conversation, that the time of a form is over; what was given is then handed
 * to a person. Several nodes may do so at once: the event of one form counts once. Gives its end.
 */
export const startLapsingForms = ({
  list,
  accept,
  isOpen,
  clock,
  log,
}: LapseOptions): (() => Promise<void>) => {
  const tell = ({ conversationId, until, ...where }: SilentForm): Promise<unknown> =>
    accept({
      ...where,
      dedupKey: `form-lapsed:${conversationId}:${until}`,
      parts: [{ kind: 'event', name: 'form-lapsed' }],
      sentAt: clock.now(),
      mayContinue: false,
      wantsReply: true,
      passiveBudgetMs: 0,
    })
  const look = async (): Promise<void> => {
    try {
      for (const form of await list(clock.now(), atOnce)) if (isOpen(form.inboxId)) await tell(form)
    } catch (error) {
      log.warn({ error }, 'forms whose time is over could not be handed over; tried again in 15 seconds')
    }
  }
  return repeatFromNow(everyMs, look)
}
