import type { Capabilities } from '../core/capabilities.ts'
import type { ImagePart, InlinePicture, Part, TextPart } from '../core/message.ts'
import { canShow, render, type LinkTo } from './render.ts'
import { fits, maxPieces } from './split.ts'

/** Most provider messages of one answer where nothing counts them: nobody reads more on a phone. */
const mostMessages = 8

/**
 * How many provider messages one answer may take: what the smallest allowance leaves the bot, so that no piece of an
 * answer waits for the contact to act again. Allowances of a single message are for something else.
 */
const budgetOf = ({ allowances, reservedForAgents, passiveOnly }: Capabilities): number => {
  if (passiveOnly) return 1
  const left = Object.values(allowances).map(
    ({ count, reservedForAgents: kept = reservedForAgents }) => count - kept,
  )
  return Math.min(mostMessages, ...left.filter((count) => count >= 2))
}

const isImage = (part: Part): part is ImagePart => part.kind === 'image'

const without = (parts: readonly Part[], gone: readonly Part[]): readonly Part[] =>
  parts.filter((part) => !gone.includes(part))

interface Rendering {
  readonly parts: readonly Part[]
  readonly capabilities: Capabilities
  readonly linkTo: LinkTo
}

/** Everything as one text with the pictures between its words; undefined when it does not go into one. */
const inOneText = ({ parts, capabilities, linkTo }: Rendering): readonly Part[] | undefined => {
  const pictures: InlinePicture[] = []
  let words = ''
  for (const part of parts) {
    if (isImage(part) && canShow(part, capabilities)) {
      pictures.push({ after: words.length, alt: part.alt ?? '', media: part.media })
      continue
    }
    for (const piece of render([part], capabilities, linkTo)) {
      if (piece.kind !== 'text') return undefined
      words += `${words === '' ? '' : '\n\n'}${piece.text}`
    }
  }
  const bytes = pictures.reduce((sum, { media }) => sum + (media.bytes ?? 0), 0)
  const isRoom = bytes <= (capabilities.text.pictures?.maxBytes ?? 0) && fits(words, capabilities.text)
  const text: TextPart = { kind: 'text', text: words, pictures }
  return isRoom && words !== '' ? [text] : undefined
}

/** Pictures as links where they stand; the last ones not at all where their links would cost words. */
const asLinks = ({ parts, capabilities, linkTo }: Rendering): readonly Part[] => {
  const texts = { ...capabilities, parts: capabilities.parts.filter((kind) => kind !== 'image') }
  const images = parts.filter(isImage)
  for (let linked = images.length; linked > 0; linked -= 1) {
    const tried = render(without(parts, images.slice(linked)), texts, linkTo)
    if (tried.filter(({ kind }) => kind === 'text').length < maxPieces) return tried
  }
  return render(without(parts, images), texts, linkTo)
}

/** Words first, then as many pictures as the budget allows; the others are links. */
const wordsFirst = (rendering: Rendering, budget: number): readonly Part[] => {
  const { parts, capabilities } = rendering
  const images = parts.filter((part) => isImage(part) && canShow(part, capabilities))
  for (let sent = images.length; sent > 0; sent -= 1) {
    const behind = images.slice(0, sent)
    const tried = [...asLinks({ ...rendering, parts: without(parts, behind) }), ...behind]
    if (tried.length <= budget) return tried
  }
  return asLinks(rendering)
}

/**
 * An answer of ours with pictures, as `render`. In the order it was written where the channel lets us say that much;
 * else the words come first and pictures give way to them: what is over the channel's count is a link.
 */
export const renderAnswer = (
  parts: readonly Part[],
  capabilities: Capabilities,
  linkTo: LinkTo = () => undefined,
): readonly Part[] => {
  if (!parts.some(isImage)) return render(parts, capabilities, linkTo)
  const rendering = { parts, capabilities, linkTo }
  if (capabilities.text.pictures !== undefined) return inOneText(rendering) ?? asLinks(rendering)
  const budget = budgetOf(capabilities)
  const written = render(parts, capabilities, linkTo)
  const isCounted = budget < mostMessages
  if (!written.some(isImage)) return asLinks(rendering)
  if (written.length <= budget && !(isCounted && written[0]?.kind === 'image')) return written
  return wordsFirst(rendering, budget)
}
