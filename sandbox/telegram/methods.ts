// The Bot API's methods that a support bot uses: core.telegram.org/bots/api#available-methods.
import type { Clock } from '../../src/core/clock.ts'
import type { TelegramAccount, TelegramLimits } from './account.ts'
import { botFields } from './chats.ts'
import type { Chat, Chats, Fields } from './chats.ts'
import type { Refusal } from './faults.ts'
import { maxDownloadBytes, maxUploadBytes } from './files.ts'
import type { FileShelf, ShelvedFile } from './files.ts'
import { readHtml } from './html.ts'
import type { Updates } from './updates.ts'

/** What is being written in a chat: no message. */
export interface Draft {
  readonly chatId: number
  readonly draftId: number
  readonly text: string
}

/** What methods work on. */
export interface MethodState {
  readonly account: TelegramAccount
  readonly clock: Clock
  readonly limits: TelegramLimits
  readonly chats: Chats
  readonly files: FileShelf
  readonly updates: Updates
  /** Presses that wait for `answerCallbackQuery`, with the time they were made. */
  readonly presses: Map<string, { readonly at: Date; answer?: Fields }>
  /** When messages went out, for the flood limits. */
  readonly sent: { readonly at: number; readonly chatId: number }[]
  readonly typing: (chatId: number) => void
  readonly draft: (draft: Draft) => void
  /** The pictures people show, by their id. */
  readonly photos: ReadonlyMap<number, ShelvedFile>
}

/** A call as it was read: parameters, and files by the name they are attached under. */
export interface Call {
  readonly params: Fields
  readonly attached: ReadonlyMap<
    string,
    { readonly bytes: Uint8Array; readonly name: string; readonly contentType: string }
  >
}

export type Outcome =
  | { readonly result: unknown; readonly userKey?: string }
  | { readonly refusal: Refusal; readonly userKey?: string }
export type Method = (call: Call, state: MethodState) => Outcome | Promise<Outcome>

const refuse = (error_code: number, description: string, parameters?: Refusal['parameters']): Outcome => ({
  refusal: { error_code, description, ...(parameters === undefined ? {} : { parameters }) },
})
const badRequest = (what: string): Outcome => refuse(400, `Bad Request: ${what}`)

const text = (params: Fields, name: string): string | undefined => {
  const value = params[name]
  return typeof value === 'string' ? value : undefined
}
const number = (params: Fields, name: string): number | undefined => {
  const value = params[name]
  const read = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined
}
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Objects stand as JSON in forms. */
const object = (params: Fields, name: string): Fields | undefined => {
  const value = params[name]
  if (isFields(value)) return value
  if (typeof value !== 'string') return undefined
  try {
    const read: unknown = JSON.parse(value)
    return isFields(read) ? read : undefined
  } catch {
    return undefined
  }
}

const retryAfter = (seconds: number): Outcome =>
  refuse(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })

/** Counts a message to a chat; a refusal when it is too fast. */
const flood = (chat: Chat, { clock, limits, sent }: MethodState): Outcome | undefined => {
  const now = clock.now().getTime()
  const since = (ms: number) => sent.filter(({ at }) => now - at < ms)
  if (since(1_000).length >= limits.perSecond) return retryAfter(1)
  if (chat.type !== 'private') {
    const inGroup = since(60_000).filter(({ chatId }) => chatId === chat.id)
    const [oldest] = inGroup
    if (oldest !== undefined && inGroup.length >= limits.perGroupMinute)
      return retryAfter(Math.max(1, Math.ceil((oldest.at + 60_000 - now) / 1_000)))
  }
  sent.push({ at: now, chatId: chat.id })
  return undefined
}

