import { byId } from './dom.js'
import { sizeOf, splitText } from './split.js'
import { t } from './words.js'

/** Share of a message from which its end is near. */
const nearShare = 0.9

/** Beginning of a message, as a place to recognise. */
const maxStart = 12

const startOf = (piece) => {
  const line = piece.replace(/\s+/g, ' ')
  return line.length <= maxStart ? line : `${line.slice(0, maxStart)}…`
}

const show = ({ text, level = '', split = '' }) => {
  byId('count').textContent = text
  byId('count').dataset.level = level
  byId('split').textContent = split
  byId('split').dataset.level = level
}

/**
 * Shows how much of what may be sent a text takes. `limits`: what the contact's channel makes of a text; without them
 * only the server's own limit of `max` characters is shown.
 */
export const drawCounter = (text, max, limits) => {
  if (text.length > max || limits === undefined) {
    show({ text: t('compose.count', { n: text.length, max }), level: text.length > max ? 'bad' : '' })
    return
  }
  const { pieces, cut } = splitText(text, limits)
  const last = sizeOf(pieces.at(-1) ?? '', limits)
  const places = pieces.slice(1).map((piece, at) => t('compose.split', { n: at + 2, start: startOf(piece) }))
  show({
    text: t(`compose.count.${limits.unit}`, { n: last, max: limits.max, count: Math.max(1, pieces.length) }),
    level: cut ? 'bad' : last >= limits.max * nearShare || pieces.length > 1 ? 'near' : '',
    split: cut ? t('compose.cut', { count: limits.maxMessages }) : places.join(' · '),
  })
}
