/** Fetches a file that came with a message, `getFile` and its address. Source: core.telegram.org/bots/api#getfile. */
import { ChannelError } from '../../src/core/errors.ts'
import { FetchError, fetchLimited } from '../kit/index.ts'
import type { TelegramClient } from './client.ts'
import type { TelegramConfig } from './manifest.ts'

const action = 'download file'

const isPath = (path: string): boolean => /^[\w./-]{1,512}$/.test(path) && !path.includes('..')

export interface DownloadDeps {
  readonly client: TelegramClient
  readonly config: Pick<TelegramConfig, 'apiRoot' | 'token' | 'maxDownloadBytes'>
  readonly stopped: AbortSignal
}

/** The file's bytes. Throws `ChannelError`: `temporary` when worth another try. The address holds the token. */
export const downloadFile = async (
  { client, config, stopped }: DownloadDeps,
  fileId: string,
): Promise<Uint8Array> => {
  const { file_path: path } = await client.call(action, (raw, signal) =>
    raw.getFile({ file_id: fileId }, signal),
  )
  if (path === undefined || !isPath(path))
    throw new ChannelError('telegram', 'permanent', `${action}: Telegram gives no address for it`)
  const url = new URL(`${config.apiRoot}/file/bot${config.token}/${path}`)
  const limits = { timeoutMs: 60_000, maxBytes: config.maxDownloadBytes, signal: stopped }
  const { status, bytes } = await fetchLimited(url, {}, limits).catch((error: unknown) => {
    const failure = error instanceof FetchError ? error.failure : 'network'
    throw new ChannelError(
      'telegram',
      failure === 'too_large' ? 'permanent' : 'temporary',
      `${action}: ${failure}`,
    )
  })
  if (status !== 200)
    throw new ChannelError(
      'telegram',
      status === 404 ? 'media_expired' : 'temporary',
      `${action}: HTTP ${status}`,
    )
  return bytes
}
