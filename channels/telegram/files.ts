/** Files on their way out: each goes up once, then its handle is sent. */
import type { InputFile } from 'grammy'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { MediaRef } from '../../src/core/message.ts'
import type { TelegramClient } from './client.ts'
import type { FileFacts, FileField, Outgoing } from './encode.ts'
import { fileFields, fileNameOf } from './encode.ts'
import { botIdOf } from './manifest.ts'
import type { TelegramConfig } from './manifest.ts'

/** A file handle is good for this bot alone and does not expire by the documents; we ask again after a month. */
const rememberMs = 30 * 24 * 3_600_000

/** A file ready to be sent: Telegram's handle, or the bytes. */
export interface Ready {
  readonly field: FileField
  readonly file: InputFile | string
  /** True when `file` is a handle of an earlier upload. */
  readonly known: boolean
}

type OutgoingFile = Extract<Outgoing, { readonly kind: 'file' }>

export interface Files {
  /** Finds a file and how it goes; `as` forces the way. Throws `ChannelError` when it is gone or too large. */
  prepare(file: OutgoingFile, as?: FileField): Promise<Ready>
  remember(media: MediaRef, field: FileField, handle: string): Promise<void>
  /** Forgets every handle of a file, after Telegram did. */
  forget(media: MediaRef): Promise<void>
}

export const createFiles = (
  config: TelegramConfig,
  host: Pick<ChannelHost, 'media' | 'cache'>,
  client: TelegramClient,
): Files => {
  const keyOf = ({ mediaId = '' }: MediaRef, field: FileField): string =>
    `telegram:file:${botIdOf(config)}:${field}:${mediaId}`
  const refuse = (what: string, hint?: string): never => {
    throw new ChannelError('telegram', 'permanent', `send file: ${what}`, hint === undefined ? {} : { hint })
  }
  return {
    prepare: async ({ media, field: fieldOf, name }, as) => {
      const found = media.mediaId === undefined ? undefined : await host.media.find(media.mediaId)
      if (found === undefined) return refuse('the file is not in the media store')
      const facts: FileFacts = { contentType: found.media.contentType, bytes: found.bytes.length }
      if (facts.bytes === 0) return refuse('the file is empty')
      if (facts.bytes > config.maxUploadBytes)
        return refuse(
          `the file has ${facts.bytes} bytes`,
          `send at most ${config.maxUploadBytes} bytes, or a link; a Bot API server of your own takes more (maxUploadBytes)`,
        )
      const field = as ?? fieldOf(facts)
      const handle = await host.cache.get(keyOf(media, field))
      if (handle !== undefined) return { field, file: handle, known: true }
      const file = await client.inputFile(found.bytes, fileNameOf(name, facts.contentType))
      return { field, file, known: false }
    },
    remember: (media, field, handle) => host.cache.set(keyOf(media, field), handle, rememberMs),
    forget: async (media) => {
      for (const field of fileFields) {
        const handle = await host.cache.get(keyOf(media, field))
        if (handle !== undefined) await host.cache.drop(keyOf(media, field), handle)
      }
    },
  }
}
