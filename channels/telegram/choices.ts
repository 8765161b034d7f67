/**
 * Buttons below a message. Telegram hands back up to 64 bytes of a button and shows them to every client, so a button
 * carries a short id that only we can make; what it stands for is looked up in what we said in that very thread.
 */
import { createHmac } from 'node:crypto'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Choice, ChoicesPart } from '../../src/core/message.ts'

/** Makes and reads buttons. */
export interface Buttons {
  /** An inline keyboard, one option a row. */
  write(threadKey: string, part: ChoicesPart): Promise<Keyboard>
  /** What a pressed button stands for; undefined when it was not offered in that thread, or too long ago. */
  find(threadKey: string, data: string): Promise<Choice | undefined>
}

export interface Keyboard {
  inline_keyboard: { text: string; callback_data: string }[][]
}

/** How far back a button still works, in messages of the thread. */
const reach = 200

export const createButtons = (host: Pick<ChannelHost, 'inboxId' | 'messageLog' | 'secret'>): Buttons => {
  const idOf = async (threadKey: string, choiceId: string): Promise<string> =>
    createHmac('sha256', await host.secret('buttons'))
      .update(JSON.stringify([host.inboxId, threadKey, choiceId]))
      .digest('base64url')
      .slice(0, 16)
  return {
    write: async (threadKey, { choices }) => {
      const rows = choices.map(async ({ id, label }) => [
        { text: label, callback_data: await idOf(threadKey, id) },
      ])
      return { inline_keyboard: await Promise.all(rows) }
    },
    find: async (threadKey, data) => {
      const said = await host.messageLog.latest({ inboxId: host.inboxId, threadKey, limit: reach })
      const offered = [...said]
        .reverse()
        .flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'choices' ? part.choices : [])))
      for (const choice of offered) if ((await idOf(threadKey, choice.id)) === data) return choice
      return undefined
    },
  }
}
