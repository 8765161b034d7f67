/** From activities to the message model. Source: Bot Framework Activity schema. Provider words end here. */
import { createHash } from 'node:crypto'
import type { EventPart, InboundMessage, Part } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { groupField, listField, Refusal, textField, toPlain } from '../kit/index.ts'
import { decodeAttachment } from './decode-attachment.ts'
import { writeReference } from './reference.ts'
import type { Reference } from './reference.ts'

export interface DecodeContext {
  readonly inboxId: string
  /** The bot's own id. */
  readonly appId: string
  /** When the activity came, for those without a time. */
  readonly receivedAt: Date
}

/** What an activity is to us. */
export type Decoded =
  | { readonly kind: 'message'; readonly message: InboundMessage }
  /** A question that is answered in the response itself. */
  | { readonly kind: 'invoke'; readonly name: string }
  /** Nothing for us; `reason` is one fixed word for the log. */
  | { readonly kind: 'ignored'; readonly reason: string }

type Content = Pick<InboundMessage, 'parts' | 'mayContinue' | 'wantsReply'>

const none: Fields = new Map()

const group = (fields: Fields, name: string): Fields => groupField(fields, name) ?? none

const required = (fields: Fields, name: string): string => {
  const value = textField(fields, name)
  if (value === undefined || value.length > 1_024) throw new Refusal('malformed', `no_${name}`)
  return value
}

const event = (name: string, value?: string): EventPart => ({
  kind: 'event',
  name,
  ...(value === undefined ? {} : { value: value.slice(0, 256) }),
})

const silent = (...parts: readonly Part[]): Content => ({ parts, mayContinue: false, wantsReply: false })
const answerable = (parts: readonly Part[], mayContinue = false): Content => ({
  parts,
  mayContinue,
  wantsReply: true,
})

/** The words without the bot's own name: in Teams `<at>Bot</at>` stands where it was mentioned. */
const wordsOf = (activity: Fields): string | undefined => {
  const botId = textField(group(activity, 'recipient'), 'id')
  const mentions = listField(activity, 'entities')
    .filter((entity) => textField(entity, 'type') === 'mention')
    .filter((entity) => textField(group(entity, 'mentioned'), 'id') === botId)
    .flatMap((entity) => textField(entity, 'text') ?? [])
  const text = mentions.reduce(
    (rest, mention) => rest.replaceAll(mention, ' '),
    textField(activity, 'text') ?? '',
  )
  const words = mentions.length === 0 ? text : text.replace(/[^\S\n]+/g, ' ').trim()
  return words.trim() === '' ? undefined : words
}

const decodeMessage = (activity: Fields): Content => {
  const words = wordsOf(activity)
  const text: readonly Part[] = words === undefined ? [] : [{ kind: 'text', text: words }]
  const choice = textField(group(activity, 'value'), 'tongdaChoice')
  if (choice !== undefined) return answerable([event('choice', choice), ...text])
  const files = listField(activity, 'attachments').slice(0, 20).flatMap(decodeAttachment)
  const parts = [...files, ...text]
  if (parts.length > 0) return answerable(parts, files.length === 0)
  const value = activity.get('value')
  return value === undefined
    ? silent()
    : answerable([{ kind: 'unsupported', type: 'value', raw: toPlain(new Map([['value', value]])) }])
}

/** The first person who came; the bot itself is among the members when a conversation begins. */
const personAdded = (activity: Fields): Fields | undefined => {
  const botId = textField(group(activity, 'recipient'), 'id')
  return listField(activity, 'membersAdded').find((member) => textField(member, 'id') !== botId)
}

const decodeMembers = (activity: Fields): Content =>
  personAdded(activity) === undefined ? silent() : answerable([event('opened')])

const decodeInstallation = (activity: Fields): Content =>
  textField(activity, 'action')?.startsWith('add') === true
    ? answerable([event('subscribed')])
    : silent(event('unsubscribed'))

const decodeReaction = (activity: Fields): Content => {
  const [added] = listField(activity, 'reactionsAdded')
  return silent(event('other', `reaction ${textField(added ?? none, 'type') ?? 'removed'}`))
}

const readers: ReadonlyMap<string, (activity: Fields) => Content> = new Map([
  ['message', decodeMessage],
  ['messageUpdate', (activity) => silent(event('edited'), ...decodeMessage(activity).parts)],
  ['messageDelete', () => silent(event('other', 'messageDelete'))],
  ['messageReaction', decodeReaction],
  ['conversationUpdate', decodeMembers],
  ['contactRelationUpdate', decodeInstallation],
  ['installationUpdate', decodeInstallation],
  ['endOfConversation', () => silent(event('closed'))],
  [
    'event',
    (activity) => {
      const name = textField(activity, 'name') ?? ''
      return name === 'webchat/join' ? answerable([event('opened')]) : silent(event('other', name))
    },
  ],
])

