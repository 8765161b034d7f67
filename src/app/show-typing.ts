import type { Channel } from '../core/channel.ts'
import type { Logger } from '../core/log.ts'
import type { FindThread, ShowTyping } from '../core/typing.ts'

export interface ShowTypingDeps {
  readonly findThread: FindThread
  readonly channel: (inboxId: string) => Channel | undefined
  readonly log: Logger
}

/** "Typing" on whatever channel a conversation is held. */
export const createShowTyping = ({ findThread, channel, log }: ShowTypingDeps): ShowTyping => {
  const show = async (conversationId: string, on: boolean): Promise<void> => {
    const thread = await findThread(conversationId)
    const found = thread === undefined ? undefined : channel(thread.inboxId)
    if (thread === undefined || found?.capabilities.typing !== true) return
    await found.showTyping(thread.threadKey, on)
  }
  return (conversationId, on) => {
    show(conversationId, on).catch((error: unknown) =>
      log.debug({ conversationId, error }, 'typing not shown'),
    )
  }
}
