/** QR codes that carry a scene, `POST /cgi-bin/qrcode/create`. Source: developers.weixin.qq.com 生成带参数二维码. */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'

/** What the code says when it is scanned, and how long it is good. */
export interface QrRequest {
  /** 1–64 characters; comes back as the value of `scanned` and `subscribed`. */
  readonly scene: string
  /** Seconds, at most 2 592 000 (30 days); undefined: for good, of which an account has 100 000. */
  readonly expiresInSeconds?: number
}

/** A code: `url` is what it holds, `pictureUrl` shows it. */
export interface QrCode {
  readonly ticket: string
  readonly url: string
  readonly pictureUrl: string
  readonly expiresInSeconds?: number
}

const Created = z.object({
  ticket: z.string().min(1),
  url: z.string(),
  expire_seconds: z.number().optional(),
})

/** Longest life of a temporary code, in seconds. */
export const maxQrSeconds = 2_592_000

/** Makes a code. Throws `ChannelError`. */
export const createQrCode = async (
  callApi: CallApi,
  { scene, expiresInSeconds }: QrRequest,
): Promise<QrCode> => {
  const life =
    expiresInSeconds === undefined
      ? { action_name: 'QR_LIMIT_STR_SCENE' }
      : { action_name: 'QR_STR_SCENE', expire_seconds: expiresInSeconds }
  const answer = await callApi({
    action: 'create QR code',
    path: '/cgi-bin/qrcode/create',
    body: JSON.stringify({ ...life, action_info: { scene: { scene_str: scene } } }),
  })
  const created = Created.safeParse(answer.kind === 'json' ? answer.data : {})
  if (!created.success)
    throw new ChannelError('wechat', 'temporary', 'create QR code: the answer holds no ticket')
  const { ticket, url, expire_seconds: seconds } = created.data
  return {
    ticket,
    url,
    pictureUrl: `https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`,
    ...(seconds === undefined ? {} : { expiresInSeconds: seconds }),
  }
}
