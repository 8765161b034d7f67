/**
 * Fetches what a contact sent, `GET /2/mss/msget`. Source: open.weibo.com 上传下载多媒体文件.
 * The receiver's handle is `tovfid`. Errors come as JSON, whatever the content type says.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'

/** Longest file we take. */
const maxBytes = 20 * 1_048_576

const timeoutMs = 20_000

const action = 'download media'

/** The file's bytes. Throws `ChannelError`; `temporary` is worth another try. */
export const downloadMedia = async (callApi: CallApi, fid: string): Promise<Uint8Array> => {
  const answer = await callApi({
    action,
    host: 'upload',
    path: '/2/mss/msget',
    query: { fid },
    timeoutMs,
    maxBytes,
  })
  if (answer.kind === 'json' || answer.bytes.length === 0)
    throw new ChannelError('weibo', 'permanent', `${action}: the answer holds no file`)
  return answer.bytes
}
