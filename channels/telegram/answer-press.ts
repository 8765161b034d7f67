/** Ends a button's waiting sign, `answerCallbackQuery`. Source: core.telegram.org/bots/api#answercallbackquery. */
import type { TelegramClient } from './client.ts'

/** At most 200 characters. */
const notYours = '这个按钮不是给您的，或已失效。This button is not for you, or has expired.'

/** Answers a press; `refused` tells the presser that nothing will come of it. Throws `ChannelError`. */
export const answerPress = async (
  client: TelegramClient,
  queryId: string,
  refused: boolean,
): Promise<void> => {
  const words = refused ? { text: notYours, show_alert: true } : {}
  await client.call('answer a press', (raw, signal) =>
    raw.answerCallbackQuery({ callback_query_id: queryId, ...words }, signal),
  )
}
