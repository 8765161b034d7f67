// What a member or a caller does, as the JSON of the documented format.
import { TongdaError } from '../../src/core/errors.ts'
import type { ClientAct } from '../simulator.ts'
import type { BrandUser } from './account.ts'
import type { ThreadedScreens } from './screens.ts'
import type { Shelf } from './shelf.ts'

/** A message that exists, but has not been delivered yet. */
export interface Composed {
  readonly userKey: string
  readonly lineId: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface ComposeDeps {
  readonly screens: ThreadedScreens
  readonly shelf: Shelf
  readonly apiUrl: () => string
  /** Numbers topics, calls and messages. */
  readonly next: () => number
  readonly now: () => Date
}

/** The choice on a caller's screen that asks to be called back. */
export const callbackChoice = { id: 'callback', label: '请求回电 Call me back' } as const

/** Files up to this size travel within the message, larger ones as links. */
const maxInlineBytes = 262_144

const refused = (user: BrandUser, act: ClientAct): TongdaError =>
  new TongdaError(
    'bad_input',
    `${user.on === 'forum' ? 'the forum' : 'the phone'} has no form for ${act.kind}`,
  )

interface Said {
  readonly thread: string
  readonly parts: readonly Readonly<Record<string, unknown>>[]
  readonly shown: Parameters<ThreadedScreens['add']>[2]
  readonly wantsReply?: boolean
}

const threadOf = (user: BrandUser, { screens, next }: ComposeDeps, lineId?: string): string => {
  const answered = lineId === undefined ? undefined : screens.find(lineId)?.thread
  const fresh = (): string => `${user.on === 'forum' ? 'topic' : 'call'}-${next()}`
  return answered ?? screens.lastThread(user.key) ?? fresh()
}

const write = (user: BrandUser, act: Extract<ClientAct, { kind: 'text' }>, deps: ComposeDeps): Said => {
  const { text, subject, replyTo } = act
  // A subject opens a new topic; without one the member goes on where it was.
  const thread = subject === undefined ? threadOf(user, deps, replyTo) : `topic-${deps.next()}`
  const words = subject === undefined ? text : `${subject}\n${text}`
  return {
    thread,
    parts: [{ kind: 'text', text: words }],
    shown: {
      from: 'user',
      text,
      ...(subject === undefined ? {} : { subject }),
      ...(replyTo === undefined ? {} : { replyTo }),
    },
  }
}

const sendFile = (
  user: BrandUser,
  act: Extract<ClientAct, { kind: 'image' | 'file' }>,
  deps: ComposeDeps,
): Said => {
  const path = `/media/${deps.shelf.put(act.bytes)}`
  const media =
    act.kind === 'file' && act.bytes.length <= maxInlineBytes
      ? { base64: Buffer.from(act.bytes).toString('base64') }
      : { url: `${deps.apiUrl()}${path}` }
  const part = act.kind === 'image' ? { kind: 'image', media } : { kind: 'file', media, name: act.name }
  const shown = act.kind === 'image' ? { picturePath: path } : { fileName: act.name }
  return { thread: threadOf(user, deps), parts: [part], shown: { from: 'user', ...shown } }
}

/** A call that a person answered: kept with its recording and what was said; nobody waits for an answer. */
const logCall = (act: Extract<ClientAct, { kind: 'voice' }>, deps: ComposeDeps): Said => {
  const { durationMs, recognition } = act
  const thread = `call-${deps.next()}`
  const transcript = recognition === undefined ? {} : { transcript: { text: recognition, source: 'hotline' } }
  return {
    thread,
    parts: [
      { kind: 'event', name: 'call-ended', data: { durationMs, direction: 'in' } },
      { kind: 'audio', durationMs, ...transcript },
      { kind: 'link', url: `https://recordings.example/${thread}.wav`, title: '通话录音' },
    ],
    shown: { from: 'user', text: `📞 ${Math.round(durationMs / 1_000)} s ${recognition ?? ''}`.trim() },
    wantsReply: false,
  }
}

const choose = (user: BrandUser, act: Extract<ClientAct, { kind: 'choice' }>, deps: ComposeDeps): Said => {
  const label = deps.screens.find(act.lineId)?.line.choices?.find(({ id }) => id === act.choiceId)?.label
  if (label === undefined) throw new TongdaError('not_found', 'there is no such choice')
  const isCallback = user.on === 'phone' && act.choiceId === callbackChoice.id
  const event = isCallback
    ? { kind: 'event', name: 'callback-requested', value: user.key }
    : { kind: 'event', name: 'choice', value: act.choiceId }
  return { thread: threadOf(user, deps), parts: [event], shown: { from: 'user', text: label } }
}

const say = (user: BrandUser, act: ClientAct, deps: ComposeDeps): Said => {
  switch (act.kind) {
    case 'text':
      return write(user, act, deps)
    case 'image':
    case 'file':
      if (user.on === 'phone') throw refused(user, act)
      return sendFile(user, act, deps)
    case 'voice':
      if (user.on === 'forum') throw refused(user, act)
      return logCall(act, deps)
    case 'choice':
      return choose(user, act, deps)
    case 'location': {
      if (user.on === 'phone') throw refused(user, act)
      const { latitude, longitude, label } = act
      return {
        thread: threadOf(user, deps),
        parts: [{ kind: 'location', latitude, longitude, label }],
        shown: { from: 'user', text: `📍 ${label}` },
      }
    }
    case 'edit':
    case 'mention':
    case 'follow':
    case 'unfollow':
      throw refused(user, act)
    default:
      return act satisfies never
  }
}

/** Puts an act on the user's screen and makes its message. Throws `bad_input`, `not_found`. */
export const compose = (user: BrandUser, act: ClientAct, deps: ComposeDeps): Composed => {
  const { thread, parts, shown, wantsReply } = say(user, act, deps)
  const lineId = deps.screens.add(user.key, thread, { ...shown, state: 'sending' })
  return {
    userKey: user.key,
    lineId,
    body: {
      id: `${user.on}-${deps.next()}`,
      contact: { id: user.key, displayName: user.name },
      thread,
      sentAt: deps.now().toISOString(),
      parts,
      ...(wantsReply === undefined ? {} : { wantsReply }),
      ...(user.on === 'forum' ? { complete: true } : {}),
    },
  }
}
