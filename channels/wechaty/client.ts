/** Sends over the bridge: each command has an id, and its answer names it. */
import { ChannelError } from '../../src/core/errors.ts'
import type { DeliveryReceipt } from '../../src/core/message.ts'
import type { BridgeProcess } from './bridge-process.ts'
import type { BridgeEvent } from './verify.ts'

/** What is said to whom. */
export interface Saying {
  readonly contactId: string
  readonly roomId?: string
  readonly content: { readonly text: string } | { readonly name: string; readonly base64: string }
}

export interface Client {
  /** Throws `ChannelError`. */
  say(id: string, saying: Saying): Promise<DeliveryReceipt>
  /** Takes the answer to a command. */
  settle(answer: Extract<BridgeEvent, { readonly t: 'done' }>): void
  /** Fails everything under way: the process is gone. */
  abandon(): void
}

const scanHint =
  'scan the code in login-qr.txt (under stateDir) with the account’s WeChat; the log tells when a new one is there'

/** Nobody is signed in. */
export const notSignedIn = (): ChannelError =>
  new ChannelError('wechaty', 'needs_operator', 'nobody is signed in', { hint: scanHint })

/**
 * The bridge is started, after a crash too, or another node is getting the account: soon somebody is signed in, or the code to
 * scan is there.
 */
export const comingUp = (): ChannelError =>
  new ChannelError('wechaty', 'provider_down', 'the bridge is coming up; nobody is signed in yet')

const refusalOf = (code: string | undefined): ChannelError => {
  if (code === 'not_signed_in') return notSignedIn()
  return code === 'unreachable'
    ? new ChannelError(
        'wechaty',
        'unreachable',
        'the contact or the group is not known to the account any more',
        {
          providerCode: code,
        },
      )
    : new ChannelError('wechaty', 'temporary', 'WeChat did not take the message')
}

interface Waiting {
  readonly resolve: (receipt: DeliveryReceipt) => void
  readonly reject: (error: ChannelError) => void
}

/** A client over a bridge that is started elsewhere. */
export const createClient = (bridge: Pick<BridgeProcess, 'tell'>, timeoutMs: number): Client => {
  const waiting = new Map<string, Waiting>()
  let last = 0
  return {
    say: (id, saying) =>
      new Promise((resolve, reject) => {
        // A try after a timeout must not take the answer to the one before.
        const commandId = `${id}#${(last += 1)}`
        const finish = (): void => {
          clearTimeout(timer)
          waiting.delete(commandId)
        }
        const fail = (error: ChannelError): void => {
          finish()
          reject(error)
        }
        const timer = setTimeout(
          () =>
            fail(
              new ChannelError('wechaty', 'temporary', 'the bridge did not answer in time', {
                outcomeUnknown: true,
              }),
            ),
          timeoutMs,
        )
        waiting.set(commandId, {
          resolve: (receipt) => {
            finish()
            resolve(receipt)
          },
          reject: fail,
        })
        if (!bridge.tell({ t: 'say', id: commandId, ...saying }))
          fail(new ChannelError('wechaty', 'temporary', 'the bridge is not running'))
      }),
    settle: ({ id, ok, code, providerId }) => {
      const found = waiting.get(id)
      if (ok) found?.resolve(providerId === undefined ? {} : { providerId })
      else found?.reject(refusalOf(code))
    },
    abandon: () => {
      for (const { reject } of [...waiting.values()])
        reject(
          new ChannelError('wechaty', 'temporary', 'the bridge ended while it was sending', {
            outcomeUnknown: true,
          }),
        )
    },
  }
}
