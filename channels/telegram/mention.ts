/** Whether a group message speaks to the bot. Source: core.telegram.org/bots/api#messageentity. */
import type { Fields } from '../kit/index.ts'
import { groupField, listField, textField } from '../kit/index.ts'

/** The bot, as Telegram calls it. */
export interface Bot {
  readonly id: string
  /** Without `@`; undefined where it cannot be needed. */
  readonly username: string | undefined
}

/** A message's words: its text, or the caption of its file. */
export interface Words {
  readonly text: string
  readonly entities: readonly Fields[]
}

export const wordsOf = (message: Fields): Words | undefined => {
  const text = textField(message, 'text')
  if (text !== undefined) return { text, entities: listField(message, 'entities') }
  const caption = textField(message, 'caption')
  return caption === undefined
    ? undefined
    : { text: caption, entities: listField(message, 'caption_entities') }
}

interface Span {
  readonly from: number
  readonly to: number
}

/** What stands in the text instead of a span. */
interface Edit extends Span {
  readonly text: string
}

/** Offsets count UTF-16 units, as JavaScript's strings do. */
const spanOf = (entity: Fields, text: string): Span | undefined => {
  const from = Number(textField(entity, 'offset') ?? Number.NaN)
  const to = from + Number(textField(entity, 'length') ?? Number.NaN)
  return from >= 0 && to > from && to <= text.length ? { from, to } : undefined
}

/** Where the bot is named: `@name`, a mention of a bot without name, or `/command@name` (only the name's part). */
const namings = ({ text, entities }: Words, bot: Bot): readonly Span[] => {
  const name = `@${bot.username ?? ''}`.toLowerCase()
  return entities.flatMap((entity) => {
    const span = spanOf(entity, text)
    if (span === undefined) return []
    const words = text.slice(span.from, span.to).toLowerCase()
    const type = textField(entity, 'type')
    if (type === 'text_mention')
      return textField(groupField(entity, 'user') ?? new Map(), 'id') === bot.id ? [span] : []
    if (name === '@') return []
    if (type === 'mention') return words === name ? [span] : []
    const isCommand = type === 'bot_command' && words.endsWith(name)
    return isCommand ? [{ from: span.to - name.length, to: span.to }] : []
  })
}

const apply = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((one, other) => other.from - one.from)
    .reduce((rest, edit) => rest.slice(0, edit.from) + edit.text + rest.slice(edit.to), text)

const bareAddress = (address: string): string => address.replace(/^https?:\/\//i, '').replace(/\/$/, '')

/** Links behind words: Telegram keeps the address apart, so it is put behind them. */
const addresses = ({ text, entities }: Words): readonly Edit[] =>
  entities.flatMap((entity) => {
    const span = textField(entity, 'type') === 'text_link' ? spanOf(entity, text) : undefined
    const url = textField(entity, 'url') ?? ''
    if (span === undefined || url === '' || url.length > 2_048) return []
    const words = text.slice(span.from, span.to).trim()
    return bareAddress(words) === bareAddress(url) ? [] : [{ from: span.to, to: span.to, text: `（${url}）` }]
  })

/** A message's words with the addresses behind them. */
export const readable = (words: Words): string => apply(words.text, addresses(words))

const isReplyToBot = (message: Fields, bot: Bot): boolean => {
  const author = groupField(groupField(message, 'reply_to_message') ?? new Map(), 'from')
  return author !== undefined && textField(author, 'id') === bot.id
}

/** What a group message says to the bot, its name taken out; undefined when it speaks to others. */
export const addressed = (message: Fields, bot: Bot): { readonly text: string | undefined } | undefined => {
  const words = wordsOf(message)
  const spans = words === undefined ? [] : namings(words, bot)
  if (spans.length === 0 && !isReplyToBot(message, bot)) return undefined
  const edits =
    words === undefined ? [] : [...spans.map((span) => ({ ...span, text: '' })), ...addresses(words)]
  const text = apply(words?.text ?? '', edits)
    .replace(/[^\S\n]{2,}/g, ' ')
    .trim()
  return { text: text === '' ? undefined : text }
}