/** The chat a call names, or why the bot may not write there. */
const target = (
  { params }: Call,
  state: MethodState,
): { readonly chat: Chat } | { readonly refused: Outcome } => {
  const chat = state.chats.chat(number(params, 'chat_id') ?? Number.NaN)
  if (chat === undefined) return { refused: badRequest('chat not found') }
  if (chat.migratedTo !== undefined) {
    const parameters = { migrate_to_chat_id: chat.migratedTo }
    return { refused: refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', parameters) }
  }
  const person = chat.type === 'private' ? state.chats.person(String(chat.id)) : undefined
  if (person?.started === false)
    return { refused: refuse(403, "Forbidden: bot can't initiate conversation with a user") }
  if (person?.blocked === true) return { refused: refuse(403, 'Forbidden: bot was blocked by the user') }
  return { chat }
}

const keyboardFault = (markup: Fields | undefined): Outcome | undefined => {
  if (markup === undefined) return undefined
  const rows = markup['inline_keyboard']
  if (!Array.isArray(rows)) return badRequest("can't parse reply keyboard markup JSON object")
  const buttons = rows.flatMap((row: unknown): unknown[] => (Array.isArray(row) ? row : [row]))
  if (buttons.length > 100) return badRequest('reply markup is too long')
  const isBad = buttons.some((button) => {
    if (!isFields(button)) return true
    const data = Buffer.byteLength(text(button, 'callback_data') ?? '')
    return (text(button, 'text') ?? '') === '' || data < 1 || data > 64
  })
  return isBad ? badRequest('BUTTON_DATA_INVALID') : undefined
}

/** Whom the bot speaks to: the person of a private chat, in a group the writer of the message it replies to. */
const listenerOf = (chat: Chat, params: Fields, { chats }: MethodState): string => {
  if (chat.type === 'private') return String(chat.id)
  const replyTo = number(object(params, 'reply_parameters') ?? {}, 'message_id')
  return (replyTo === undefined ? undefined : chats.find(chat.id, replyTo)?.userKey) ?? ''
}

/** Puts a message into a chat: the common end of all sending methods. */
const post = (call: Call, state: MethodState, content: Fields): Outcome => {
  const found = target(call, state)
  if ('refused' in found) return found.refused
  const { chat } = found
  const { params } = call
  const replyTo = object(params, 'reply_parameters')
  const original =
    replyTo === undefined ? undefined : state.chats.find(chat.id, number(replyTo, 'message_id') ?? 0)
  if (replyTo !== undefined && original === undefined && replyTo['allow_sending_without_reply'] !== true)
    return badRequest('message to be replied not found')
  const markup = object(params, 'reply_markup')
  const userKey = listenerOf(chat, params, state)
  const fault = keyboardFault(markup) ?? flood(chat, state)
  if (fault !== undefined) return { ...fault, userKey }
  const { message } = state.chats.keep(
    { chatId: chat.id, from: 'account', userKey },
    {
      ...content,
      ...(original === undefined ? {} : { reply_to_message: original.message }),
      ...(markup === undefined ? {} : { reply_markup: markup }),
    },
  )
  return { result: message, userKey }
}

const maxText = 4_096
const maxCaption = 1_024

/** A text or caption with its entities, or what is wrong with it. */
const formatted = (
  params: Fields,
  name: string,
): { readonly words: string; readonly entities: unknown } | Outcome => {
  const written = text(params, name) ?? ''
  if (text(params, 'parse_mode') === undefined) return { words: written, entities: [] }
  if (text(params, 'parse_mode') !== 'HTML') return badRequest("can't parse entities: unsupported parse_mode")
  const read = readHtml(written)
  return read.ok ? { words: read.text, entities: read.entities } : refuse(400, read.description)
}

const sendMessage: Method = (call, state) => {
  const read = formatted(call.params, 'text')
  if (!('words' in read)) return read
  const { words, entities } = read
  if (words.trim() === '') return badRequest('message text is empty')
  if (words.length > maxText) return badRequest('message is too long')
  return post(call, state, { text: words, entities })
}

interface FileKind {
  readonly field: string
  readonly maxBytes: number
  readonly toFields: (file: Fields) => unknown
}

const same = (file: Fields): unknown => file

const fileObject = ({ fileId, fileUniqueId, bytes, name, contentType }: ShelvedFile): Fields => ({
  file_id: fileId,
  file_unique_id: fileUniqueId,
  file_size: bytes.length,
  file_name: name,
  mime_type: contentType,
})

const sendFile =
  ({ field, maxBytes, toFields }: FileKind): Method =>
  (call, state) => {
    const value = text(call.params, field)
    const attached =
      value?.startsWith('attach://') === true ? call.attached.get(value.slice('attach://'.length)) : undefined
    if (attached !== undefined && attached.bytes.length > maxBytes)
      return refuse(413, 'Request Entity Too Large')
    if (attached?.bytes.length === 0) return badRequest('file must be non-empty')
    const isPicture =
      attached === undefined ||
      /^image\/(?:jpeg|png|webp|gif)$/.test(attached.contentType) ||
      /\.(?:jpe?g|png|webp|gif)$/.test(attached.name)
    if (field === 'photo' && !isPicture) return badRequest('IMAGE_PROCESS_FAILED')
    const file = attached === undefined ? state.files.find(value ?? '') : state.files.put(attached)
    if (file === undefined) return badRequest('wrong file identifier/HTTP URL specified')
    const read = formatted(call.params, 'caption')
    if (!('words' in read)) return read
    if (read.words.length > maxCaption) return badRequest('message caption is too long')
    const caption = read.words === '' ? {} : { caption: read.words, caption_entities: read.entities }
    return post(call, state, { [field]: toFields(fileObject(file)), ...caption })
  }

const place = (params: Fields): Fields | undefined => {
  const latitude = number(params, 'latitude')
  const longitude = number(params, 'longitude')
  if (
    latitude === undefined ||
    longitude === undefined ||
    Math.abs(latitude) > 90 ||
    Math.abs(longitude) > 180
  )
    return undefined
  return { latitude, longitude }
}

const sendLocation: Method = (call, state) => {
  const location = place(call.params)
  return location === undefined ? badRequest('Wrong coordinates') : post(call, state, { location })
}

const sendVenue: Method = (call, state) => {
  const location = place(call.params)
  const title = text(call.params, 'title') ?? ''
  const address = text(call.params, 'address') ?? ''
  if (location === undefined) return badRequest('Wrong coordinates')
  if (title === '' || address === '') return badRequest('title or address is empty')
  return post(call, state, { location, venue: { location, title, address } })
}

const sendChatAction: Method = (call, state) => {
  const found = target(call, state)
  if ('refused' in found) return found.refused
  if (text(call.params, 'action') === undefined) return badRequest('wrong parameter action in request')
  state.typing(found.chat.id)
  return { result: true }
}

/** Shown for 30 seconds, in private chats alone; no message. */
const sendMessageDraft: Method = (call, state) => {
  const found = target(call, state)
  if ('refused' in found) return found.refused
  if (found.chat.type !== 'private') return badRequest('drafts can be sent to private chats only')
  const draftId = number(call.params, 'draft_id') ?? 0
  if (draftId === 0) return badRequest('DRAFT_ID_INVALID')
  const words = text(call.params, 'text') ?? ''
  if (words.length > maxText) return badRequest('message is too long')
  state.draft({ chatId: found.chat.id, draftId, text: words })
  return { result: true }
}

/** A press waits 15 seconds for its answer. */
const pressLifeMs = 15_000

const answerCallbackQuery: Method = ({ params }, { presses, clock }) => {
  const press = presses.get(text(params, 'callback_query_id') ?? '')
  if (press === undefined || clock.now().getTime() - press.at.getTime() > pressLifeMs)
    return badRequest('query is too old and response timeout expired or query ID is invalid')
  if ((text(params, 'text') ?? '').length > 200) return badRequest('MESSAGE_TOO_LONG')
  press.answer = params
  return { result: true }
}

const getFile: Method = ({ params }, { files }) => {
  const file = files.find(text(params, 'file_id') ?? '')
  if (file === undefined) return badRequest('wrong file_id or the file is temporarily unavailable')
  if (file.bytes.length > maxDownloadBytes) return badRequest('file is too big')
  const { fileId, fileUniqueId, filePath, bytes } = file
  return {
    result: { file_id: fileId, file_unique_id: fileUniqueId, file_size: bytes.length, file_path: filePath },
  }
}

const namesOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.filter((name) => typeof name === 'string')
  try {
    return typeof value === 'string' ? namesOf(JSON.parse(value)) : []
  } catch {
    return []
  }
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

const setWebhook: Method = ({ params }, { updates }) => {
  const url = text(params, 'url') ?? ''
  const secret = text(params, 'secret_token') ?? ''
  if (url === '') {
    updates.setWebhook(undefined)
    return { result: true }
  }
  if (!URL.canParse(url)) return badRequest('bad webhook: invalid webhook URL specified')
  const { protocol, port, hostname } = new URL(url)
  // As a Bot API server of one's own does, this one also calls http on this machine.
  if (!loopback.has(hostname)) {
    if (protocol !== 'https:') return badRequest('bad webhook: An HTTPS URL must be provided for webhook')
    if (!['', '80', '88', '8443'].includes(port))
      return badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443')
  }
  if (secret !== '' && !/^[\w-]{1,256}$/.test(secret))
    return badRequest('secret token contains unallowed characters')
  updates.setWebhook({ url, secret, allowed: namesOf(params['allowed_updates']) })
  return { result: true }
}

const getUpdates: Method = async ({ params }, { updates }) => {
  const answer = await updates.poll({
    offset: number(params, 'offset'),
    limit: Math.min(100, Math.max(1, number(params, 'limit') ?? 100)),
    timeoutSeconds: number(params, 'timeout') ?? 0,
    allowed: namesOf(params['allowed_updates']),
  })
  return 'error_code' in answer ? { refusal: answer } : { result: answer }
}

const photoSizes = (file: Fields): unknown => [
  { ...file, width: 90, height: 90 },
  { ...file, width: 800, height: 800 },
]

const getUserProfilePhotos: Method = ({ params }, { photos }) => {
  const photo = photos.get(number(params, 'user_id') ?? Number.NaN)
  const sizes = photo === undefined ? [] : [photoSizes(fileObject(photo))]
  return { result: { total_count: sizes.length, photos: sizes } }
}

/** Every method, by name. */
export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'getMe',
    (_, { account }) => ({
      result: { ...botFields(account), can_join_groups: true, can_read_all_group_messages: false },
    }),
  ],
  ['getUpdates', getUpdates],
  ['setWebhook', setWebhook],
  [
    'deleteWebhook',
    (_, { updates }) => {
      updates.setWebhook(undefined)
      return { result: true }
    },
  ],
  [
    'getWebhookInfo',
    (_, { updates }) => {
      const failed = updates.lastError()
      return {
        result: {
          url: updates.webhook()?.url ?? '',
          has_custom_certificate: false,
          pending_update_count: updates.pending(),
          ...(failed === undefined
            ? {}
            : {
                last_error_date: Math.floor(failed.at.getTime() / 1_000),
                last_error_message: failed.message,
              }),
        },
      }
    },
  ],
  ['sendMessage', sendMessage],
  ['sendPhoto', sendFile({ field: 'photo', maxBytes: 10 * 1_048_576, toFields: photoSizes })],
  ['sendDocument', sendFile({ field: 'document', maxBytes: maxUploadBytes, toFields: same })],
  ['sendVoice', sendFile({ field: 'voice', maxBytes: maxUploadBytes, toFields: same })],
  ['sendAudio', sendFile({ field: 'audio', maxBytes: maxUploadBytes, toFields: same })],
  ['sendVideo', sendFile({ field: 'video', maxBytes: maxUploadBytes, toFields: same })],
  ['sendAnimation', sendFile({ field: 'animation', maxBytes: maxUploadBytes, toFields: same })],
  ['sendLocation', sendLocation],
  ['sendVenue', sendVenue],
  ['sendChatAction', sendChatAction],
  ['sendMessageDraft', sendMessageDraft],
  ['answerCallbackQuery', answerCallbackQuery],
  ['getFile', getFile],
  ['getUserProfilePhotos', getUserProfilePhotos],
])
