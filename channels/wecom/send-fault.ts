/** Deliveries that fail after WeCom took them. Source: developer.work.weixin.qq.com 读取消息, msg_send_fail. */
import { createHash } from 'node:crypto'
import type { ChannelErrorCode } from '../../src/core/errors.ts'
import type { DeliveryFault } from '../../src/core/sent.ts'

const uuid = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/**
 * The message id we give WeCom, at most 32 of `[0-9a-zA-Z_-]`: our own id without its hyphens. It is the same at
 * every attempt and leads back from a failure to its message.
 */
export const messageIdOf = (outboundId: string): string => {
  const short = /^[0-9a-f-]{36}$/.test(outboundId) ? outboundId.replaceAll('-', '') : outboundId
  return /^[\w-]{1,32}$/.test(short)
    ? short
    : createHash('sha256').update(outboundId).digest('hex').slice(0, 32)
}

/** The way back from `messageIdOf`. */
export const outboundIdOf = (messageId: string): string => messageId.replace(uuid, '$1-$2-$3-$4-$5')

type Meaning = readonly [code: ChannelErrorCode, message: string]

const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [1, ['needs_operator', '客服账号已删除 / the customer-service account was deleted']],
  [2, ['needs_operator', '应用已关闭 / the app is switched off; enable it in 应用管理']],
  [4, ['window_closed', '会话已超过 48 小时 / the contact wrote more than 48 h ago']],
  [5, ['window_closed', '会话已结束 / the session has ended; the contact must write again']],
  [6, ['quota_exhausted', '已发满 5 条 / five messages are sent; the contact must write again']],
  [7, ['needs_operator', '未绑定视频号 / no Channels account is bound']],
  [8, ['needs_operator', '主体未验证 / the company is not verified; see 我的企业 → 企业认证']],
  [9, ['needs_operator', '未绑定视频号且主体未验证 / no Channels account bound, company not verified']],
  [10, ['unreachable', '用户拒收消息 / the contact refuses messages']],
  [11, ['needs_operator', '企业没有客服权限 / the company has no right to 微信客服']],
  [12, ['rejected_content', '内容违规 / the content was blocked; rephrase it']],
  [13, ['rejected_content', '内容违规 / the content was blocked; rephrase it']],
])

/** What a `fail_type` means, in words for the agent. */
export const faultOf = (failType: number): DeliveryFault => {
  const [code, message] = meanings.get(failType) ?? [
    'permanent',
    '微信客服未能送达，原因未知 / WeCom did not deliver it and gives no reason',
  ]
  return { code, message, providerCode: `fail_type ${failType}` }
}
