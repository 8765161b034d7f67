/**
 * Received files. They are fetched as soon as their message is proven. A message waits for its files for 1.5 s and is
 * then accepted with `failure: 'pending'`: storing it must not depend on the speed of a download. What comes later is
 * attached to the stored message; what does not come, because WeChat or this process failed, is fetched again later.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import type { ChannelErrorCode } from '../../src/core/errors.ts'
import { mapMedia } from '../../src/core/message.ts'
import type { ChannelName, MediaRef, Part } from '../../src/core/message.ts'
import type { PendingMedia, StoredMedia } from '../../src/core/media.ts'

/** What receiving files needs: `download` is absent on accounts that have no right to. */
export interface InboundMediaDeps {
  /** The adapter's name, for cache keys and errors. */
  readonly channel: ChannelName
  readonly host: Pick<ChannelHost, 'inboxId' | 'media' | 'cache' | 'log' | 'attachMedia' | 'takePendingMedia'>
  readonly download: ((providerRef: string) => Promise<Uint8Array>) | undefined
  readonly stopped: AbortSignal
  /** Milliseconds the provider keeps a file under the same handle; as long a stored one is found again. Default 3 days. */
  readonly rememberMs?: number
  /** Milliseconds a message waits for its files. Default 1500. */
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
  /** Fetches files again that are still `pending` in stored messages; the last try marks what fails as failed. */
  resume(): Promise<void>
  /** Resolves when nothing is being fetched any more. */
  settled(): Promise<void>
}

/** A stored file stays known as long as WeChat and WeCom keep their own. */
const defaultRememberMs = 3 * 24 * 3_600_000

/** Files are fetched again after this time, then after twice as long …: eight tries take two hours. */
const resumeMs = 60_000
const maxTries = 8
const resumeLimit = 20

const collectRefs = (parts: readonly Part[], wanted: (ref: MediaRef) => boolean): readonly string[] => {
  const found = new Set<string>()
  for (const part of parts)
    mapMedia(part, (ref) => {
      if (ref.providerRef !== undefined && wanted(ref)) found.add(ref.providerRef)
      return ref
    })
  return [...found]
}

const refsOf = (parts: readonly Part[]) => collectRefs(parts, ({ failure }) => failure === undefined)
const pendingOf = (parts: readonly Part[]) => collectRefs(parts, ({ failure }) => failure === 'pending')

/** Worth another try at once. */
const passing: readonly ChannelErrorCode[] = ['temporary', 'provider_down', 'rate_limited']
/** Worth another try when somebody has mended something, or tomorrow. */
const mendable: readonly ChannelErrorCode[] = [...passing, 'token_expired', 'needs_operator', 'daily_quota']

const isOneOf = (codes: readonly ChannelErrorCode[], error: unknown): boolean =>
  error instanceof ChannelError && codes.includes(error.code)

const failureOf = (error: unknown): string => {
  if (isOneOf(mendable, error)) return 'pending'
  if (error instanceof TongdaError && error.code === 'bad_input') return 'too_large'
  return error instanceof ChannelError && error.code === 'media_expired' ? 'expired' : 'failed'
}

const parseStored = (value: string | undefined): StoredMedia | undefined => {
  const [mediaId, contentType, bytes] = (value ?? '').split(' ')
  return mediaId && contentType ? { mediaId, contentType, bytes: Number(bytes) } : undefined
}

/** Fetches one file at most once at a time, and once in `rememberMs` over all nodes. */
const createFetchOne = (deps: InboundMediaDeps & Required<Pick<InboundMediaDeps, 'retryMs'>>) => {
  const { channel, host, download, stopped, retryMs, rememberMs = defaultRememberMs } = deps
  const underWay = new Map<string, Promise<MediaRef>>()
  const downloadPatiently = async (providerRef: string): Promise<Uint8Array> => {
    if (download === undefined)
      throw new ChannelError(channel, 'no_permission', 'download media: there are no credentials')
    for (const pauseMs of retryMs) {
      try {
        return await download(providerRef)
      } catch (error) {
        if (!isOneOf(passing, error)) throw error
        await sleep(pauseMs, undefined, { signal: stopped })
      }
    }
    return download(providerRef)
  }
  const fetchOne = async (providerRef: string): Promise<MediaRef> => {
    if (download === undefined) return { providerRef, failure: 'no_credentials' }
    const key = `${channel}:media:${host.inboxId}:${providerRef}`
    try {
      const known = parseStored(await host.cache.get(key))
      if (known !== undefined) return { providerRef, ...known }
      const { mediaId, contentType, bytes } = await host.media.save(await downloadPatiently(providerRef))
      await host.cache.set(key, `${mediaId} ${contentType} ${bytes}`, rememberMs)
      return { providerRef, mediaId, contentType, bytes }
    } catch (error) {
      const code = error instanceof ChannelError || error instanceof TongdaError ? error.code : 'unknown'
      host.log.warn({ code }, 'received file not stored')
      // A channel that stops breaks its calls off; the next start fetches again.
      return { providerRef, failure: stopped.aborted ? 'pending' : failureOf(error) }
    }
  }
  const fetch = (providerRef: string): Promise<MediaRef> => {
    const running = underWay.get(providerRef)
    if (running !== undefined) return running
    const started = fetchOne(providerRef).finally(() => underWay.delete(providerRef))
    underWay.set(providerRef, started)
    return started
  }
  return { fetch, running: () => [...underWay.values()] }
}

