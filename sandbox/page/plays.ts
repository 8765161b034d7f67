import { hourMs } from './spans.ts'

/** One thing that happens in a play: somebody writes, or time goes on. */
export type PlayStep =
  | {
      readonly kind: 'says'
      readonly channel: 'wechat' | 'weibo' | 'email' | 'telegram' | 'wecom'
      /** Which of the channel's people, from 0. */
      readonly user: number
      readonly text: string
      /** Of a mail. */
      readonly subject?: string
    }
  | { readonly kind: 'passes'; readonly ms: number }
  /** The next moment at which it is this hour in China. */
  | { readonly kind: 'until'; readonly hour: number }

/** A story that the page plays to the product; its words are `play.<name>` and `play.<name>.about`. */
export interface Play {
  readonly name: string
  readonly steps: readonly PlayStep[]
}

const says = (
  channel: Extract<PlayStep, { kind: 'says' }>['channel'],
  user: number,
  text: string,
): PlayStep => ({
  ...{ kind: 'says', channel, user, text },
})

/** The stories, in the order in which they are offered. */
export const plays: readonly Play[] = [
  {
    name: 'refund',
    steps: [
      says('wechat', 0, '怎么取消自动续费'),
      says('wechat', 0, '大会员怎么退款'),
      says('wechat', 0, '上周扣的，一次都没用过'),
    ],
  },
  {
    name: 'stolen',
    steps: [says('weibo', 1, '我的号被盗了，在到处发广告！！'), says('weibo', 1, '绑定的手机号也被换了')],
  },
  {
    name: 'infringement',
    steps: [
      {
        ...{ kind: 'says', channel: 'email', user: 0, subject: '侵权投诉' },
        text: '你好，有人搬运了我的视频。我的原视频 BV1Qs411x7vD，对方的是 BV1Za4y1c9mW，我是作者本人，请下架。',
      },
    ],
  },
  {
    name: 'night',
    steps: [
      { kind: 'until', hour: 2 },
      says('wechat', 1, '视频审核要多久'),
      says('wechat', 1, '已经等了两天了，转人工'),
      { kind: 'until', hour: 10 },
      says('wechat', 1, '我的工单到哪了'),
    ],
  },
  {
    name: 'late',
    steps: [
      says('wechat', 2, '你们态度太差了，我要投诉！'),
      { kind: 'passes', ms: 25 * hourMs },
      says('wechat', 2, '一天了怎么还没有人回我'),
    ],
  },
  {
    name: 'outage',
    steps: [
      says('wechat', 0, '弹幕发不出去了'),
      says('weibo', 0, '弹幕发不出去，提示发送失败'),
      says('telegram', 0, '弹幕发送失败是不是崩了'),
      says('wechat', 1, '你们弹幕服务器是不是挂了'),
    ],
  },
]
