/** The try-it page's view of the conversations. */
import { randomUUID } from 'node:crypto'
import { TongdaError } from '../../src/core/errors.ts'
import type { ClientAct, ClientActKind, ShownChoice, ShownLine, SimulatedClient } from '../simulator.ts'
import type { Listeners } from '../kit/listeners.ts'
import type { Trace } from '../kit/trace.ts'
import type { Chats, Fields, Kept } from './chats.ts'
import { isFields } from './chats.ts'
import type { Faults } from './faults.ts'
import type { KeptFiles } from './kept-files.ts'
import type { People } from './people.ts'

export interface ClientDeps {
  readonly chats: Chats
  readonly people: People
  readonly faults: Faults
  readonly trace: Trace
  readonly files: KeptFiles
  readonly apiUrl: () => string
  readonly listeners: Listeners
}

const acts: readonly ClientActKind[] = [
  'text',
  'image',
  'file',
  'choice',
  'edit',
  'mention',
  'follow',
  'unfollow',
]

const wordOf = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

const cardOf = (activity: Fields): Fields | undefined => {
  const hero = listOf(activity['attachments']).find(
    (attachment) => attachment['contentType'] === 'application/vnd.microsoft.card.hero',
  )
  return isFields(hero?.['content']) ? hero['content'] : undefined
}

/** Buttons of a card or suggested actions. */
const actionsOf = (activity: Fields): readonly Fields[] => {
  const { suggestedActions } = activity
  const suggested = isFields(suggestedActions) ? listOf(suggestedActions['actions']) : []
  // A button that opens a page says nothing to the bot.
  return [...suggested, ...listOf(cardOf(activity)?.['buttons'])].filter(({ type }) => type !== 'openUrl')
}

const fileOf = (activity: Fields, files: KeptFiles): Partial<ShownLine> => {
  const [file] = listOf(activity['attachments']).filter((each) => wordOf(each, 'contentUrl') !== undefined)
  if (file === undefined) return {}
  const address = wordOf(file, 'contentUrl') ?? ''
  const id = files.idOf(address) ?? address.split('/').at(-1) ?? ''
  const isPicture = wordOf(file, 'contentType')?.startsWith('image/') === true
  return isPicture ? { picturePath: `/media/${id}` } : { fileName: wordOf(file, 'name') ?? 'file' }
}

const toLine = (kept: Kept, files: KeptFiles): ShownLine => {
  const { activity, note, state } = kept
  const card = cardOf(activity) ?? {}
  const text = wordOf(activity, 'text') ?? wordOf(card, 'text') ?? wordOf(card, 'title')
  const choices: readonly ShownChoice[] = actionsOf(activity).map((action, place) => ({
    id: String(place),
    label: wordOf(action, 'title') ?? '',
  }))
  return {
    id: kept.id,
    at: kept.at,
    from: kept.from,
    ...(state === undefined ? {} : { state }),
    ...(text === undefined ? {} : { text }),
    ...(choices.length === 0 ? {} : { choices }),
    ...(note === undefined ? {} : { note }),
    ...fileOf(activity, files),
  }
}

/** A press as the button asks for: its words in the user's name, its value beside them. */
const press = (userKey: string, lineId: string, choiceId: string, { chats, people }: ClientDeps): void => {
  const line = chats.find(lineId)
  const action = actionsOf(line?.activity ?? {})[Number(choiceId)]
  if (line === undefined || action === undefined)
    throw new TongdaError('not_found', 'there is no such button')
  const value = action['value']
  const text = wordOf(action, 'text') ?? (typeof value === 'string' ? value : '')
  const place =
    line.conversationId === chats.conversationOf(userKey, 'channel')['id'] ? 'channel' : 'personal'
  people.send(userKey, action['type'] === 'messageBack' ? { text, value } : { text }, place)
}

const perform = (userKey: string, act: ClientAct, deps: ClientDeps): void => {
  const { people, files, apiUrl } = deps
  const attach = (bytes: Uint8Array, contentType: string, name: string): void => {
    const id = randomUUID()
    files.set(id, { bytes, contentType })
    people.send(userKey, { attachments: [{ contentType, contentUrl: `${apiUrl()}/files/${id}`, name }] })
  }
  switch (act.kind) {
    case 'text':
      people.send(userKey, { text: act.text, textFormat: 'plain' })
      return
    case 'image':
      attach(act.bytes, 'image/png', 'picture.png')
      return
    case 'file':
      attach(act.bytes, 'application/octet-stream', act.name)
      return
    case 'choice':
      press(userKey, act.lineId, act.choiceId, deps)
      return
    case 'edit':
      people.edit(userKey, act.lineId, act.text)
      return
    case 'mention':
      people.mention(userKey, act.text)
      return
    case 'follow':
      people.enter(userKey)
      return
    case 'unfollow':
      people.leave(userKey)
      return
    case 'voice':
    case 'location':
      throw new TongdaError('bad_input', `the channel has no form for ${act.kind}`)
    default:
      return act satisfies never
  }
}

/** The client side of the simulated channel. */
export const createClient = (deps: ClientDeps): SimulatedClient => {
  const { chats, faults, trace, listeners, files } = deps
  return {
    acts,
    users: () => chats.users(),
    lines: (userKey) => chats.linesOf(userKey).map((kept) => toLine(kept, files)),
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
