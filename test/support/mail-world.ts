import { expect } from 'vitest'
import type { EmailSimulator, MailTiming } from '../../sandbox/index.ts'
import { createEmailSimulator } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { ShownLine } from '../../sandbox/simulator.ts'

const account = {
  name: '次元站客服',
  address: 'support@shop.example',
  user: 'support@shop.example',
  password: 'authorisation-code-1',
  receiverUser: 'mx',
  receiverPassword: 'receiver-password-1',
  authservId: 'mx1.shop.example',
}

/** Somebody with a mailbox on the simulated provider. */
export interface MailContact {
  readonly address: string
  /** Writes a new mail with a subject, or answers the last one without. */
  writes(text: string, subject?: string): void
  /** Waits for a mail below those heard before. */
  hears(expected: RegExp | string): Promise<ShownLine>
  /** Mails of the account so far. */
  heard(): readonly ShownLine[]
  /** Waits until all that was written has fared. */
  isThrough(): Promise<void>
}

/** A simulated provider with the inbox section that goes with it. */
export interface MailWorld {
  readonly simulator: EmailSimulator
  readonly section: Readonly<Record<string, unknown>>
  contact(name: string): MailContact
}

const createContact = (simulator: EmailSimulator, address: string): MailContact => {
  let seen = 0
  const heard = (): readonly ShownLine[] =>
    simulator.client.lines(address).filter(({ from }) => from === 'account')
  return {
    address,
    heard,
    writes: (text, subject) =>
      simulator.client.act(address, { kind: 'text', text, ...(subject === undefined ? {} : { subject }) }),
    hears: async (expected) => {
      const place = (): number =>
        heard().findIndex(
          ({ text = '' }, at) =>
            at >= seen && (typeof expected === 'string' ? text.includes(expected) : expected.test(text)),
        )
      const message = `a mail with ${String(expected)}`
      await expect.poll(place, { message }).toBeGreaterThanOrEqual(0)
      const at = place()
      seen = at + 1
      const line = heard()[at]
      if (line === undefined) throw new Error('the mail vanished')
      return line
    },
    isThrough: async () => {
      const open = () =>
        simulator.client.lines(address).filter(({ from, state }) => from === 'user' && state === 'sending')
      await expect.poll(open).toEqual([])
    },
  }
}

/** Starts a provider on free ports of this machine. */
export const startMailWorld = async (clock: Clock, timing: Partial<MailTiming> = {}): Promise<MailWorld> => {
  const [smtpPort, receiverPort] = [await freePort(), await freePort()]
  const simulator = createEmailSimulator({
    account,
    smtpPort,
    receiverPort: () => receiverPort,
    clock,
    // Longer than a product takes to start again on a busy machine.
    timing: {
      retriesMs: [50, 100, 500, 1_000, 2_000, ...Array<number>(10).fill(4_000)],
      bounceMs: 50,
      ...timing,
    },
  })
  await simulator.ready
  const { address, name, user, password, receiverUser, receiverPassword, authservId } = account
  return {
    simulator,
    section: {
      address,
      name,
      authservId,
      smtp: { host: '127.0.0.1', port: smtpPort, tls: 'none', user, password },
      receiver: { port: receiverPort, user: receiverUser, password: receiverPassword },
      sendsPerSecond: 1_000,
    },
    contact: (contactName) => {
      const contactAddress = `${contactName}@qq.example`
      simulator.addUser({ key: contactAddress, name: contactName })
      return createContact(simulator, contactAddress)
    },
  }
}
