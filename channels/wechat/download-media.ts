/**
 * Fetches a temporary file, `GET /cgi-bin/media/get`. Source: developers.weixin.qq.com 获取临时素材.
 * WeChat keeps what contacts send for three days.
 */
import { ChannelError } from '../../src/core/errors.ts'
import { FetchError, fetchLimited } from '../kit/index.ts'
import type { CallApi } from './client.ts'

/** Longest file we take; WeChat's own limit for video is 10 MB. */
const maxBytes = 20 * 1_048_576

const timeoutMs = 20_000

/** Videos come as an address on Tencent's servers, plain http; nothing else is followed. */
const isVideoHost = (url: URL, apiBase: string): boolean =>
  url.origin === new URL(apiBase).origin ||
  (/^https?:$/.test(url.protocol) && url.port === '' && /(?:^|\.)(?:qq\.com|qpic\.cn)$/.test(url.hostname))

const unavailable = (what: string): ChannelError =>
  new ChannelError('wechat', 'temporary', `download media: ${what}`)

export interface DownloadDeps {
  readonly callApi: CallApi
  readonly apiBase: string
  readonly stopped: AbortSignal
}

const fetchVideo = async ({ apiBase, stopped }: DownloadDeps, address: string): Promise<Uint8Array> => {
  if (!URL.canParse(address) || !isVideoHost(new URL(address), apiBase))
    throw new ChannelError('wechat', 'permanent', 'download media: the video lies on a foreign server')
  const limits = { timeoutMs, maxBytes, signal: stopped }
  const { status, bytes } = await fetchLimited(new URL(address), {}, limits).catch((error: unknown) => {
    throw error instanceof FetchError ? unavailable(error.failure) : error
  })
  if (status !== 200) throw unavailable(`HTTP ${status}`)
  return bytes
}

/** The file's bytes. Throws `ChannelError`: `media_expired` after three days, `temporary` when worth another try. */
export const downloadMedia = async (deps: DownloadDeps, mediaId: string): Promise<Uint8Array> => {
  const query = { media_id: mediaId }
  const answer = await deps.callApi({
    action: 'download media',
    path: '/cgi-bin/media/get',
    query,
    timeoutMs,
    maxBytes,
  })
  if (answer.kind === 'file') return answer.bytes
  const videoUrl = answer.data['video_url']
  if (typeof videoUrl !== 'string') throw unavailable('the answer holds no file')
  return fetchVideo(deps, videoUrl)
}
