import { openWechatAccount, wechatConfig, type WechatAccountApi } from '../../channels/wechat/index.ts'
import type { InboxConfig } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import { createIdleHost } from './idle-channel.ts'

/** A WeChat inbox's account, for its owner. Throws `ChannelError` when it has no AppSecret. */
export const openWechatInbox = ({ inboxId, section }: InboxConfig): WechatAccountApi =>
  openWechatAccount(wechatConfig.parse(section), createIdleHost(inboxId))

/** The inbox of that name. Throws `not_found`, `bad_input` for one of another channel. */
export const findWechatInbox = (inboxes: readonly InboxConfig[], inboxId: string): InboxConfig => {
  const names = inboxes.filter(({ channel }) => channel === 'wechat').map((inbox) => inbox.inboxId)
  const found = inboxes.find((inbox) => inbox.inboxId === inboxId)
  const known = names.length === 0 ? '一个也没有 none' : names.join(', ')
  if (found === undefined)
    throw new TongdaError(
      'not_found',
      `没有收件箱 ${inboxId} there is no inbox ${inboxId}; 微信收件箱 WeChat inboxes: ${known}`,
    )
  if (found.channel !== 'wechat')
    throw new TongdaError(
      'bad_input',
      `${inboxId} 不是微信收件箱 is an inbox of ${found.channel}; 微信收件箱 WeChat inboxes: ${known}`,
    )
  return found
}
