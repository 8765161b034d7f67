/** Shows what is being written, `sendMessageDraft`. Source: core.telegram.org/bots/api#sendmessagedraft. */
import type { Channel, ChannelHost } from '../../src/core/channel.ts'
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
/** So long a message waits for drafts that are on their way; then they are given up. */
const patienceMs = 1_000

/** Drafts in the chats of one bot. */
export interface Drafts {
  readonly preview: NonNullable<Channel['preview']>
  /**
   * Sends a message into the chat, which takes away what is shown there. It waits, a second at most, for drafts on their way,
   * and none is shown until `send` ends: one that came after the message would stand below it until it vanishes by itself.
   * Resolves and rejects as `send` does.
   */
  giveWay<Sent>(threadKey: string, send: () => Promise<Sent>): Promise<Sent>
}

/** Calls that are under way, by chat. */
const createUnderWay = () => {
  const calls = new Map<string, Set<{ readonly over: Promise<void>; readonly giveUp: () => void }>>()
  return {
    /** Makes a call that ends when it is given up. */
    run: async (key: string, call: (givenUp: AbortSignal) => Promise<void>): Promise<void> => {
      const given = new AbortController()
      const all = calls.get(key) ?? new Set()
      const own = { over: call(given.signal), giveUp: () => given.abort() }
      calls.set(key, all.add(own))
      try {
        await own.over
      } finally {
        all.delete(own)
        if (all.size === 0) calls.delete(key)
      }
    },
    end: async (key: string): Promise<void> => {
      const all = [...(calls.get(key) ?? [])]
      if (all.length === 0) return
      const timer = setTimeout(() => {
        for (const { giveUp } of all) giveUp()
      }, patienceMs)
      await Promise.allSettled(all.map(({ over }) => over))
      clearTimeout(timer)
    },
  }
}

/** What is shown in which chat, and when the last draft went there. */
const createShown = () => {
  const chats = new Map<string, { readonly at: number; readonly stands: boolean }>()
  return {
    /** Whether a draft may go out now, which is noted; an empty one takes away what stands. */
    take: (key: string, text: string, now: number): boolean => {
      for (const [other, { at }] of chats) if (now - at >= lifeMs) chats.delete(other)
      const last = chats.get(key)
      // What must vanish does not wait; what was never shown need not vanish.
      if (text === '' ? last?.stands !== true : last !== undefined && now - last.at < everyMs) return false
      chats.set(key, { at: now, stands: text !== '' })
      return true
    },
    /** A message takes away what stands; the pace stays. */
    clear: (key: string): void => {
      const last = chats.get(key)
      if (last !== undefined) chats.set(key, { ...last, stands: false })
    },
  }
}

/** Chats into which messages are being sent. */
const createBusy = () => {
  const sends = new Map<string, number>()
  return {
    has: (key: string): boolean => sends.has(key),
    begin: (key: string): void => {
      sends.set(key, (sends.get(key) ?? 0) + 1)
    },
    end: (key: string): void => {
      const left = (sends.get(key) ?? 1) - 1
      if (left > 0) sends.set(key, left)
      else sends.delete(key)
    },
  }
}

/**
 * Drafts in private chats: Telegram has none in groups, and a message that is edited would be a message. They vanish with
 * the bot's next message, and by themselves after 30 seconds; an empty one shows that something is being written.
 */
export const createDrafts = (host: Pick<ChannelHost, 'clock' | 'log'>, client: TelegramClient): Drafts => {
  const underWay = createUnderWay()
  const shown = createShown()
  const busy = createBusy()
  let restUntil = 0
  const mayShow = (threadKey: string, text: string): boolean => {
    const now = host.clock.now().getTime()
    return now >= restUntil && !busy.has(threadKey) && shown.take(threadKey, text, now)
  }
  const rest = (error: unknown): void => {
    if (!(error instanceof ChannelError) || error.code !== 'rate_limited') return
    restUntil = host.clock.now().getTime() + (error.facts.retryAfterMs ?? restMs)
  }
  const send = async (chatId: string, { turn, text }: Preview, signal: AbortSignal): Promise<void> => {
    try {
      await client.call(
        'show a draft',
        (raw, given) =>
          // Zero is no id; the same one lets a draft grow.
          raw.sendMessageDraft(
            { chat_id: Number(chatId), draft_id: turn + 1, text: text.slice(0, longest) },
            given,
          ),
        { signal },
      )
    } catch (error) {
      rest(error)
      host.log.debug({ code: error instanceof ChannelError ? error.code : 'unknown' }, 'preview not shown')
    }
  }
  return {
    preview: async (threadKey, preview, signal) => {
      const { chatId, isGroup } = parseThreadKey(threadKey)
      // At the end of a turn its message takes the draft away.
      if (isGroup || preview.isLast === true || !mayShow(threadKey, preview.text)) return
      await underWay.run(threadKey, (givenUp) =>
        send(chatId, preview, signal === undefined ? givenUp : AbortSignal.any([signal, givenUp])),
      )
    },
    giveWay: async (threadKey, sendMessage) => {
      busy.begin(threadKey)
      try {
        shown.clear(threadKey)
        await underWay.end(threadKey)
        return await sendMessage()
      } finally {
        busy.end(threadKey)
      }
    },
  }
}
