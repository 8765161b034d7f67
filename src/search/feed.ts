import type { EventLog, LoggedEvent } from '../core/event-log.ts'
import type { IndexLine, MessageIntake, UnindexedMessage } from '../core/message-search.ts'
import { foldText } from '../text/index.ts'
import { bucketOf, gramsOf, gramsOfFacts, hashGrams, inBucket } from './grams.ts'
import { searchedText } from './words.ts'

export interface MessageFeedOptions {
  readonly events: Pick<EventLog, 'read' | 'newest'>
  readonly intake: MessageIntake
}

const atOnce = 250

/** The index's numbers of a message; none where nothing was said. */
export const indexLine = (message: UnindexedMessage): IndexLine => {
  const said = gramsOf(foldText(searchedText(message.parts)).text)
  if (said.size === 0) return { id: message.id, grams: [] }
  const hashed = hashGrams([...said, ...gramsOfFacts(message)])
  return { id: message.id, grams: inBucket(bucketOf(message.at), hashed) }
}

const linesOf = (messages: readonly UnindexedMessage[]): readonly IndexLine[] =>
  messages.map(indexLine).filter(({ grams }) => grams.length > 0)

const idOf = ({ data }: LoggedEvent): readonly string[] =>
  typeof data.messageId === 'string' ? [data.messageId] : []

/** Takes in what was said since; gives whether there is more. */
const takeNews = async ({ events, intake }: MessageFeedOptions, before: string): Promise<boolean> => {
  const read = await events.read({
    ...(before === '0-0' ? {} : { after: before }),
    types: ['message.received', 'message.sent', 'message.noted'],
    limit: atOnce,
  })
  const after = read.at(-1)?.id
  if (after === undefined) return false
  await intake.keepNews({ before, after, lines: linesOf(await intake.messages(read.flatMap(idOf))) })
  return read.length === atOnce
}

/** Where the way back ends. */
const pastDone = 'done'

/** Takes in what was said before the index was there; gives whether there is more. */
const takePast = async ({ intake }: MessageFeedOptions, before: string): Promise<boolean> => {
  if (before === pastDone) return false
  const messages = await intake.older(before, atOnce)
  const after = messages.at(-1)?.id ?? pastDone
  await intake.keepPast({ before, after, lines: linesOf(messages) })
  return after !== pastDone
}

/**
 * Makes one step of the index: what is new first, then a little of what is old. Where it was broken off it goes on, as
 * lines and place take effect together. Gives whether there is more to do.
 */
export const createMessageFeed = (options: MessageFeedOptions) => async (): Promise<boolean> => {
  const { events, intake } = options
  const places = await intake.places()
  if (places === undefined) {
    await intake.begin(await events.newest())
    return true
  }
  return (await takeNews(options, places.news)) || (await takePast(options, places.past))
}
