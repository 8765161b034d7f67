import { v7 as uuid } from 'uuid'
import type { PastQuestions } from '../../sandbox/index.ts'
import type { PastMessage, PastTalk } from '../core/past.ts'
import { openPastTurns } from './demo-bot.ts'
import type { PastParts } from './demo-parts.ts'
import { beginOf, timesOf } from './demo-times.ts'

/** How long after a question its answer stands. */
const answerMs = 1_000

/** An address that no provider gave. */
export const madeUpKey = (channel: PastQuestions['channel'], name: string): string =>
  `${channel === 'wechat' ? 'oTongdaPast_' : 'past-'}${name}`

/** One conversation as the bot leads it; undefined where it would call a person, whom nobody could have been. */
const talk = async (
  { contact, channel, address, began, asks }: PastQuestions,
  number: number,
  { bot, config, clock, compose, inboxOf }: PastParts,
): Promise<PastTalk | undefined> => {
  const inboxId = inboxOf(channel)
  const key = address ?? madeUpKey(channel, `talk-${String(number).padStart(4, '0')}`)
  const ids = { conversationId: uuid(), contactId: uuid(), inboxId }
  const decide = openPastTurns(bot, ids)
  const begin = beginOf(began, clock.now(), config.dialogue.timezone)
  const times = timesOf(
    asks.map(([, minutes]) => minutes),
    begin,
  )
  const messages: PastMessage[] = []
  for (const [place, [text]] of asks.entries()) {
    const at = times[place] ?? begin
    const { record, say, after = [], escalation } = await decide({ text, at })
    if (escalation !== undefined) return undefined
    const said = { direction: 'in', author: 'contact' } as const
    messages.push({ id: uuid(), ...said, parts: [{ kind: 'text', text }], at, decision: record })
    const answers = after.length === 0 ? say : [...say, after]
    for (const [nth, drafted] of answers.entries()) {
      const { parts, rendered } = compose(inboxId, drafted)
      const moment = new Date(at.getTime() + answerMs + nth)
      messages.push({ id: uuid(), direction: 'out', author: 'bot', parts, rendered, at: moment })
    }
  }
  return {
    contact: { id: ids.contactId, name: contact, key },
    conversation: { id: ids.conversationId, inboxId, channel, threadKey: key },
    messages,
  }
}

/** Conversations that the bot led alone: its own words and decisions on what contacts asked. */
export const pastTalks = async (
  questions: readonly PastQuestions[],
  parts: PastParts,
): Promise<readonly PastTalk[]> => {
  const talks: PastTalk[] = []
  for (const [place, each] of questions.entries()) {
    const led = await talk(each, place + 1, parts)
    if (led !== undefined) talks.push(led)
  }
  return talks
}
