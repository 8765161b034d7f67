// From a Wechaty message to the bridge's event: plain data, files in base64.
import { clearTimeout, setTimeout } from 'node:timers'

/** By number: wechaty-puppet, schemas/message.ts. */
const typeNames = [
  'unknown',
  'attachment',
  'audio',
  'contact',
  'chat-history',
  'emoticon',
  'image',
  'text',
  'location',
  'mini-program',
  'group-note',
  'transfer',
  'red-envelope',
  'recalled',
  'url',
  'video',
  'post',
]

const contactTypes = ['unknown', 'individual', 'official', 'corporation']

const withFile = new Set(['attachment', 'audio', 'emoticon', 'image', 'video'])
const fileTimeoutMs = 20_000

const within = async (work) => {
  let timer
  const timeUp = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), fileTimeoutMs)
  })
  try {
    return await Promise.race([work, timeUp])
  } finally {
    clearTimeout(timer)
  }
}

const readFile = async (message, maxFileBytes) => {
  try {
    const box = await within(message.toFileBox())
    const bytes = await within(box.toBuffer())
    if (bytes.length > maxFileBytes) return { name: box.name, failure: 'too_large' }
    return { name: box.name, base64: bytes.toString('base64') }
  } catch {
    return { name: 'file', failure: 'failed' }
  }
}

const readLink = async (message) => {
  const link = await message.toUrlLink()
  return { url: link.url(), title: link.title(), description: link.description() ?? '' }
}

const readMiniProgram = async (message) => {
  const { payload } = await message.toMiniProgram()
  return {
    title: payload.title ?? '',
    description: payload.description ?? '',
    appId: payload.appid ?? '',
    pagePath: payload.pagePath ?? '',
  }
}

const readLocation = async (message) => {
  // Message.toLocation of wechaty 1.20 throws whatever it is given: the puppet is asked itself.
  const { latitude, longitude, name, address } = await message.wechaty.puppet.messageLocation(message.id)
  return { latitude, longitude, label: name || address || '' }
}

const readContent = async (message, type, maxFileBytes) => {
  try {
    if (withFile.has(type)) return { file: await readFile(message, maxFileBytes) }
    if (type === 'url') return { link: await readLink(message) }
    if (type === 'mini-program') return { miniProgram: await readMiniProgram(message) }
    if (type === 'location') return { location: await readLocation(message) }
    return {}
  } catch {
    // The puppet cannot read it; its type alone is still worth telling.
    return {}
  }
}

const wordsOf = async (message, type, room) => {
  if (type === 'recalled') return message.text()
  if (type !== 'text') return ''
  if (room === undefined) return message.text()
  return message.mentionText().catch(() => message.text())
}

/** The event of a message. Files are read only where somebody will look at them. */
export const translate = async (message, maxFileBytes) => {
  const type = typeNames[message.type()] ?? 'unknown'
  const talker = message.talker()
  const room = message.room()
  const mentionsSelf = room !== undefined && (await message.mentionSelf())
  const wanted = !message.self() && (room === undefined || mentionsSelf)
  return {
    id: message.id,
    type,
    text: await wordsOf(message, type, room),
    contactId: talker.id,
    contactName: talker.name(),
    contactType: contactTypes[talker.type()] ?? 'unknown',
    ...(room === undefined ? {} : { roomId: room.id }),
    self: message.self(),
    mentionsSelf,
    sentAt: message.date().getTime(),
    ...(wanted ? await readContent(message, type, maxFileBytes) : {}),
  }
}
