import { TongdaError } from '../../src/core/errors.ts'
import { createClosing } from '../kit/closing.ts'
import { createListeners } from '../kit/listeners.ts'
import { createTrace } from '../kit/trace.ts'
import type { SimulatedClient } from '../simulator.ts'
import { defaultTiming, defaultUsers } from './account.ts'
import type { ApiSimulator, ApiSimulatorOptions, BrandUser } from './account.ts'
import { callbackChoice, compose } from './compose.ts'
import type { Composed } from './compose.ts'
import { createFaults } from './faults.ts'
import type { Faults } from './faults.ts'
import { createPusher } from './pusher.ts'
import { createThreadedScreens } from './screens.ts'
import type { ThreadedScreens } from './screens.ts'
import { createShelf } from './shelf.ts'
import { createSecret } from './signing.ts'
import { createWebhook } from './webhook.ts'

const findUser = (users: readonly BrandUser[], key: string): BrandUser => {
  const user = users.find((each) => each.key === key)
  if (user === undefined) throw new TongdaError('not_found', `there is no user ${key}`)
  return user
}

/** A caller hears the hotline's announcement before anything else. */
const announce = (users: readonly BrandUser[], screens: ThreadedScreens): void => {
  for (const { key, on } of users) {
    if (on !== 'phone') continue
    const text = '欢迎致电客服热线。通话会被录音；也可以请求回电。'
    screens.add(key, 'call-0', { from: 'platform', text, choices: [callbackChoice] })
  }
}

/** Pushes in order, except that what is held goes after its successor. */
const createLine = (
  push: (composed: Composed) => Promise<void>,
  faults: Faults,
  screens: ThreadedScreens,
) => {
  const running = new Set<Promise<void>>()
  let held: Composed | undefined
  let tail = Promise.resolve()
  const enqueue = (composed: Composed): void => {
    tail = tail.then(() => push(composed))
    running.add(tail)
    const mine = tail
    void mine.finally(() => running.delete(mine))
  }
  return {
    send: (composed: Composed): void => {
      if (held === undefined && faults.isOn('out-of-order')) {
        held = composed
        screens.setState(composed.lineId, 'held')
        return
      }
      enqueue(composed)
      if (held !== undefined) enqueue(held)
      held = undefined
    },
    drop: (): void => {
      held = undefined
    },
    settled: async (): Promise<void> => {
      while (running.size > 0) await Promise.allSettled([...running])
    },
  }
}

/** A brand's forum and telephone system, written from docs/channels/api.md alone. */
export const createApiSimulator = (options: ApiSimulatorOptions): ApiSimulator => {
  const { clock, users = defaultUsers, apiUrl } = options
  const account = { secret: createSecret() }
  const closing = createClosing()
  const listeners = createListeners()
  const screens = createThreadedScreens(clock, listeners.tell)
  const trace = createTrace(listeners.tell)
  const shelf = createShelf()
  const faults = createFaults()
  const timing = { ...defaultTiming, ...options.timing }
  const shared = { secret: account.secret, faults, screens, trace, closing: closing.signal }
  const line = createLine(createPusher({ ...shared, options, timing }), faults, screens)
  // From the present time on: the product knows what it was told before a restart.
  let last = clock.now().getTime() * 1_000
  const next = (): number => (last += 1)
  announce(users, screens)
  const client: SimulatedClient = {
    acts: ['text', 'image', 'voice', 'file', 'location', 'choice'],
    users: () => users,
    lines: (userKey) => screens.lines(findUser(users, userKey).key),
    act: (userKey, act) => {
      const deps = { screens, shelf, apiUrl, next, now: () => clock.now() }
      line.send(compose(findUser(users, userKey), act, deps))
    },
    faults: () => faults.list(),
    setFault: (name, on) => {
      faults.set(name, on)
      listeners.tell()
    },
    exchanges: (userKey) => trace.of(userKey),
    allowance: () => undefined,
    onChange: listeners.add,
  }
  return {
    channel: 'api',
    account,
    client,
    api: createWebhook({ ...shared, clock, shelf, isUser: (key) => users.some((each) => each.key === key) }),
    settled: () => line.settled(),
    reset: () => {
      line.drop()
      for (const part of [screens, trace, faults]) part.clear()
      announce(users, screens)
      listeners.tell()
    },
    close: async () => {
      closing.abort()
      await line.settled()
    },
  }
}
