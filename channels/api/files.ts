/**
 * Files of received messages. Bytes are stored at once. Links are fetched while the request waits, at most 1.5 s; then
 * the message is accepted with `failure: 'pending'` and the file is attached when it comes.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { TongdaError } from '../../src/core/errors.ts'
import type { MediaRef } from '../../src/core/message.ts'
import type { Outgoing } from '../kit/index.ts'
import { AddressRefused, FetchError } from '../kit/index.ts'
import type { InboundFile } from './message-schema.ts'

export interface FilesDeps {
  readonly host: Pick<ChannelHost, 'media' | 'attachMedia' | 'log'>
  readonly outgoing: Outgoing
  readonly maxFileBytes: number
  readonly stopped: AbortSignal
  /** Milliseconds a request waits for links. Default 1500. */
  readonly waitMs?: number
  /** Pauses before further tries. Default 1 s and 5 s. */
  readonly retryMs?: readonly number[]
}

/** What is known of a message's files when it is accepted, and what to do after. */
export interface TakenFiles {
  readonly refOf: (file: InboundFile | undefined) => MediaRef
  /** Attaches files that come later to the stored message; returns at once. */
  readonly attachLater: (messageId: string) => void
}

export interface Files {
  /** Resolves within the waiting time, whatever happens. */
  take(files: readonly InboundFile[]): Promise<TakenFiles>
  /** Resolves when nothing is being fetched any more. */
  settled(): Promise<void>
}

const failureOf = (error: unknown): string => {
  if (error instanceof AddressRefused) return error.fault === 'not_found' ? 'failed' : 'address_refused'
  if (error instanceof FetchError && error.failure === 'too_large') return 'too_large'
  return error instanceof TongdaError && error.code === 'bad_input' ? 'too_large' : 'failed'
}

const mayRetry = (error: unknown): boolean =>
  error instanceof AddressRefused
    ? error.fault === 'not_found'
    : error instanceof FetchError && error.failure !== 'too_large'

const gone: ReadonlySet<number> = new Set([403, 404, 410])

/** A link's file, or why there is none. */
const createDownload =
  ({ host, outgoing, maxFileBytes, stopped, retryMs = [1_000, 5_000] }: FilesDeps) =>
  async (url: string): Promise<MediaRef> => {
    const once = async (): Promise<MediaRef> => {
      const { status, bytes } = await outgoing.call(
        url,
        { method: 'GET' },
        { maxBytes: maxFileBytes, signal: stopped },
      )
      if (gone.has(status)) return { providerRef: url, failure: 'expired' }
      if (status !== 200) throw new FetchError('network')
      return { providerRef: url, ...(await host.media.save(bytes)) }
    }
    try {
      for (const pauseMs of retryMs) {
        try {
          return await once()
        } catch (error) {
          if (!mayRetry(error)) throw error
          await sleep(pauseMs, undefined, { signal: stopped })
        }
      }
      return await once()
    } catch (error) {
      const failure = failureOf(error)
      host.log.warn({ code: failure }, 'file of a message not stored')
      return { providerRef: url, failure }
    }
  }

const saveBytes = async (host: FilesDeps['host'], base64: string): Promise<MediaRef> => {
  try {
    return await host.media.save(Buffer.from(base64, 'base64'))
  } catch (error) {
    const failure = failureOf(error)
    host.log.warn({ code: failure }, 'file of a message not stored')
    return { failure }
  }
}

/** Receives files for one inbox. */
export const createFiles = (deps: FilesDeps): Files => {
  const { host, waitMs = 1_500 } = deps
  const download = createDownload(deps)
  const running = new Set<Promise<unknown>>()
  const track = <Value>(work: Promise<Value>): Promise<Value> => {
    running.add(work)
    void work.finally(() => running.delete(work)).catch(() => undefined)
    return work
  }
  const attach = async (messageId: string, file: Promise<MediaRef>): Promise<void> => {
    try {
      await host.attachMedia(messageId, await file)
    } catch {
      host.log.error({ messageId, code: 'attach_failed' }, 'late file not attached')
    }
  }
  return {
    take: async (files) => {
      const arrived = new Map<InboundFile, MediaRef>()
      const coming = files.map((file) => {
        const work = track('url' in file ? download(file.url) : saveBytes(host, file.base64))
        return { file, work: work.then((ref) => (arrived.set(file, ref), ref)) }
      })
      const timer = new AbortController()
      const timeUp = sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)
      // Bytes that came with the request are always stored first: nobody keeps them for us.
      await Promise.all(coming.filter(({ file }) => 'base64' in file).map(({ work }) => work))
      if (coming.length > 0) await Promise.race([Promise.all(coming.map(({ work }) => work)), timeUp])
      timer.abort()
      // Decided now: a file that arrives between here and storing must be attached, not forgotten.
      const known = new Map(arrived)
      const late = coming.filter(({ file }) => !known.has(file))
      return {
        refOf: (file) => {
          if (file === undefined) return {}
          const pending =
            'url' in file ? { providerRef: file.url, failure: 'pending' } : { failure: 'failed' }
          return known.get(file) ?? pending
        },
        attachLater: (messageId) => {
          for (const { work } of late) void track(attach(messageId, work))
        },
      }
    },
    settled: async () => {
      while (running.size > 0) await Promise.allSettled([...running])
    },
  }
}
