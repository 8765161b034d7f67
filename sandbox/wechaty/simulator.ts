import { Hono } from 'hono'
import type { Clock } from '../../src/core/clock.ts'
import { TongdaError } from '../../src/core/errors.ts'
import { createListeners } from '../kit/listeners.ts'
import { createScreens } from '../kit/screens.ts'
import type { NewLine } from '../kit/screens.ts'
import { createFaultSwitches } from '../kit/switches.ts'
import { createTrace } from '../kit/trace.ts'
import type { ClientAct, SimulatedClient, SimulatedUser, Simulator } from '../simulator.ts'
import { faultNames } from './faults.ts'
import { openPuppet } from './puppet.ts'
import type { PuppetAct, Said } from './puppet.ts'
import { createShelf } from './shelf.ts'

/** What a simulator needs to know. */
export interface WechatySimulatorOptions {
  /** Port of this machine on which the bridge's mock puppet is steered: its `controlPort`. */
  readonly port: number
  readonly clock: Clock
  /** Friends of the account, all of them in its one group. */
  readonly users: readonly SimulatedUser[]
}

/** A personal WeChat account as the mock puppet plays it: friends and a group, no WeChat behind them. */
export interface WechatySimulator extends Simulator {
  /** Resolves once a bridge can connect; rejects when the port is not free. */
  readonly ready: Promise<void>
  /** What an inbox must give its mock puppet, so that the two meet. */
  readonly puppetOptions: { readonly controlPort: number; readonly controlSecret: string }
}

const room = 'room-of-fans@chatroom'
const roomNote = '群聊 group'
/** By number: wechaty-puppet, schemas/message.ts. */
const types = { image: 6, text: 7 } as const

interface Spoken {
  readonly shown: NewLine
  readonly act: Readonly<Record<string, unknown>>
}

const createParts = ({ port, clock, users }: WechatySimulatorOptions) => {
  const listeners = createListeners()
  const screens = createScreens(clock, listeners.tell)
  const trace = createTrace(listeners.tell)
  const faults = createFaultSwitches(faultNames)
  const shelf = createShelf()
  const exchange = { at: clock.now(), status: 'ok', problems: [] } as const

  /** In the group everybody reads the account; who is named is meant, and sees it here. */
  const readersOf = ({ conversationId, text = '' }: Said): readonly SimulatedUser[] => {
    if (conversationId !== room) return users.filter(({ key }) => key === conversationId)
    const named = users.filter(({ name }) => text.includes(`@${name}`))
    return named.length === 0 ? users : named
  }
  const shownOf = ({ conversationId, text, file }: Said): NewLine => ({
    from: 'account',
    ...(text === undefined ? {} : { text }),
    ...(file === undefined ? {} : shelf.put(file.name, Buffer.from(file.base64, 'base64'))),
    ...(conversationId === room ? { note: roomNote } : {}),
  })
  const onSaid = (said: Said): void => {
    const shown = shownOf(said)
    for (const { key } of readersOf(said)) {
      const request = JSON.stringify(said)
      trace.add({
        ...exchange,
        at: clock.now(),
        userKey: key,
        kind: 'api',
        title: 'say',
        request,
        response: '',
      })
      screens.show(key, shown)
    }
  }
  const onReady = (): readonly PuppetAct[] => {
    faults.set('lost-connection', false)
    listeners.tell()
    const members = [...users.map(({ key }) => key), 'self']
    return [
      ...users.map(({ key, name }) => ({ do: 'contact', id: key, name })),
      ...(faults.isOn('signed-out') ? [] : [{ do: 'login' }]),
      { do: 'room', id: room, memberIdList: members },
      ...(faults.isOn('send-refused') ? [{ do: 'refuse', on: true }] : []),
    ]
  }
  return { listeners, screens, trace, faults, shelf, puppet: openPuppet({ port, onReady, onSaid }) }
}
type Parts = ReturnType<typeof createParts>

