import type { TicketDetail } from '../api/desk.ts'

// What the server will make of a text: the same breaks as `src/outbox/split.ts`, which a test compares it with.

/** What the contact's channel makes of a text. */
export type TextLimits = NonNullable<TicketDetail['textLimits']>

const leastFill = 1 / 3
const encoder = new TextEncoder()
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** How much of the limit a text takes. */
export const sizeOf = (text: string, { unit }: Pick<TextLimits, 'unit'>): number =>
  unit === 'bytes' ? encoder.encode(text).length : text.length

const fits = (text: string, limits: TextLimits): boolean => sizeOf(text, limits) <= limits.max

function* clustersOf(text: string, limits: TextLimits): Generator<string> {
  for (const { segment } of graphemes.segment(text.slice(0, limits.max * 2 + 1))) {
    if (fits(segment, limits)) yield segment
    else yield* segment
  }
}

const breakQuality = (before: string, after: string): 0 | 1 | 2 | 3 => {
  if (/\n\s*\n$/.test(before) || /^\s*\n\s*\n/.test(after)) return 3
  if (before.endsWith('\n') || after.startsWith('\n')) return 2
  if (/[。！？!?；;…][」』”’"'）)】》]*$/.test(before) && !/^[。！？!?；;…」』”’"'）)】》]/.test(after))
    return 2
  if (/[^\d\s.]\.["')”’]*$/.test(before) && /^\s/.test(after)) return 2
  if (/[，、,：:\s]$/.test(before) || /^\s/.test(after)) return 1
  return 0
}

const firstLength = (text: string, limits: TextLimits): number => {
  const best = [0, 0, 0, 0]
  let length = 0
  let size = 0
  for (const cluster of clustersOf(text, limits)) {
    if (size >= limits.max * leastFill)
      best[breakQuality(text.slice(Math.max(0, length - 12), length), text.slice(length, length + 12))] =
        length
    size += sizeOf(cluster, limits)
    if (size > limits.max && length > 0) break
    length += cluster.length
  }
  return [best[3], best[2], best[1]].find((at) => at !== undefined && at > 0) ?? length
}

/** A typed text as the messages it becomes. */
export interface Split {
  readonly pieces: readonly string[]
  /** Its end does not fit in as many messages as are sent. */
  readonly cut: boolean
}

export const splitText = (text: string, limits: TextLimits): Split => {
  const shown = limits.markup !== 'plain' ? text.replaceAll('<', '＜') : text
  let rest = shown.replaceAll('\r\n', '\n').trim()
  const pieces: string[] = []
  while (rest !== '' && !fits(rest, limits) && pieces.length < limits.maxMessages - 1) {
    const length = firstLength(rest, limits)
    pieces.push(rest.slice(0, length).trimEnd())
    rest = rest.slice(length).trimStart()
  }
  return { pieces: [...pieces, rest].filter((piece) => piece !== ''), cut: !fits(rest, limits) }
}
