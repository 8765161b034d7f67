/** What people do on the channel, and the activities that become of it: Bot Framework Activity schema. */
import { TongdaError } from '../../src/core/errors.ts'
import type { BotAccount } from './account.ts'
import type { Chats, Fields, Kept, Place } from './chats.ts'
import type { Faults } from './faults.ts'
import type { Pusher } from './pusher.ts'

export interface PeopleDeps {
  readonly account: BotAccount
  readonly channelId: string
  readonly chats: Chats
  readonly pusher: Pusher
  readonly faults: Faults
  readonly onChange: () => void
}

export interface People {
  /** Something said: a `message` with these fields. */
  send(userKey: string, fields: Fields, place?: Place): Kept
  /** Any other activity. */
  push(userKey: string, fields: Fields): Promise<boolean>
  /** Names the bot in the team's channel; Teams writes the name into the text. */
  mention(userKey: string, text: string): Kept
  edit(userKey: string, lineId: string, text: string): void
  /** Comes into the conversation (Web Chat), or installs the bot (Teams). */
  enter(userKey: string): void
  leave(userKey: string): void
  /** Forgets what waits to be overtaken. */
  drop(): void
}

/** Sends a line out; with `out-of-order` the first one waits until the second has gone. */
const createDispatch = ({ pusher, faults, onChange }: PeopleDeps) => {
  let held: (() => void) | undefined
  const drop = (): void => {
    held = undefined
  }
  const dispatch = (line: Kept): void => {
    const setState = (state: 'held' | 'sending' | 'delivered' | 'failed'): void => {
      line.state = state
      onChange()
    }
    const start = (): void => {
      setState('sending')
      void pusher
        .deliver(line.activity, line.userKey)
        .then((taken) => setState(taken ? 'delivered' : 'failed'))
    }
    if (faults.isOn('out-of-order') && held === undefined) {
      setState('held')
      held = start
      return
    }
    start()
    held?.()
    drop()
  }
  return { dispatch, drop }
}

export const createPeople = (deps: PeopleDeps): People => {
  const { account, channelId, chats, pusher } = deps
  const { dispatch: go, drop } = createDispatch(deps)

  const nameOf = (userKey: string): string => {
    const user = chats.users().find(({ key }) => key === userKey)
    if (user === undefined) throw new TongdaError('not_found', 'the simulator knows no such user')
    return user.name
  }
  const send: People['send'] = (userKey, fields, place = 'personal') => {
    nameOf(userKey)
    const activity = { type: 'message', ...chats.address(userKey, place), ...fields }
    const conversationId = String(chats.conversationOf(userKey, place)['id'])
    const line = chats.keep({ userKey, conversationId, from: 'user', activity })
    go(line)
    return line
  }
  const push: People['push'] = (userKey, fields) => {
    nameOf(userKey)
    return pusher.deliver({ ...chats.address(userKey, 'personal'), ...fields }, userKey)
  }
  const bot = { id: `28:${account.appId}`, name: account.name }
  return {
    send,
    push,
    drop,
    mention: (userKey, text) => {
      const tag = `<at>${account.name}</at>`
      const entities = [{ type: 'mention', text: tag, mentioned: bot }]
      return send(userKey, { text: `${tag} ${text}`, entities }, 'channel')
    },
    edit: (userKey, lineId, text) => {
      const line = chats.find(lineId)
      if (line?.from !== 'user' || line.userKey !== userKey)
        throw new TongdaError('not_found', 'there is no such message of this user')
      line.activity = { ...line.activity, type: 'messageUpdate', text }
      line.note = '已编辑'
      go(line)
    },
    enter: (userKey) => {
      chats.setPresent(userKey, true)
      const members = [bot, { id: userKey, name: nameOf(userKey) }]
      if (channelId === 'msteams') void push(userKey, { type: 'installationUpdate', action: 'add' })
      else void push(userKey, { type: 'conversationUpdate', membersAdded: members })
    },
    leave: (userKey) => {
      void push(userKey, { type: 'installationUpdate', action: 'remove' })
      chats.setPresent(userKey, false)
    },
  }
}
