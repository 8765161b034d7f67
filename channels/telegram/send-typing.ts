/** Shows "typing", `sendChatAction`. Source: core.telegram.org/bots/api#sendchataction. */
import type { TelegramClient } from './client.ts'
import { parseThreadKey } from './thread.ts'

/** How long Telegram shows it, unless a message ends it; there is no call that takes it back. */
export const typingMs = 5_000

/** Throws `ChannelError`. */
export const sendTyping = async (client: TelegramClient, threadKey: string): Promise<void> => {
  const { chatId, topicId } = parseThreadKey(threadKey)
  await client.call('show typing', (raw, signal) =>
    raw.sendChatAction(
      {
        chat_id: Number(chatId),
        action: 'typing',
        ...(topicId === undefined ? {} : { message_thread_id: Number(topicId) }),
      },
      signal,
    ),
  )
}
