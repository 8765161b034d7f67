import type { MessageView, StretchView } from '../api/desk.ts'

/** From which message to which everything in between is known. */
interface Span {
  readonly from: number
  readonly to: number
  /** Nothing stands before it. */
  readonly isBeginning: boolean
}

/** What this page knows of a conversation: stretches of it, with gaps between them that nobody has looked into. */
export interface Known {
  /** By `seq`, oldest first. */
  readonly messages: readonly MessageView[]
  readonly spans: readonly Span[]
}

export const nothingKnown: Known = { messages: [], spans: [] }

/** Where a stretch was asked for: what it touches is known as well. */
export interface Asked {
  readonly before?: number
  readonly from?: number
}

const joined = (spans: readonly Span[]): readonly Span[] => {
  const all: Span[] = []
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1)
    if (last === undefined || span.from > last.to + 1) all.push(span)
    else
      all[all.length - 1] = {
        ...last,
        to: Math.max(last.to, span.to),
        isBeginning: last.isBeginning || span.isBeginning,
      }
  }
  return all
}

/** Adds what was fetched; where a message was known already the new one counts. */
export const learn = (
  known: Known,
  { messages, earlier }: Pick<StretchView, 'messages' | 'earlier'>,
  { before, from }: Asked = {},
): Known => {
  const first = messages[0]?.seq ?? before ?? from
  const last = before ?? messages.at(-1)?.seq ?? from
  if (first === undefined || last === undefined) return known
  const bySeq = new Map(known.messages.map((message) => [message.seq, message]))
  for (const message of messages) bySeq.set(message.seq, message)
  const span = { from: Math.min(first, from ?? first), to: last, isBeginning: !earlier }
  return {
    messages: [...bySeq.values()].toSorted((one, other) => one.seq - other.seq),
    spans: joined([...known.spans, span]),
  }
}

/** The part around a place in which nothing is missing, and whether there is more on either side. */
export interface Shown {
  readonly messages: readonly MessageView[]
  readonly earlier: boolean
  readonly later: boolean
}

/** What may be shown around a place; `Infinity` is the end. */
export const around = ({ messages, spans }: Known, seq: number): Shown => {
  const span = spans.find(({ from, to }) => from <= seq && seq <= to) ?? spans.at(-1)
  if (span === undefined) return { messages, earlier: false, later: false }
  return {
    messages: messages.filter((message) => message.seq >= span.from && message.seq <= span.to),
    earlier: !span.isBeginning,
    later: span !== spans.at(-1),
  }
}
