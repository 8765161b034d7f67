import type { Channel } from '../core/channel.ts'
import type { Logger } from '../core/log.ts'
import type { OpenPreview } from '../core/preview.ts'
import type { FindThread } from '../core/typing.ts'

export interface PreviewDeps {
  readonly findThread: FindThread
  readonly channel: (inboxId: string) => Pick<Channel, 'preview'> | undefined
  readonly log: Logger
}

/** One thing at a time, and always the newest: what came meanwhile and was overtaken is never sent. */
const createNewest = (send: (text: string) => Promise<void>) => {
  let wanted: string | undefined
  let shown = ''
  let isBusy = false
  const work = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    try {
      while (wanted !== undefined) {
        const text = wanted
        wanted = undefined
        if (text === shown) continue
        shown = text
        await send(text)
      }
    } finally {
      isBusy = false
    }
  }
  return {
    set: (text: string): Promise<void> => {
      wanted = text
      return work()
    },
    /** What waits is not sent any more. */
    drop: (): void => {
      wanted = undefined
    },
  }
}

/** Shows drafts of answers on the channels that can, as they are written. Whatever fails is left out. */
export const createPreviews =
  ({ findThread, channel, log }: PreviewDeps): OpenPreview =>
  ({ conversationId, inboxId, pending }) => {
    const preview = channel(inboxId)?.preview
    const after = pending.at(-1)?.seq
    if (preview === undefined || after === undefined) return undefined
    let isOver = false
    const newest = createNewest(async (text) => {
      const thread = await findThread(conversationId)
      // The turn may be over by now: nothing is shown any more, and only what was shown vanishes.
      if (thread === undefined || (isOver && text !== '')) return
      await preview(thread.threadKey, { after, text, isLast: isOver })
    })
    const set = (text: string): void => {
      newest.set(text).catch((error: unknown) => log.debug({ conversationId, error }, 'preview not shown'))
    }
    return {
      show: (text) => {
        if (!isOver) set(text)
      },
      end: (isAnswered) => {
        if (isOver) return
        isOver = true
        if (isAnswered) newest.drop()
        else set('')
      },
    }
  }
