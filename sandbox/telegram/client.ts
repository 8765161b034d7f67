/** The try-it page's view of the chats. */
import type { ClientAct, ClientActKind, ShownChoice, ShownLine, SimulatedClient } from '../simulator.ts'
import type { TelegramAccount } from './account.ts'
import type { Chats, Fields, Kept } from './chats.ts'
import type { Faults } from './faults.ts'
import type { FileShelf, ShelvedFile } from './files.ts'
import type { People } from './people.ts'
import { textFields } from './people.ts'
import type { Listeners } from '../kit/listeners.ts'
import type { Trace } from '../kit/trace.ts'

export interface ClientDeps {
  readonly account: TelegramAccount
  readonly chats: Chats
  readonly people: People
  readonly files: FileShelf
  readonly faults: Faults
  readonly trace: Trace
  readonly listeners: Listeners
}

const acts: readonly ClientActKind[] = [
  'text',
  'image',
  'voice',
  'file',
  'location',
  'choice',
  'edit',
  'mention',
  'follow',
  'unfollow',
]

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wordOf = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const lineId = ({ chatId, messageId }: Kept): string => `${chatId}:${messageId}`

const buttonsOf = (message: Fields): readonly ShownChoice[] => {
  const markup = message['reply_markup']
  const rows = isFields(markup) ? markup['inline_keyboard'] : undefined
  const buttons = Array.isArray(rows) ? rows.flat() : []
  return buttons
    .filter(isFields)
    .map((button) => ({ id: wordOf(button, 'callback_data') ?? '', label: wordOf(button, 'text') ?? '' }))
}

/** A link's address follows its words, as a reader would find it. */
const withLinks = (text: string, entities: unknown): string => {
  const links = (Array.isArray(entities) ? entities : []).filter(isFields).flatMap((entity) => {
    const url = wordOf(entity, 'url')
    const end = Number(entity['offset']) + Number(entity['length'])
    return url === undefined ? [] : [{ url, end }]
  })
  return [...links]
    .sort((one, other) => other.end - one.end)
    .reduce((shown, { url, end }) => `${shown.slice(0, end)} (${url})${shown.slice(end)}`, text)
}

const fileOf = (message: Fields): { readonly fields: Fields; readonly isPicture: boolean } | undefined => {
  const { photo } = message
  const last: unknown = Array.isArray(photo) ? photo.at(-1) : undefined
  if (isFields(last)) return { fields: last, isPicture: true }
  for (const name of ['document', 'voice', 'audio', 'video', 'animation']) {
    const value = message[name]
    if (isFields(value)) return { fields: value, isPicture: false }
  }
  return undefined
}

const placeOf = (message: Fields): string | undefined => {
  const { venue, location } = message
  const title = isFields(venue) ? wordOf(venue, 'title') : undefined
  if (!isFields(location)) return undefined
  return `📍 ${title ?? ''} ${String(location['latitude'])}, ${String(location['longitude'])}`
}

const toLine = (kept: Kept): ShownLine => {
  const { message } = kept
  const words = wordOf(message, 'text') ?? wordOf(message, 'caption')
  const text = words === undefined ? placeOf(message) : withLinks(words, message['entities'])
  const file = fileOf(message)
  const fileId = file === undefined ? undefined : wordOf(file.fields, 'file_id')
  const choices = buttonsOf(message)
  const original = message['reply_to_message']
  const inGroup = kept.chatId < 0 ? '群聊' : undefined
  const note = [inGroup, kept.note].filter((part) => part !== undefined).join(' · ')
  return {
    id: lineId(kept),
    at: kept.at,
    from: kept.from,
    ...(kept.state === undefined ? {} : { state: kept.state }),
    ...(text === undefined ? {} : { text }),
    ...(file?.isPicture === true && fileId !== undefined ? { picturePath: `/media/${fileId}` } : {}),
    ...(file?.isPicture === false ? { fileName: wordOf(file.fields, 'file_name') ?? 'file' } : {}),
    ...(choices.length === 0 ? {} : { choices }),
    ...(isFields(original) ? { replyTo: `${kept.chatId}:${String(original['message_id'])}` } : {}),
    ...(note === '' ? {} : { note }),
  }
}

