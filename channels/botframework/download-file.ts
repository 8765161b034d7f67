/** Fetches a file that came with a message: from the channel with our token, from file hosts without. */
import { ChannelError } from '../../src/core/errors.ts'
import type { ProviderToken } from '../kit/index.ts'
import { FetchError, fetchLimited } from '../kit/index.ts'
import type { BotframeworkConfig } from './manifest.ts'
import { isAllowedAddress } from './service-url.ts'

const action = 'download file'

export interface DownloadDeps {
  readonly config: BotframeworkConfig
  readonly token: ProviderToken
  readonly stopped: AbortSignal
}

/** The file's bytes. Throws `ChannelError`; an address outside the allow-lists is never called. */
export const downloadFile = async (
  { config, token, stopped }: DownloadDeps,
  address: string,
): Promise<Uint8Array> => {
  const { serviceHosts, fileHosts, maxDownloadBytes } = config
  const isChannels = isAllowedAddress(address, serviceHosts)
  if (!isChannels && !isAllowedAddress(address, fileHosts))
    throw new ChannelError('botframework', 'permanent', `${action}: the host is not allowed`, {
      hint: 'if the host is Microsoft’s own, add it to fileHosts',
    })
  const headers: Record<string, string> = isChannels ? { authorization: `Bearer ${await token.get()}` } : {}
  const limits = { timeoutMs: 60_000, maxBytes: maxDownloadBytes, signal: stopped }
  const { status, bytes } = await fetchLimited(new URL(address), { headers }, limits).catch(
    (error: unknown) => {
      const failure = error instanceof FetchError ? error.failure : 'network'
      const code = failure === 'too_large' ? 'permanent' : 'temporary'
      throw new ChannelError('botframework', code, `${action}: ${failure}`)
    },
  )
  if (status === 200) return bytes
  const code = status === 404 || status === 410 ? 'media_expired' : 'temporary'
  throw new ChannelError('botframework', code, `${action}: HTTP ${status}`)
}