/** Receives files for one inbox. */
export const createInboundMedia = (deps: InboundMediaDeps): InboundMedia => {
  const { host, stopped, waitMs = 1_500, retryMs = [1_000, 5_000] } = deps
  const files = createFetchOne({ ...deps, retryMs })
  const attaching = new Set<Promise<void>>()
  const attach = async (messageId: string, file: Promise<MediaRef>): Promise<void> => {
    try {
      const ref = await file
      if (ref.failure !== 'pending') await host.attachMedia(messageId, ref)
    } catch {
      host.log.error({ messageId, code: 'attach_failed' }, 'late file not attached')
    }
  }
  const attachSoon = (messageId: string, file: Promise<MediaRef>): Promise<void> => {
    const work = attach(messageId, file).finally(() => attaching.delete(work))
    attaching.add(work)
    return work
  }
  const settled = async (): Promise<void> => {
    while (files.running().length + attaching.size > 0)
      await Promise.allSettled([...files.running(), ...attaching])
  }
  const fetch = async (parts: readonly Part[]): Promise<FetchedParts> => {
    const fetching = new Map(refsOf(parts).map((ref) => [ref, files.fetch(ref)]))
    if (fetching.size === 0) return { parts, attachLater: () => undefined }
    const arrived = new Map<string, MediaRef>()
    for (const [ref, file] of fetching) void file.then((media) => arrived.set(ref, media))
    const timer = new AbortController()
    const timeUp = sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)
    await Promise.race([Promise.all(fetching.values()), timeUp])
    timer.abort()
    const late = [...fetching].filter(([ref]) => !arrived.has(ref))
    const refOf = (ref: MediaRef): MediaRef => {
      if (ref.providerRef === undefined || !fetching.has(ref.providerRef)) return ref
      return arrived.get(ref.providerRef) ?? { ...ref, failure: 'pending' }
    }
    // Decided now: a file that arrives between here and storing must be attached, not forgotten.
    const completed = parts.map((part) => mapMedia(part, refOf))
    const attachLater = (messageId: string): void => {
      for (const [, file] of late) void attachSoon(messageId, file)
    }
    return { parts: completed, attachLater }
  }
  const resumeOne = async ({ messageId, parts, tries }: PendingMedia): Promise<void> => {
    const fetchLastly = async (ref: string): Promise<MediaRef> => {
      const file = tries > maxTries ? { providerRef: ref, failure: 'pending' } : await files.fetch(ref)
      const givenUp = file.failure === 'pending' && tries >= maxTries && !stopped.aborted
      return givenUp ? { providerRef: ref, failure: 'failed' } : file
    }
    await Promise.all(pendingOf(parts).map((ref) => attachSoon(messageId, fetchLastly(ref))))
  }
  const resume = async (): Promise<void> => {
    for (const pending of await host.takePendingMedia({ limit: resumeLimit, retryMs: resumeMs }))
      if (!stopped.aborted) await resumeOne(pending)
  }
  return { fetch, resume, settled }
}

const resumeEveryMs = 60_000

/** Fetches files that are still missing, now and every minute, until `stopped`. */
export const resumeMedia = async (
  media: InboundMedia,
  log: ChannelHost['log'],
  stopped: AbortSignal,
): Promise<void> => {
  while (!stopped.aborted) {
    await media
      .resume()
      .catch((error: unknown) => log.warn({ error }, 'missing files could not be looked for'))
    await sleep(resumeEveryMs, undefined, { signal: stopped, ref: false }).catch(() => undefined)
  }
}