const fileFields = ({ fileId, fileUniqueId, bytes, name, contentType }: ShelvedFile): Fields => ({
  file_id: fileId,
  file_unique_id: fileUniqueId,
  file_size: bytes.length,
  file_name: name,
  mime_type: contentType,
})

const parseLineId = (id: string): { readonly chatId: number; readonly messageId: number } => {
  const [chatId, messageId] = id.split(':').map(Number)
  return { chatId: chatId ?? 0, messageId: messageId ?? 0 }
}

/** A picture as the platform keeps it: a small and a large size. */
export const photoFields = (file: ShelvedFile): Fields => ({
  photo: [
    {
      ...fileFields(file),
      file_size: Math.min(file.bytes.length, 900),
      width: 90,
      height: 90,
      file_id: `${file.fileId}-small`,
    },
    { ...fileFields(file), width: 1_280, height: 1_280 },
  ],
})

/** A file of any other kind: `voice`, `document`, `video` … */
export const mediaFields = (kind: string, file: ShelvedFile, more: Fields = {}): Fields => ({
  [kind]: { ...fileFields(file), ...more },
})

const perform = (userKey: string, act: ClientAct, { people, files, chats, account }: ClientDeps): void => {
  switch (act.kind) {
    case 'text': {
      const original = act.replyTo === undefined ? undefined : chats.find(...numbersOf(act.replyTo))
      const reply = original === undefined ? {} : { reply_to_message: original.message }
      people.send(
        userKey,
        { ...textFields(act.text), ...reply },
        (original?.chatId ?? 1) < 0 ? 'group' : 'private',
      )
      return
    }
    case 'image': {
      people.send(
        userKey,
        photoFields(files.put({ bytes: act.bytes, name: 'photo.jpg', contentType: 'image/jpeg' })),
      )
      return
    }
    case 'voice': {
      const file = files.put({
        bytes: new TextEncoder().encode('OggS simulated voice'),
        name: 'voice.oga',
        contentType: 'audio/ogg',
      })
      people.send(userKey, mediaFields('voice', file, { duration: Math.ceil(act.durationMs / 1_000) }))
      return
    }
    case 'file': {
      const file = files.put({ bytes: act.bytes, name: act.name, contentType: 'application/octet-stream' })
      people.send(userKey, mediaFields('document', file))
      return
    }
    case 'location': {
      const location = { latitude: act.latitude, longitude: act.longitude }
      const venue = act.label === '' ? {} : { venue: { location, title: act.label, address: act.label } }
      people.send(userKey, { location, ...venue })
      return
    }
    case 'choice':
      people.press(userKey, parseLineId(act.lineId), act.choiceId)
      return
    case 'edit': {
      const { chatId, messageId } = parseLineId(act.lineId)
      people.edit(userKey, messageId, textFields(act.text), chatId < 0 ? 'group' : 'private')
      return
    }
    case 'mention':
      people.send(userKey, textFields(`@${account.username} ${act.text}`), 'group')
      return
    case 'follow':
      people.start(userKey)
      return
    case 'unfollow':
      people.block(userKey)
      return
    default:
      return act satisfies never
  }
}

const numbersOf = (id: string): [number, number] => {
  const { chatId, messageId } = parseLineId(id)
  return [chatId, messageId]
}

/** The client side of the simulated Telegram. */
export const createClient = (deps: ClientDeps): SimulatedClient => {
  const { chats, faults, trace, listeners } = deps
  return {
    acts,
    users: () => chats.people().map(({ id, name }) => ({ key: String(id), name })),
    lines: (userKey) => chats.linesOf(userKey).map(toLine),
    act: (userKey, act) => perform(userKey, act, deps),
    faults: () => faults.list(),
    setFault: (name, on) => {
      faults.set(name, on)
      listeners.tell()
    },
    exchanges: (userKey) => trace.of(userKey),
    allowance: () => undefined,
    onChange: listeners.add,
  }
}
