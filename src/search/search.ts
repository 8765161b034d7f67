import type { Masker } from '../core/masking.ts'
import type {
  Candidate,
  FoundMessage,
  MessageIndex,
  SearchFilter,
  SearchHit,
  SearchMessages,
  SearchPage,
  SearchPlace,
  SearchRequest,
  Snippet,
} from '../core/message-search.ts'
import { bucketMs, bucketOf, gramsOfFacts, hashGrams } from './grams.ts'
import { snippetOf } from './snippet.ts'
import { readWords, searchedText } from './words.ts'

/** A message that holds what is sought. */
interface Found extends SearchPlace {
  readonly snippet: Snippet
}

/** Candidates, the newest first; fewer than asked for: there are no more. */
type Look = (before: SearchPlace, limit: number) => Promise<readonly Candidate[]>

/** One page looks through no more messages than this; the next goes on where it ended. */
const mostLookedAt = 2_000
/** Most spans of time that are looked up together. */
const mostBuckets = 64
const firstId = '00000000-0000-0000-0000-000000000000'
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * Goes back in time span by span, more of them the less was found: a common word is found in the first, and of a rare
 * one few rows have to be put in order.
 */
const lookBack = (index: MessageIndex, grams: readonly string[], { from }: SearchFilter): Look => {
  const hashed = hashGrams(grams)
  let next: number | undefined
  let oldest: number | undefined
  let span = 1
  const lowest = async (): Promise<number> => {
    const start = await index.oldest()
    // A clock may have run behind when a message came.
    const known = start === undefined ? Infinity : bucketOf(start) - 1
    return from === undefined ? known : Math.max(known, bucketOf(from))
  }
  return async (before, limit) => {
    oldest ??= await lowest()
    next ??= bucketOf(before.at)
    const found: Candidate[] = []
    while (next >= oldest && found.length < limit) {
      const low = Math.max(oldest, next - span + 1)
      const start = new Date(low * bucketMs)
      const rows = await index.candidates({
        ...{ before: found.at(-1) ?? before, grams: hashed, limit: limit - found.length },
        buckets: Array.from({ length: next - low + 1 }, (_, at) => low + at),
        from: from !== undefined && from > start ? from : start,
        until: new Date((next + 1) * bucketMs),
      })
      found.push(...rows)
      if (found.length < limit) {
        next = low - 1
        span = Math.min(mostBuckets, span * 2)
      }
    }
    return found
  }
}

/** What one contact or one ticket said is looked through as it is. */
const lookWithin = async (index: MessageIndex, filter: SearchFilter): Promise<Look> => {
  const { contactId, ticketId } = filter
  const conversations = await index.conversationsOf({
    ...(contactId === undefined ? {} : { contactId }),
    ...(ticketId === undefined ? {} : { ticketId }),
  })
  return (before, limit) => index.within(conversations, { filter, before, limit })
}

/** What is sought, and how what is found is shown. */
interface Sought {
  readonly words: readonly string[]
  readonly masker: Masker
}

const check =
  ({ words, masker }: Sought) =>
  ({ id, at, parts }: Candidate): readonly Found[] => {
    const snippet = snippetOf(searchedText(parts), words, masker)
    return snippet === undefined ? [] : [{ id, at, snippet }]
  }

interface Gathered {
  readonly found: readonly Found[]
  readonly next?: SearchPlace
}

const placeOf = ({ at, id }: SearchPlace): SearchPlace => ({ at, id })

const gather = async (
  look: Look,
  sought: Sought,
  { limit, start }: { readonly limit: number; readonly start: SearchPlace },
): Promise<Gathered> => {
  const found: Found[] = []
  let before = start
  for (let lookedAt = 0; lookedAt < mostLookedAt;) {
    const take = lookedAt === 0 ? limit + 1 : 250
    const rows = await look(before, take)
    found.push(...rows.flatMap(check(sought)))
    const last = found[limit - 1]
    if (found.length > limit && last !== undefined)
      return { found: found.slice(0, limit), next: placeOf(last) }
    if (rows.length < take) return { found }
    lookedAt += rows.length
    before = placeOf(rows.at(-1) ?? before)
  }
  return { found, next: before }
}

const startOf = ({ after, filter: { until } }: SearchRequest, now: Date): SearchPlace => {
  // The clocks of other nodes may be ahead.
  const end = new Date(now.getTime() + bucketMs)
  const newest = until === undefined || until > end ? { at: end, id: lastId } : { at: until, id: firstId }
  return after === undefined || after.at >= newest.at ? newest : after
}

/** The index may take one inbox for another, as it may take one word for another. */
const fits = (message: FoundMessage, filter: SearchFilter): boolean =>
  (['inboxId', 'channel', 'author', 'direction'] as const).every(
    (name) => filter[name] === undefined || filter[name] === message[name],
  )

const describe = async (
  index: MessageIndex,
  found: readonly Found[],
  filter: SearchFilter,
): Promise<readonly SearchHit[]> => {
  if (found.length === 0) return []
  const described = new Map((await index.describe(found.map(({ id }) => id))).map((one) => [one.id, one]))
  return found.flatMap(({ id, snippet }) => {
    const message = described.get(id)
    return message === undefined || !fits(message, filter) ? [] : [{ message, snippet }]
  })
}

/** Makes the search of messages. What it finds is masked. */
export const createMessageSearch =
  ({
    index,
    masker,
    now,
  }: {
    readonly index: MessageIndex
    readonly masker: Masker
    readonly now: () => Date
  }): SearchMessages =>
  async (request): Promise<SearchPage> => {
    const { words, grams } = readWords(request.words)
    const { filter, limit } = request
    const isNarrow = filter.contactId !== undefined || filter.ticketId !== undefined
    const look = isNarrow
      ? await lookWithin(index, filter)
      : lookBack(index, [...grams, ...gramsOfFacts(filter)], filter)
    const { found, next } = await gather(look, { words, masker }, { limit, start: startOf(request, now()) })
    return { hits: await describe(index, found, filter), ...(next === undefined ? {} : { next }) }
  }
