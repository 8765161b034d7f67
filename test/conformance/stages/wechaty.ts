import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TongdaError } from '../../../src/core/errors.ts'
import type { ClientAct, ShownLine, SimulatedClient } from '../../../sandbox/simulator.ts'
import { startSteering, type Steering } from '../../channels/wechaty/stage.ts'
import type { SetUp } from '../stage.ts'
import { until } from '../until.ts'

const types = { image: 6, file: 1, location: 8, text: 7, unknown: 99 } as const

/** The room that a friend shares with the account, in WeChat's form. */
const roomOf = (key: string): string => `room-of-${key}@chatroom`

type Order = Readonly<Record<string, unknown>>

const orderOf = (act: ClientAct, key: string): Order => {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  switch (act.kind) {
    case 'text':
      return { payload: { type: types.text, text: act.text } }
    case 'mention':
      return {
        payload: { type: types.text, text: `@Bot ${act.text}` },
        roomId: roomOf(key),
        mentions: true,
      }
    case 'image':
      return {
        payload: { type: types.image },
        content: { file: { name: 'a.png', base64: base64(act.bytes) } },
      }
    case 'file':
      return {
        payload: { type: types.file },
        content: { file: { name: act.name, base64: base64(act.bytes) } },
      }
    case 'location': {
      const { latitude, longitude, label: name } = act
      return {
        payload: { type: types.location },
        content: { location: { latitude, longitude, name, address: '', accuracy: 1 } },
      }
    }
    default:
      throw new TongdaError('bad_input', `the puppet has no ${act.kind}`)
  }
}

/** What the account said to a friend, in the room they share too. */
const heardBy = ({ said }: Steering, key: string): readonly { at: number; line: ShownLine }[] =>
  said.flatMap(({ conversationId, text = '' }, place) =>
    conversationId === key || conversationId === roomOf(key)
      ? { at: place, line: { id: `said-${String(place)}`, at: new Date(), from: 'account' as const, text } }
      : [],
  )

/** Friends of the account behind the mock puppet, in the real bridge, as a client of the port. */
export const wechaty =
  (bridgeDir: string): SetUp =>
  async ({ clock }) => {
    const steering = await startSteering()
    const stateDir = mkdtempSync(join(tmpdir(), 'tongda-wechaty-'))
    const friends = new Map<string, { line: ShownLine; after: number }[]>()
    const on = new Set<string>()
    let signedInAt = 0
    let messages = 0
    let latest: Order = {}
    let held: (() => void) | undefined
    let tail = Promise.resolve()

    /** By the product's clock, which cases move: the adapter leaves what is old. */
    const dated = (order: Order): Order => ({
      ...order,
      payload: { timestamp: clock.now().getTime(), ...Object(order['payload']) },
    })
    /** Whenever a bridge has come up anew, the account signs in; what was said meanwhile comes then. */
    const isUp = async (): Promise<void> => {
      await until(() => steering.ups() > 0 && steering.ups() === steering.connections())
      if (steering.ups() === signedInAt) return
      // WeChat knows the account's friends, whichever bridge asks.
      for (const id of friends.keys()) await steering.act({ do: 'contact', id })
      await steering.act({ do: 'login' })
      signedInAt = steering.ups()
    }
    // The phone stays signed in: a bridge that comes up anew finds the account, whether or not somebody writes.
    const watch = setInterval(() => {
      if (signedInAt > 0 && steering.ups() > signedInAt) tail = tail.then(isUp)
    }, 50)
    const send = (order: Order, copies = 1): Promise<void> => {
      tail = tail.then(async () => {
        let bridge: number
        do {
          await isUp()
          bridge = steering.connections()
          for (let copy = 0; copy < copies; copy += 1) await steering.act(order)
          // What the bridge took with it comes to the next one.
        } while (bridge !== steering.connections())
      })
      return tail
    }
    const friendOf = (key: string) => {
      const lines = friends.get(key)
      if (lines === undefined) throw new TongdaError('not_found', 'there is no such friend')
      return lines
    }
    const say = (key: string, text: string, more: Order, copies = 1): Promise<void> => {
      messages += 1
      const id = `m-${String(messages)}`
      const own: ShownLine = { id, at: new Date(), from: 'user', state: 'sending', text }
      const entry = { line: own, after: steering.said.length }
      friendOf(key).push(entry)
      const order = { do: 'message', id, from: key, ...dated(more) }
      latest = order
      const go = async (): Promise<void> => {
        await send(order, copies)
        entry.line = { ...own, state: 'delivered' }
      }
      if (on.has('out-of-order') && held === undefined) {
        held = () => void go()
        return Promise.resolve()
      }
      const going = go()
      held?.()
      held = undefined
      return going
    }
    const client: SimulatedClient = {
      acts: ['text', 'image', 'file', 'location', 'mention'],
      users: () => [...friends.keys()].map((key) => ({ key, name: key })),
      lines: (key) =>
        [...friendOf(key).map(({ line, after }) => ({ at: after - 0.5, line })), ...heardBy(steering, key)]
          .sort((one, other) => one.at - other.at)
          .map(({ line }) => line),
      act: (key, act) => {
        const text = 'text' in act ? act.text : act.kind
        void say(key, text, orderOf(act, key), on.has('duplicate') ? 3 : 1)
      },
      faults: () => ['duplicate', 'out-of-order'].map((name) => ({ name, on: on.has(name) })),
      setFault: (name, isOn) => {
        if (isOn) on.add(name)
        else on.delete(name)
      },
      exchanges: (key) =>
        friendOf(key).map(({ line: { id, at, text = '' } }) => ({
          ...{ id, at, kind: 'push' as const, title: 'message', status: '', request: text },
          ...{ response: '', problems: [] },
        })),
      allowance: () => undefined,
      onChange: () => () => undefined,
    }
    return {
      client,
      inbox: {
        inboxId: 'personal',
        channel: 'wechaty',
        section: {
          puppet: 'wechaty-puppet-mock',
          puppetOptions: { controlPort: steering.port },
          ...{ bridgeDir, stateDir },
        },
      },
      nextUser: async () => {
        await isUp()
        const key = `friend-${String(friends.size + 1)}`
        friends.set(key, [])
        return key
      },
      hooks: {
        resend: () => send(latest),
        saysTenTimes: (key, text) => say(key, text, orderOf({ kind: 'text', text }, key), 10),
        unknownType: (key) => say(key, 'hologram', { payload: { type: types.unknown, text: '' } }),
        echo: async (key, text) => {
          messages += 1
          const { payload } = dated({ payload: { type: types.text, text, listenerId: key } })
          await send({ do: 'message', id: `m-${String(messages)}`, from: 'self', payload })
        },
        pushCarriesMessage: true,
        losesAnswersOf: 'push',
        // The bridge dies in the midst of it; the product starts it anew.
        breakConnection: (broken) => {
          if (broken) void steering.act({ do: 'crash' })
        },
        breaksSends: true,
        keepsNothing: true,
        repeatsAreUnseen: false,
      },
      close: () => {
        clearInterval(watch)
        steering.close()
        rmSync(stateDir, { recursive: true, force: true })
      },
    }
  }