const ignoredTypes: ReadonlySet<string> = new Set([
  'typing',
  'trace',
  'command',
  'commandResult',
  'handoff',
  'delay',
])

const unknown = (type: string, activity: Fields): Content =>
  silent({ kind: 'unsupported', type: type.slice(0, 64), raw: toPlain(new Map([...activity].slice(0, 64))) })

const optional = (fields: Fields, name: string): Record<string, string> => {
  const value = textField(fields, name)
  return value === undefined ? {} : { [name]: value }
}

const referenceOf = (activity: Fields): Reference => {
  const conversation = group(activity, 'conversation')
  // News of members come in anybody's name; whom they concern stands in them.
  const user = personAdded(activity) ?? group(activity, 'from')
  const bot = group(activity, 'recipient')
  return {
    serviceUrl: required(activity, 'serviceUrl'),
    channelId: required(activity, 'channelId'),
    conversation: {
      id: required(conversation, 'id'),
      ...(textField(conversation, 'isGroup') === 'true' ? { isGroup: true } : {}),
      ...optional(conversation, 'conversationType'),
      ...optional(conversation, 'tenantId'),
    },
    bot: { id: required(bot, 'id'), ...optional(bot, 'name') },
    user: { id: required(user, 'id'), ...optional(user, 'name') },
    ...optional(activity, 'locale'),
  }
}

/** In a group each member has a conversation of their own. */
const threadKeyOf = ({ conversation, user }: Reference): string =>
  conversation.isGroup === true ? `${conversation.id} ${user.id}` : conversation.id

/** Whether a key made by `threadKeyOf` is a group's. */
export const isOfGroup = (contactKey: string, threadKey: string): boolean =>
  threadKey.endsWith(` ${contactKey}`)

const timeOf = (activity: Fields, { receivedAt }: DecodeContext): Date => {
  const time = new Date(textField(activity, 'timestamp') ?? Number.NaN)
  return Number.isNaN(time.getTime()) ? receivedAt : time
}

/** Without an id (some channels give events none), what happened and when tells one from another. */
const dedupKeyOf = (activity: Fields, type: string, { channelId, conversation }: Reference): string => {
  const id = textField(activity, 'id')
  const rest =
    id === undefined
      ? toPlain(activity)
      : { type, id, edited: type === 'messageUpdate' ? toPlain(activity) : '' }
  const hash = createHash('sha256').update(JSON.stringify([channelId, conversation.id, rest]))
  return `${type.slice(0, 32)}:${hash.digest('hex')}`
}

/** Said by the bot itself: its id is the app's, with the channel's prefix (`28:` in Teams) before it. */
const isOwn = (activity: Fields, { user, bot }: Reference, appId: string): boolean =>
  user.id === bot.id ||
  user.id === appId ||
  user.id.endsWith(`:${appId}`) ||
  textField(group(activity, 'from'), 'role') === 'bot'

/** Where several people speak, an answer names what it answers. */
const groupMessageId = (
  activity: Fields,
  { conversation }: Reference,
): Pick<InboundMessage, 'providerId'> => {
  const id = conversation.isGroup === true ? textField(activity, 'id') : undefined
  return id === undefined || id.length > 256 ? {} : { providerId: id }
}

/** Decodes a verified activity; unknown types are kept. Throws `Refusal` `malformed` for one without its address. */
export const decode = (activity: Fields, context: DecodeContext): Decoded => {
  const type = required(activity, 'type')
  if (type === 'invoke') return { kind: 'invoke', name: textField(activity, 'name') ?? '' }
  if (ignoredTypes.has(type)) return { kind: 'ignored', reason: type }
  const reference = referenceOf(activity)
  const { user } = reference
  // Our own words come back on some channels.
  if (type === 'message' && isOwn(activity, reference, context.appId))
    return { kind: 'ignored', reason: 'bot' }
  const content = readers.get(type)?.(activity) ?? unknown(type, activity)
  if (content.parts.length === 0) return { kind: 'ignored', reason: 'empty' }
  return {
    kind: 'message',
    message: {
      ...content,
      inboxId: context.inboxId,
      contactKey: user.id,
      threadKey: threadKeyOf(reference),
      accountKey: writeReference(reference),
      dedupKey: dedupKeyOf(activity, type, reference),
      ...groupMessageId(activity, reference),
      sentAt: timeOf(activity, context),
      ...(user.name === undefined ? {} : { displayName: user.name.slice(0, 128) }),
      passiveBudgetMs: 0,
    },
  }
}
