// What a user can do, and the push it becomes: open.weibo.com "接收普通消息", "接收事件推送".
import type { JsonValue } from './json.ts'
import { Digits } from './json.ts'
import type { WeiboAccount } from './account.ts'

/** Something a user says or does. Files come from the platform's own store. */
export type WeiboDeed =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image' | 'voice'; readonly fid: string; readonly durationMs?: number }
  | {
      readonly kind: 'position'
      readonly latitude: number
      readonly longitude: number
      readonly label?: string
    }
  | { readonly kind: 'follow' | 'unfollow' }
  /** `keyword` is what the user typed; default: the platform's own sentence. */
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly keyword?: string }
  /** Scanned by a follower, or by somebody who follows by it. */
  | { readonly kind: 'scan' | 'scan_follow'; readonly scene: string }
  | { readonly kind: 'click'; readonly key: string }
  | { readonly kind: 'view'; readonly url: string }
  /** A public post or comment that names the account. */
  | { readonly kind: 'mention'; readonly text: string; readonly subtype?: 'status' | 'comment' }
  /** Any other event or type, documented or invented. */
  | { readonly kind: 'event'; readonly subtype: string; readonly data?: Readonly<Record<string, JsonValue>> }
  | { readonly kind: 'other'; readonly type: string; readonly data?: Readonly<Record<string, JsonValue>> }

/** What a deed means on the wire and on the user's screen. */
export interface Composed {
  readonly type: string
  readonly text: string
  readonly data: Readonly<Record<string, JsonValue>>
  /** What stands on the user's own screen; absent: nothing does. */
  readonly shown?: {
    readonly from: 'user' | 'platform'
    readonly text?: string
    readonly fileName?: string
    readonly picturePath?: string
    readonly note?: string
  }
}

const event = (text: string, data: Readonly<Record<string, JsonValue>>, shown?: string): Composed => ({
  type: 'event',
  text,
  data,
  ...(shown === undefined ? {} : { shown: { from: 'platform', text: shown } }),
})

/** The sender's handle of a file; only the receiver's opens it for the account. */
const handlesOf = (fid: string) => ({ vfid: new Digits(String(BigInt(fid) - 10n)), tovfid: new Digits(fid) })

const seconds = (durationMs = 0): string => `语音 ${String(Math.round(durationMs / 1_000))}″`

const mentionId = '3456789012345678'

/** Turns a deed into a push's fields. */
export const compose = (deed: WeiboDeed, account: WeiboAccount): Composed => {
  switch (deed.kind) {
    case 'text':
      return { type: 'text', text: deed.text, data: {}, shown: { from: 'user', text: deed.text } }
    case 'image':
      return {
        type: 'image',
        text: '发了一张图片',
        data: handlesOf(deed.fid),
        shown: { from: 'user', picturePath: `/pictures/${deed.fid}` },
      }
    case 'voice':
      return {
        type: 'voice',
        text: '发了一个语音消息',
        data: handlesOf(deed.fid),
        shown: { from: 'user', fileName: seconds(deed.durationMs) },
      }
    case 'position': {
      const [longitude, latitude] = [deed.longitude.toFixed(6), deed.latitude.toFixed(6)]
      return {
        type: 'position',
        text: '我在这里: http://t.cn/zQ6kX0c',
        data: { longitude, latitude },
        shown: { from: 'user', text: `[位置] ${deed.label ?? ''} ${latitude}, ${longitude}` },
      }
    }
    case 'mention': {
      const text = deed.text.includes(`@${account.name}`) ? deed.text : `@${account.name} ${deed.text}`
      const data = { subtype: deed.subtype ?? 'status', key: mentionId }
      return { type: 'mention', text, data, shown: { from: 'user', text, note: '公开微博 public post' } }
    }
    case 'other':
      return { type: deed.type, text: '', data: deed.data ?? {} }
    default:
      return composeEvent(deed)
  }
}

type EventDeed = Exclude<
  WeiboDeed,
  { readonly kind: 'text' | 'image' | 'voice' | 'position' | 'mention' | 'other' }
>

const composeEvent = (deed: EventDeed): Composed => {
  switch (deed.kind) {
    case 'follow':
      return event('关注事件消息', { subtype: 'follow' }, '已关注 Followed')
    case 'unfollow':
      return event('取消关注事件消息', { subtype: 'unfollow' }, '已取消关注 Unfollowed')
    case 'subscribe':
      return event(deed.keyword ?? '订阅事件消息', { subtype: 'subscribe' }, '已订阅私信 Subscribed')
    case 'unsubscribe':
      return event(deed.keyword ?? '取消订阅事件消息', { subtype: 'unsubscribe' }, '已退订私信 Unsubscribed')
    case 'scan':
    case 'scan_follow':
      return event('扫描二维码', {
        subtype: deed.kind,
        key: `QR_SCENE_${deed.scene}`,
        ticket: `TICKET_${deed.scene}`,
      })
    case 'click':
      return event('自定义菜单点击事件消息', { subtype: 'click', key: deed.key })
    case 'view':
      return event('自定义菜单跳转链接事件消息', { subtype: 'view', key: deed.url })
    case 'event':
      return event('事件消息', { subtype: deed.subtype, ...deed.data })
    default:
      return deed satisfies never
  }
}
