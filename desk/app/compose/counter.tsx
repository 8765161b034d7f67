import { useWords } from '../words/index.ts'
import { sizeOf, splitText, type TextLimits } from './split.ts'

/** What the server takes at once, in characters. */
export const maxLength = 4_000

/** Share of a message from which its end is near. */
const nearShare = 0.9
/** Beginning of a message, as a place to recognise. */
const maxStart = 12

const startOf = (piece: string): string => {
  const line = piece.replace(/\s+/g, ' ')
  return line.length <= maxStart ? line : `${line.slice(0, maxStart)}…`
}

interface CounterProps {
  readonly text: string
  /** What the contact's channel makes of a text; without it only the server's own limit is shown. */
  readonly limits: TextLimits | undefined
}

/** How much of what may be sent a text takes, and where it will be split. */
export const Counter = ({ text, limits }: CounterProps) => {
  const t = useWords()
  if (text.length > maxLength || limits === undefined)
    return (
      <span className="count" data-level={text.length > maxLength ? 'bad' : ''}>
        {t('compose.count', { n: text.length, max: maxLength })}
      </span>
    )
  const { pieces, cut } = splitText(text, limits)
  const last = sizeOf(pieces.at(-1) ?? '', limits)
  const isNear = last >= limits.max * nearShare || pieces.length > 1
  const count = Math.max(1, pieces.length)
  const places = pieces.slice(1).map((piece, at) => t('compose.split', { n: at + 2, start: startOf(piece) }))
  return (
    <span className="count" data-level={cut ? 'bad' : isNear ? 'near' : ''}>
      {t(`compose.count.${limits.unit}`, { n: last, max: limits.max, count })}
      {cut ? ` · ${t('compose.cut', { count: limits.maxMessages })}` : places.map((place) => ` · ${place}`)}
    </span>
  )
}
