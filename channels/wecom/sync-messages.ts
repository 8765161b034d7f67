/** Fetches what was written, `POST /cgi-bin/kf/sync_msg`. Source: developer.work.weixin.qq.com 读取消息 (94670). */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'

/** One page of an account's messages. */
export interface Page {
  readonly items: readonly unknown[]
  readonly nextCursor: string | undefined
  /** There is more, however few this page holds. */
  readonly hasMore: boolean
}

export interface PageRequest {
  readonly openKfId: string
  /** Absent: from the oldest message of the last three days. */
  readonly cursor: string | undefined
  /** From the push; spares us the strict limit on unasked calls. */
  readonly token: string | undefined
  readonly limit: number
  readonly voiceFormat: 'amr' | 'silk'
}

const Answer = z.object({
  next_cursor: z.string().max(1_024).optional(),
  has_more: z.coerce.number().optional(),
  msg_list: z.array(z.unknown()).max(10_000).optional(),
})

/** A page of a thousand long texts with their chat records. */
const maxBytes = 32 * 1_048_576

/** Fetches one page. Throws `ChannelError`; 95007 speaks of cursor or token. */
export const syncMessages = async (callApi: CallApi, request: PageRequest): Promise<Page> => {
  const { openKfId, cursor, token, limit, voiceFormat } = request
  const action = 'fetch messages'
  const answer = await callApi({
    action,
    path: '/cgi-bin/kf/sync_msg',
    body: {
      open_kfid: openKfId,
      limit,
      voice_format: voiceFormat === 'silk' ? 1 : 0,
      ...(cursor === undefined ? {} : { cursor }),
      ...(token === undefined ? {} : { token }),
    },
    maxBytes,
  })
  const parsed = Answer.safeParse(answer.kind === 'json' ? answer.data : undefined)
  if (!parsed.success) throw new ChannelError('wecom', 'temporary', `${action}: the answer is not a page`)
  const { next_cursor: nextCursor, has_more: hasMore = 0, msg_list: items = [] } = parsed.data
  return { items, nextCursor: nextCursor === '' ? undefined : nextCursor, hasMore: hasMore === 1 }
}
