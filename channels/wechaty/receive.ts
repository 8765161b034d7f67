/** Takes the bridge's messages, one after the other: decode, store the file, accept. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { TongdaError } from '../../src/core/errors.ts'
import type { InboundMessage, MediaRef } from '../../src/core/message.ts'
import { decode, dropReason } from './decode.ts'
import type { WechatyConfig } from './manifest.ts'
import type { Received } from './verify.ts'

export interface ReceiverDeps {
  readonly config: WechatyConfig
  readonly host: ChannelHost
  readonly stopped: AbortSignal
}

export interface Receiver {
  take(message: Received): void
  /** Resolves when everything taken so far is stored or given up. */
  settled(): Promise<void>
}

/** Nobody keeps a message for us, so it is offered again while the store is away: four minutes in all. */
const pausesMs: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000]

const codeOf = (error: unknown): string =>
  error instanceof TongdaError ? error.code : error instanceof Error ? error.name : 'unknown'

const storeFile = async ({ host }: ReceiverDeps, { file }: Received): Promise<MediaRef> => {
  if (file === undefined) return {}
  if (file.base64 === undefined) return { failure: file.failure ?? 'failed' }
  try {
    return await host.media.save(Buffer.from(file.base64, 'base64'))
  } catch (error) {
    const code = codeOf(error)
    host.log.warn({ code }, 'received file not stored')
    return { failure: code === 'bad_input' ? 'too_large' : 'failed' }
  }
}

const acceptPatiently = async ({ host, stopped }: ReceiverDeps, message: InboundMessage): Promise<void> => {
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      await host.accept(message)
      return
    } catch (error) {
      const final = pauseMs === undefined || codeOf(error) === 'bad_input' || stopped.aborted
      host.log.error({ code: 'not_accepted', error: codeOf(error), final }, 'message not stored')
      if (final) return
      await sleep(pauseMs, undefined, { signal: stopped }).catch(() => undefined)
    }
  }
}

/** Messages in the order they came. */
export const createReceiver = (deps: ReceiverDeps): Receiver => {
  const { config, host } = deps
  let tail = Promise.resolve()
  const handle = async (message: Received): Promise<void> => {
    const reason = dropReason(message, config, host.clock.now())
    if (reason !== undefined) {
      host.log.debug({ reason }, 'message dropped')
      return
    }
    await acceptPatiently(deps, decode(message, host.inboxId, await storeFile(deps, message)))
  }
  return {
    take: (message) => {
      tail = tail.then(() => handle(message))
    },
    settled: () => tail,
  }
}
