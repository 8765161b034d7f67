import type { Capabilities, FileLimit } from '../core/capabilities.ts'
import type { ChoicesPart, LocationPart, MediaRef, Part } from '../core/message.ts'
import { isShownAddress, writeLink, writeMarkdown, writeWords, type Markup } from './markdown.ts'
import { fits, lessRoom, splitText, type TextLimit } from './split.ts'

/** A piece of the message on its way: words that may still join others, or a part the channel shows itself. */
type Degraded = { readonly words: string } | { readonly part: Exclude<Part, { readonly kind: 'text' }> }

const named = (kind: string, words: string | undefined, url: string | undefined, markup: Markup): string => {
  const label = words === undefined || words === '' ? kind : `${kind} ${words}`
  return url === undefined ? writeWords(label, markup) : writeLink(label, url, markup)
}

const placeWords = ({ label, latitude, longitude }: LocationPart): string =>
  `${label === undefined ? '' : `${label} `}${latitude.toFixed(5)}, ${longitude.toFixed(5)}`

/** A public address of a stored file; undefined when there is none. */
export type LinkTo = (media: MediaRef) => string | undefined

interface Writing {
  readonly markup: Markup
  readonly linkTo: LinkTo
}

/** A part the channel has no form for, in words or as a link; empty for what is not said at all. */
const inWords = (part: Exclude<Part, ChoicesPart>, { markup, linkTo }: Writing): string => {
  switch (part.kind) {
    case 'text':
      return part.format === 'markdown' ? writeMarkdown(part.text, markup) : writeWords(part.text, markup)
    case 'image':
      return named('[图片]', part.alt, part.url ?? linkTo(part.media), markup)
    case 'audio':
      return named('[语音]', part.transcript?.text, linkTo(part.media), markup)
    case 'video':
      return named('[视频]', undefined, linkTo(part.media), markup)
    case 'file':
      return named('[文件]', part.name, linkTo(part.media), markup)
    case 'location':
      return named('[位置]', placeWords(part), undefined, markup)
    case 'sticker':
      return named('[表情]', part.name, undefined, markup)
    case 'link':
      return [writeLink(part.title ?? part.url, part.url, markup), writeWords(part.description ?? '', markup)]
        .filter((line) => line !== '')
        .join('\n')
    case 'event':
    case 'unsupported':
      return ''
    default:
      return part satisfies never
  }
}

const numberHint = (prompt: string): string =>
  /\p{Script=Han}/u.test(prompt) ? '回复数字选择' : 'Reply with a number to choose'

const optionLines = ({ choices, footer }: ChoicesPart): string =>
  [
    ...choices.map(({ label }, place) => `${place + 1}. ${label}`),
    ...(footer === undefined ? [] : [footer]),
  ].join('\n')

const numbered = (part: ChoicesPart): string => {
  const labels = part.choices.map(({ label }) => label).join('')
  const lines = part.choices.length === 0 ? [] : [optionLines(part), numberHint(part.prompt + labels)]
  return [part.prompt, ...lines].filter((line) => line !== '').join('\n')
}

const cleanChoices = (part: ChoicesPart, markup: Markup): ChoicesPart => ({
  ...part,
  prompt: writeWords(part.prompt, markup),
  choices: part.choices.map(({ id, label }) => ({ id, label: writeWords(label, markup) })),
  ...(part.footer === undefined ? {} : { footer: writeWords(part.footer, markup) }),
})

/** Room left for the prompt beside the options; a channel may write them as a list into the same text. */
const promptLimit = (part: ChoicesPart, text: TextLimit): TextLimit =>
  lessRoom(text, `\n${optionLines(part)}`)

const keepsChoices = (part: ChoicesPart, { parts, choices, text }: Capabilities): boolean =>
  parts.includes('choices') &&
  choices.style !== 'numbered' &&
  part.choices.length > 0 &&
  part.choices.length <= choices.max &&
  promptLimit(part, text).max >= text.max / 4

/** What is not known of a file is not held against it: the channel itself looks again. */
const takesFile = (
  { mediaId, providerRef, contentType, bytes }: MediaRef,
  limit: FileLimit | undefined,
): boolean =>
  (mediaId !== undefined || providerRef !== undefined) &&
  (limit === undefined ||
    ((contentType === undefined || limit.contentTypes?.includes(contentType) !== false) &&
      (bytes === undefined || bytes <= limit.maxBytes)))

/** Whether the channel can show the part as it is: a file needs one that it can send, a link a safe address. */
export const canShow = (part: Exclude<Part, ChoicesPart>, { parts, files }: Capabilities): boolean => {
  if (!parts.includes(part.kind)) return false
  switch (part.kind) {
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return takesFile(part.media, files?.[part.kind])
    case 'link':
      return isShownAddress(part.url)
    case 'location':
    case 'sticker':
      return true
    case 'text':
    case 'event':
    case 'unsupported':
      return false
    default:
      return part satisfies never
  }
}

const degrade = (part: Part, capabilities: Capabilities, linkTo: LinkTo): Degraded => {
  const { markup } = capabilities.text
  if (part.kind === 'choices') {
    const clean = cleanChoices(part, markup)
    return keepsChoices(clean, capabilities) ? { part: clean } : { words: numbered(clean) }
  }
  if (part.kind !== 'text' && canShow(part, capabilities)) return { part }
  return { words: inWords(part, { markup, linkTo }) }
}

/** Joins neighbouring words with a blank line, and leaves out what has none. */
const joinWords = (pieces: readonly Degraded[]): readonly Degraded[] => {
  const joined: Degraded[] = []
  for (const piece of pieces) {
    const before = joined.at(-1)
    if ('part' in piece) joined.push(piece)
    else if (piece.words.trim() === '') continue
    else if (before !== undefined && 'words' in before)
      joined.splice(-1, 1, { words: `${before.words.trimEnd()}\n\n${piece.words.trimStart()}` })
    else joined.push(piece)
  }
  return joined
}

const asText = (text: string): Part => ({ kind: 'text', text })

/** A prompt that leaves no room for the options goes ahead as texts; its end stays with them. */
const splitPrompt = (part: ChoicesPart, text: TextLimit): readonly Part[] => {
  const limit = promptLimit(part, text)
  if (fits(part.prompt, limit)) return [part]
  const pieces = splitText(part.prompt, limit)
  return [...pieces.slice(0, -1).map(asText), { ...part, prompt: pieces.at(-1) ?? '' }]
}

/**
 * One message as the provider messages that carry it, each exactly one part within the channel's capabilities and
 * none empty. Markdown becomes text, choices a numbered list, what cannot be shown a link or words; text over the
 * limit is split. `linkTo` gives the address of a file that the channel cannot send. The result is stored and sent
 * as it is.
 */
export const render = (
  parts: readonly Part[],
  capabilities: Capabilities,
  linkTo: LinkTo = () => undefined,
): readonly Part[] =>
  joinWords(parts.map((part) => degrade(part, capabilities, linkTo))).flatMap((piece) => {
    if ('words' in piece) return splitText(piece.words, capabilities.text).map(asText)
    return piece.part.kind === 'choices' ? splitPrompt(piece.part, capabilities.text) : [piece.part]
  })