const speak = (act: ClientAct, { shelf }: Parts): Spoken => {
  if (act.kind === 'text' || act.kind === 'mention') {
    const group = act.kind === 'mention'
    return {
      shown: { from: 'user', text: act.text, ...(group ? { note: roomNote } : {}) },
      act: {
        payload: { type: types.text, text: act.text },
        ...(group ? { roomId: room, mentions: true } : {}),
      },
    }
  }
  if (act.kind !== 'image')
    throw new TongdaError('bad_input', `the mock of personal WeChat has no form for ${act.kind}`)
  const base64 = Buffer.from(act.bytes).toString('base64')
  return {
    shown: { from: 'user', ...shelf.put('photo.png', Buffer.from(act.bytes)) },
    act: { payload: { type: types.image }, content: { file: { name: 'photo.png', base64 } } },
  }
}

/** Sends what users say; what is held goes after the next one. */
const createTalk = (parts: Parts, { clock, users }: WechatySimulatorOptions) => {
  const { screens, trace, faults, puppet } = parts
  let last = clock.now().getTime() * 1_000
  let held: (() => void) | undefined
  const drop = (): void => {
    held = undefined
  }
  const act = (userKey: string, input: ClientAct): void => {
    if (!users.some(({ key }) => key === userKey))
      throw new TongdaError('not_found', 'there is no such friend of the account')
    const spoken = speak(input, parts)
    const message = { do: 'message', id: `mock-${String((last += 1))}`, from: userKey, ...spoken.act }
    const isHeld = faults.isOn('out-of-order') && held === undefined
    const { id } = screens.show(userKey, { ...spoken.shown, state: isHeld ? 'held' : 'sending' })
    const go = (): void => {
      screens.setState(id, 'sending')
      const copies = faults.isOn('duplicate') ? 2 : 1
      for (let copy = 1; copy <= copies; copy += 1)
        puppet.act(message, () => {
          screens.setState(id, 'delivered')
          const told = { userKey, at: clock.now(), title: 'message', status: 'ok', problems: [] }
          trace.add({ ...told, kind: 'push', request: JSON.stringify(message), response: '' })
        })
    }
    if (isHeld) {
      held = go
      return
    }
    go()
    held?.()
    drop()
  }
  return { act, drop }
}

const createSetFault =
  ({ faults, puppet, listeners }: Parts): SimulatedClient['setFault'] =>
  (name, on) => {
    faults.set(name, on)
    if (name === 'lost-connection' && on) puppet.crash()
    if (name === 'signed-out') puppet.act({ do: on ? 'logout' : 'login' })
    if (name === 'send-refused') puppet.act({ do: 'refuse', on })
    listeners.tell()
  }

/** Steers the mock puppet of a bridge that an inbox starts. */
export const createWechatySimulator = (options: WechatySimulatorOptions): WechatySimulator => {
  const parts = createParts(options)
  const { listeners, screens, trace, faults, shelf, puppet } = parts
  const talk = createTalk(parts, options)
  const setFault = createSetFault(parts)
  const api = new Hono()
  api.get('/media/:id', (c) => shelf.serve(c.req.param('id')))
  // Whoever waits for it hears of a failure; nobody has to.
  puppet.ready.catch(() => undefined)
  return {
    channel: 'wechaty',
    api,
    ready: puppet.ready,
    puppetOptions: { controlPort: options.port, controlSecret: puppet.secret },
    client: {
      acts: ['text', 'image', 'mention'],
      users: () => options.users,
      lines: screens.lines,
      act: talk.act,
      faults: faults.list,
      setFault,
      exchanges: trace.of,
      allowance: () => undefined,
      onChange: listeners.add,
    },
    reset: () => {
      talk.drop()
      puppet.drop()
      for (const { name, on } of faults.list()) if (on) setFault(name, false)
      for (const part of [screens, trace]) part.clear()
      listeners.tell()
    },
    close: () => puppet.close(),
  }
}
