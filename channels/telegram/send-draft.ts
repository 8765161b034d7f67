/** Shows what is being written, `sendMessageDraft`. Source: core.telegram.org/bots/api#sendmessagedraft. */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { Preview } from '../../src/core/preview.ts'
import type { TelegramClient } from './client.ts'
import { parseThreadKey } from './thread.ts'

/** Most characters of a draft. */
const longest = 4_096
/** Between two drafts in one chat; Telegram wants no more than about one message a second there. */
const everyMs = 1_000
/** So long nothing is shown when Telegram wants fewer calls and does not say for how long. */
const restMs = 30_000

/** After this a draft has vanished by itself. */
const lifeMs = 30_000
/** So long a message waits for a draft that is on its way in its chat. */
const patienceMs = 1_000

const atMost = (ms: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void work.finally(() => {
      clearTimeout(timer)
      resolve()
    })
  })

/** How a bot shows what is being written. */
export interface Drafts {
  readonly preview: (threadKey: string, preview: Preview) => Promise<void>
  /** Before a message is sent: a draft that came after it would stay below it. */
  readonly settled: (threadKey: string) => Promise<void>
}

/**
 * Drafts in private chats: Telegram has none in groups, and a message that is edited would be a message. They vanish with
 * the bot's next message, and by themselves after 30 seconds; an empty one shows that something is being written.
 */
export const createDrafts = (host: Pick<ChannelHost, 'clock' | 'log'>, client: TelegramClient): Drafts => {
  let restUntil = 0
  const shownAt = new Map<string, number>()
  const onTheirWay = new Map<string, Promise<void>>()
  const mayShow = (threadKey: string, text: string): boolean => {
    const now = host.clock.now().getTime()
    for (const [key, at] of shownAt) if (now - at >= lifeMs) shownAt.delete(key)
    const at = shownAt.get(threadKey)
    // What must vanish does not wait; what was never shown need not vanish.
    if (now < restUntil || (text === '' ? at === undefined : at !== undefined && now - at < everyMs))
      return false
    if (text === '') shownAt.delete(threadKey)
    else shownAt.set(threadKey, now)
    return true
  }
  const rest = (error: unknown): void => {
    if (!(error instanceof ChannelError) || error.code !== 'rate_limited') return
    restUntil = host.clock.now().getTime() + (error.facts.retryAfterMs ?? restMs)
  }
  const send = async (chatId: string, { after, text }: Preview): Promise<void> => {
    try {
      await client.call('show a draft', (raw, signal) =>
        // Zero is no id; the same one lets a draft grow.
        raw.sendMessageDraft(
          { chat_id: Number(chatId), draft_id: after + 1, text: text.slice(0, longest) },
          signal,
        ),
      )
    } catch (error) {
      rest(error)
      host.log.debug({ code: error instanceof ChannelError ? error.code : 'unknown' }, 'preview not shown')
    }
  }
  return {
    preview: async (threadKey, preview) => {
      const { chatId, isGroup } = parseThreadKey(threadKey)
      // At the end of a turn its message takes the draft away.
      if (isGroup || preview.isLast === true || !mayShow(threadKey, preview.text)) return
      const sending = send(chatId, preview)
      onTheirWay.set(threadKey, sending)
      await sending
      if (onTheirWay.get(threadKey) === sending) onTheirWay.delete(threadKey)
    },
    settled: async (threadKey) => {
      const sending = onTheirWay.get(threadKey)
      if (sending !== undefined) await atMost(patienceMs, sending)
    },
  }
}
