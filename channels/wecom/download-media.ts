/**
 * Fetches a temporary file, `GET /cgi-bin/media/get`. Source: developer.work.weixin.qq.com 获取临时素材 (90254).
 * WeCom keeps what contacts send for three days.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'

/** Longest file we take, WeCom's own limit for files. */
const maxBytes = 20 * 1_048_576

/** Files on their way in at once; a page may hold a thousand. */
const atOnce = 4

/** How received files are fetched. */
export interface Downloads {
  /** The file's bytes. Throws `ChannelError`: `media_expired` after three days, `temporary` when worth another try. */
  readonly download: (mediaId: string) => Promise<Uint8Array>
  /** The name a downloaded file was sent under; told once. */
  readonly takeName: (mediaId: string) => string | undefined
}

/** Lets `limit` pieces of work run at once. */
const createGate = (limit: number) => {
  const waiting: (() => void)[] = []
  let running = 0
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}

export const createDownloads = (callApi: CallApi): Downloads => {
  const gate = createGate(atOnce)
  const names = new Map<string, string>()
  const fetchFile = async (mediaId: string): Promise<Uint8Array> => {
    const action = 'download media'
    const answer = await callApi({
      action,
      path: '/cgi-bin/media/get',
      query: { media_id: mediaId },
      timeoutMs: 20_000,
      maxBytes,
    })
    if (answer.kind !== 'file')
      throw new ChannelError('wecom', 'temporary', `${action}: the answer holds no file`)
    // Names that nobody asks for (the message was stored before its file came) must not pile up.
    if (names.size > 1_000) names.clear()
    if (answer.name !== undefined) names.set(mediaId, answer.name)
    return answer.bytes
  }
  return {
    download: (mediaId) => gate(() => fetchFile(mediaId)),
    takeName: (mediaId) => {
      const name = names.get(mediaId)
      names.delete(mediaId)
      return name
    },
  }
}
