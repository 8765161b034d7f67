/**
 * Where a conversation lies. A private chat is its own thread; in a group each member has one, so that nobody answers
 * for somebody else: `<chat>:<member>`, with `:<topic>` in a group with topics.
 */
export interface Thread {
  readonly chatId: string
  readonly userId: string
  /** `message_thread_id` of a group with topics. */
  readonly topicId?: string
  readonly isGroup: boolean
}

/** The thread's key in our store. */
export const threadKeyOf = ({ chatId, userId, topicId, isGroup }: Thread): string => {
  if (!isGroup) return chatId
  return topicId === undefined ? `${chatId}:${userId}` : `${chatId}:${userId}:${topicId}`
}

/** The thread of a key that `threadKeyOf` wrote. */
export const parseThreadKey = (threadKey: string): Thread => {
  const [chatId = '', userId, topicId] = threadKey.split(':')
  return {
    chatId,
    userId: userId ?? chatId,
    isGroup: userId !== undefined,
    ...(topicId === undefined ? {} : { topicId }),
  }
}
