/**
 * Pictures of contacts, as the provider shows them: looked up at most once a week, beside the messages and never at
 * their cost.
 */
import { createHash } from 'node:crypto'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import { isPicture } from '../../src/core/media.ts'
import type { Outgoing } from './outgoing.ts'

export interface AvatarDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'avatars' | 'media' | 'cache' | 'log'>
  /** The picture's bytes; undefined: the contact shows none, or hides it. */
  readonly fetch: (contactKey: string) => Promise<Uint8Array | undefined>
}

export interface ContactPictures {
  /** Looks a contact up who is stored already, if it is time; returns at once. */
  look(contactKey: string): void
  /** Resolves when nobody is being looked up any more. */
  settled(): Promise<void>
}

/** A look-up that failed is tried again after so long. */
const hourMs = 3_600_000
const weekMs = 7 * 24 * hourMs
/** Longer than a week, so that the same picture is known again. */
const rememberMs = 5 * weekMs
/** Looked up at once; who comes on top is looked up with a later message. */
const maxRunning = 4
/** Largest picture taken, in bytes. */
export const maxAvatarBytes = 1_048_576

const starts: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x49, 0x46, 0x46],
]

/** Only what begins like a picture is stored at all: PNG, JPEG, GIF, WebP. */
const looksLikePicture = (bytes: Uint8Array): boolean =>
  starts.some((start) => start.every((byte, place) => bytes[place] === byte))

const codeOf = (error: unknown): string => {
  if (error instanceof ChannelError || error instanceof TongdaError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}

export const createContactPictures = ({ host, fetch }: AvatarDeps): ContactPictures => {
  const { inboxId, avatars, media, cache, log } = host
  const running = new Map<string, Promise<void>>()

  const store = async (contactKey: string, bytes: Uint8Array): Promise<void> => {
    const digest = createHash('sha256').update(bytes).digest('base64url')
    const key = `avatar:shown:${inboxId}:${contactKey}`
    if ((await cache.get(key)) === digest) return
    const stored = await media.save(bytes)
    if (!isPicture(stored)) {
      await avatars.refuse(stored.mediaId)
      return
    }
    await avatars.keep(contactKey, stored.mediaId)
    await cache.set(key, digest, rememberMs)
  }
  const askedKey = (contactKey: string): string => `avatar:asked:${inboxId}:${contactKey}`
  const lookUp = async (contactKey: string): Promise<void> => {
    // Spares the database a question with every message.
    if (!(await cache.add(askedKey(contactKey), '1', weekMs))) return
    try {
      if (!(await avatars.takeTurn(contactKey, weekMs))) return
      const bytes = await fetch(contactKey)
      if (bytes !== undefined && bytes.length <= maxAvatarBytes && looksLikePicture(bytes))
        await store(contactKey, bytes)
    } catch (error) {
      log.debug({ code: codeOf(error) }, 'contact’s picture not fetched')
      await cache.set(askedKey(contactKey), '1', hourMs)
      await avatars.countAsOld(contactKey, weekMs - hourMs)
    }
  }
  const tryLookUp = (contactKey: string): Promise<void> =>
    lookUp(contactKey).catch((error: unknown) => {
      log.debug({ code: codeOf(error) }, 'contact’s picture not looked up')
    })
  return {
    look: (contactKey) => {
      if (running.has(contactKey) || running.size >= maxRunning) return
      running.set(
        contactKey,
        tryLookUp(contactKey).finally(() => running.delete(contactKey)),
      )
    },
    settled: async () => {
      while (running.size > 0) await Promise.allSettled([...running.values()])
    },
  }
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether an address is on this machine, as simulators are. */
export const isOnThisMachine = (address: string): boolean =>
  URL.canParse(address) && loopback.has(new URL(address).hostname)

/** Providers still write `http:` for pictures that they serve by https too. */
const overTls = (address: string): string =>
  isOnThisMachine(address) ? address : address.replace(/^http:/i, 'https:')

/** A picture by the address that the provider names; undefined when there is none. */
export const fetchPicture = async (
  outgoing: Pick<Outgoing, 'call'>,
  address: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> => {
  const limits = { maxBytes: maxAvatarBytes, timeoutMs: 10_000, signal }
  const { status, bytes } = await outgoing.call(overTls(address), { method: 'GET' }, limits)
  return status === 200 ? bytes : undefined
}
