import { TongdaError } from '../../src/core/errors.ts'
import type { Listeners } from '../kit/listeners.ts'
import type { ClientAct, ClientActKind, SimulatedClient } from '../simulator.ts'
import type { PushResult } from './callback.ts'
import type { Item } from './message-log.ts'
import type { Platform } from './platform.ts'
import type { Shown } from './send-body.ts'

/** `follow` opens the chat: there is nothing to follow here. */
const acts: readonly ClientActKind[] = ['text', 'image', 'voice', 'file', 'location', 'choice', 'follow']

const amr = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64)])

interface Spoken {
  readonly content: Item
  readonly shown: Shown
}

const spokenFile = (kind: 'image' | 'voice' | 'file', mediaId: string, shown: Shown): Spoken => ({
  content: { msgtype: kind, [kind]: { media_id: mediaId } },
  shown,
})

const chosen = ({ screens }: Platform, userKey: string, lineId: string, choiceId: string): Spoken => {
  const line = screens.lines(userKey).find(({ id }) => id === lineId)
  const choice = line?.choices?.find(({ id }) => id === choiceId)
  if (choice === undefined) throw new TongdaError('not_found', 'there is no such choice on that line')
  const { id, label } = choice
  return { content: { msgtype: 'text', text: { content: label, menu_id: id } }, shown: { text: label } }
}

const compose = (platform: Platform, userKey: string, act: ClientAct): Spoken => {
  const { media } = platform
  switch (act.kind) {
    case 'text':
      return { content: { msgtype: 'text', text: { content: act.text } }, shown: { text: act.text } }
    case 'image': {
      const { mediaId } = media.put('image', 'image.png', act.bytes)
      return spokenFile('image', mediaId, { picturePath: `/media/${mediaId}` })
    }
    case 'voice':
      return spokenFile('voice', media.put('voice', 'voice.amr', amr).mediaId, { fileName: 'voice.amr' })
    case 'file':
      return spokenFile('file', media.put('file', act.name, act.bytes).mediaId, { fileName: act.name })
    case 'location': {
      const { latitude, longitude, label } = act
      const location = { latitude, longitude, name: label, address: label }
      return { content: { msgtype: 'location', location }, shown: { text: `📍 ${label}` } }
    }
    case 'choice':
      return chosen(platform, userKey, act.lineId, act.choiceId)
    case 'edit':
    case 'mention':
    case 'follow':
    case 'unfollow':
      throw new TongdaError('bad_input', `WeCom has no form for ${act.kind}`)
  }
}

/** A user says something; resolves when the platform is done pushing. */
export const says = (platform: Platform, userKey: string, act: ClientAct): Promise<PushResult> => {
  platform.userOf(userKey)
  const { content, shown } = compose(platform, userKey, act)
  platform.sessions.wrote(userKey)
  const line = platform.screens.show(userKey, { from: 'user', state: 'sending', ...shown })
  const pushed = platform.said(userKey, 3, content)
  void pushed.then(({ status }) =>
    platform.screens.setState(line.id, status === 200 ? 'delivered' : 'failed'),
  )
  return pushed
}

/** A user opens the chat; a welcome is allowed when nothing was said in 48 h. */
export const enters = (
  platform: Platform,
  userKey: string,
  scene: { readonly scene?: string; readonly scene_param?: string } = {},
): Promise<PushResult> => {
  platform.userOf(userKey)
  const { sessions } = platform
  const code = sessions.mayBeWelcomed(userKey) ? sessions.issueCode(userKey, 'welcome') : undefined
  return platform.happened(userKey, {
    event_type: 'enter_session',
    scene: scene.scene ?? 'oeFVSa',
    scene_param: scene.scene_param ?? '',
    ...(code === undefined ? {} : { welcome_code: code }),
  })
}

/** The client side, as the try-it page works on it. */
export const createClient = (platform: Platform, listeners: Listeners): SimulatedClient => {
  const { users, screens, faults, trace, sessions, tokens } = platform
  return {
    acts,
    users: () => [...users.values()].map(({ key, name }) => ({ key, name })),
    lines: (userKey) => screens.lines(userKey),
    act: (userKey, act) => {
      if (act.kind === 'follow') void enters(platform, userKey)
      else void says(platform, userKey, act)
    },
    faults: () => faults.list(),
    setFault: (name, on) => {
      faults.set(name, on)
      if (name === 'token-expired' && on) tokens.expireAll()
      listeners.tell()
    },
    exchanges: (userKey) => trace.of(userKey),
    allowance: (userKey) => sessions.left(userKey),
    onChange: listeners.add,
  }
}
