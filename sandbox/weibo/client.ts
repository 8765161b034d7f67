import { TongdaError } from '../../src/core/errors.ts'
import type { Listeners } from '../kit/listeners.ts'
import type { Screens } from '../kit/screens.ts'
import type { Trace } from '../kit/trace.ts'
import type { ClientAct, SimulatedClient } from '../simulator.ts'
import type { WeiboDeed } from './deed.ts'
import type { Directory } from './directory.ts'
import type { Faults } from './faults.ts'
import type { PushOptions } from './pusher.ts'
import type { Shelf } from './shelf.ts'

/** What the client side works on. */
export interface ClientDeps {
  readonly directory: Directory
  readonly faults: Faults
  readonly screens: Screens
  readonly trace: Trace
  readonly listeners: Listeners
  readonly shelf: Shelf
  /** Starts a push; the user's line tells the rest. `held` lines wait to be overtaken. */
  readonly start: (userKey: string, deed: WeiboDeed, options: PushOptions, held: boolean) => void
  /** Lets go of what is held. */
  readonly release: () => void
}

/** A recording of 0.1 s of silence, in the format of phones. */
const voice = Buffer.concat([
  Buffer.from('#!AMR\n'),
  Buffer.alloc(5 * 32, Buffer.from([0x3c, ...Array.from({ length: 31 }, () => 0)])),
])

const unfit = (kind: string): never => {
  throw new TongdaError('bad_input', `Weibo’s direct messages have no ${kind}`)
}

const deedOf = (act: ClientAct, shelf: Shelf): WeiboDeed => {
  switch (act.kind) {
    case 'text':
    case 'mention':
      return { kind: act.kind, text: act.text }
    case 'image':
      return { kind: 'image', fid: shelf.put(act.bytes).fid }
    case 'voice':
      return { kind: 'voice', fid: shelf.put(voice).fid, durationMs: act.durationMs }
    case 'location':
      return { kind: 'position', latitude: act.latitude, longitude: act.longitude, label: act.label }
    case 'follow':
    case 'unfollow':
      return { kind: act.kind }
    case 'file':
    case 'choice':
    case 'edit':
      return unfit(act.kind)
    default:
      return act satisfies never
  }
}

/** Longer ago than any adapter should take. */
const staleByMs = 3_600_000

const optionsOf = (faults: Faults): PushOptions => ({
  ...(faults.isOn('bad-signature') ? { badSignature: true } : {}),
  ...(faults.isOn('stale-timestamp') ? { staleByMs } : {}),
  ...(faults.isOn('duplicate') ? { copies: 2 } : {}),
  ...(faults.isOn('lost-answer') ? { loseAnswers: 1 } : {}),
})

/** What the try-it page shows and works on. */
export const createClient = ({
  directory,
  faults,
  screens,
  trace,
  listeners,
  shelf,
  start,
  release,
}: ClientDeps): SimulatedClient => ({
  acts: ['text', 'image', 'voice', 'location', 'mention', 'follow', 'unfollow'],
  users: () => directory.list(),
  lines: (userKey) => screens.lines(userKey),
  act: (userKey, act) => {
    if (directory.find(userKey) === undefined) throw new TongdaError('not_found', 'there is no such user')
    const follows = directory.follows(userKey)
    if (!follows && act.kind !== 'follow' && act.kind !== 'mention')
      throw new TongdaError('conflict', 'the user has unfollowed the account; follow it first')
    if (follows && act.kind === 'follow')
      throw new TongdaError('conflict', 'the user follows the account already')
    const held = faults.isOn('out-of-order') && act.kind === 'text'
    start(userKey, deedOf(act, shelf), optionsOf(faults), held)
  },
  faults: () => faults.list(),
  setFault: (name, on) => {
    faults.set(name, on)
    if (name === 'out-of-order' && !on) release()
    listeners.tell()
  },
  exchanges: (userKey) => trace.of(userKey),
  allowance: (userKey) => directory.right(userKey),
  onChange: listeners.add,
})
