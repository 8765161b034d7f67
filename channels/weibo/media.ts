/**
 * Received files. They are fetched as soon as their message is proven. A message waits for its file for 1.5 s and is
 * then accepted with `failure: 'pending'`: storing it must not depend on the speed of a download. What comes later is
 * attached to the stored message.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import type { AudioPart, ImagePart, MediaRef, Part } from '../../src/core/message.ts'

export interface InboundMediaDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'media' | 'cache' | 'log' | 'attachMedia'>
  readonly download: (fid: string) => Promise<Uint8Array>
  readonly stopped: AbortSignal
  /** Milliseconds a message waits for its file. Default 1500. */
  readonly waitMs?: number
  /** Pauses before further tries of a failed download. Default 1 s and 5 s. */
  readonly retryMs?: readonly number[]
}

/** A message's parts with what is known of their files, and what to do once the message is stored. */
export interface FetchedParts {
  readonly parts: readonly Part[]
  /** Attaches files that come later to the stored message; returns at once. */
  readonly attachLater: (messageId: string) => void
}

export interface InboundMedia {
  /** Fetches the files of `parts`; resolves within the waiting time, whatever happens. */
  fetch(parts: readonly Part[]): Promise<FetchedParts>
  /** Resolves when nothing is being fetched any more. */
  settled(): Promise<void>
}

/** A retry of the push finds the stored file. */
const rememberMs = 24 * 3_600_000

const hasFile = (part: Part): part is ImagePart | AudioPart => part.kind === 'image' || part.kind === 'audio'

const fidOf = (part: Part): string | undefined => (hasFile(part) ? part.media.providerRef : undefined)

const failureOf = (error: unknown): string =>
  error instanceof TongdaError && error.code === 'bad_input' ? 'too_large' : 'failed'

const mayRetry = (error: unknown): boolean => error instanceof ChannelError && error.code === 'temporary'

const parseStored = (value: string | undefined): Partial<MediaRef> | undefined => {
  const [mediaId, contentType, bytes] = (value ?? '').split(' ')
  return mediaId && contentType ? { mediaId, contentType, bytes: Number(bytes) } : undefined
}

/** Fetches one file at most once at a time, and once a day over all nodes. Never rejects. */
const createFetchOne = (deps: InboundMediaDeps) => {
  const { host, download, stopped, retryMs = [1_000, 5_000] } = deps
  const underWay = new Map<string, Promise<MediaRef>>()
  const downloadPatiently = async (fid: string): Promise<Uint8Array> => {
    for (const pauseMs of retryMs) {
      try {
        return await download(fid)
      } catch (error) {
        if (!mayRetry(error)) throw error
        await sleep(pauseMs, undefined, { signal: stopped })
      }
    }
    return download(fid)
  }
  const fetchOne = async (fid: string): Promise<MediaRef> => {
    const key = `weibo:media:${host.inboxId}:${fid}`
    try {
      const known = parseStored(await host.cache.get(key))
      if (known !== undefined) return { providerRef: fid, ...known }
      const { mediaId, contentType, bytes } = await host.media.save(await downloadPatiently(fid))
      await host.cache.set(key, `${mediaId} ${contentType} ${bytes}`, rememberMs)
      return { providerRef: fid, mediaId, contentType, bytes }
    } catch (error) {
      const facts =
        error instanceof ChannelError
          ? { code: error.code, providerCode: error.facts.providerCode }
          : { code: error instanceof TongdaError ? error.code : 'unknown' }
      host.log.warn(facts, 'received file not stored')
      return { providerRef: fid, failure: failureOf(error) }
    }
  }
  const fetch = (fid: string): Promise<MediaRef> => {
    const running = underWay.get(fid)
    if (running !== undefined) return running
    const started = fetchOne(fid).finally(() => underWay.delete(fid))
    underWay.set(fid, started)
    return started
  }
  return { fetch, running: () => [...underWay.values()] }
}

/** Receives files for one inbox. */
export const createInboundMedia = (deps: InboundMediaDeps): InboundMedia => {
  const { host, stopped, waitMs = 1_500 } = deps
  const files = createFetchOne(deps)
  const attaching = new Set<Promise<void>>()

  const attach = async (messageId: string, file: Promise<MediaRef>): Promise<void> => {
    try {
      const media = await file
      // Broken off by our own stop, which says nothing about the file: it stays `pending`.
      if (media.failure !== undefined && stopped.aborted) return
      await host.attachMedia(messageId, media)
    } catch {
      host.log.error({ messageId, code: 'attach_failed' }, 'late file not attached')
    }
  }

  /** The file when it comes in time, else undefined. */
  const inTime = async (file: Promise<MediaRef>): Promise<MediaRef | undefined> => {
    const timer = new AbortController()
    const timeUp = sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)
    return Promise.race([file, timeUp]).finally(() => timer.abort())
  }

  const fetch = async (parts: readonly Part[]): Promise<FetchedParts> => {
    const late: Promise<MediaRef>[] = []
    const complete = async (part: Part): Promise<Part> => {
      const fid = fidOf(part)
      if (!hasFile(part) || fid === undefined) return part
      const file = files.fetch(fid)
      const media = await inTime(file)
      if (media === undefined) late.push(file)
      return { ...part, media: media ?? { providerRef: fid, failure: 'pending' } }
    }
    const completed = await Promise.all(parts.map(complete))
    const attachLater = (messageId: string): void => {
      for (const file of late) {
        const work = attach(messageId, file)
        attaching.add(work)
        void work.finally(() => attaching.delete(work))
      }
    }
    return { parts: completed, attachLater }
  }

  const settled = async (): Promise<void> => {
    while (files.running().length + attaching.size > 0)
      await Promise.allSettled([...files.running(), ...attaching])
  }
  return { fetch, settled }
}
