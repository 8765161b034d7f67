/** What the button says, which is there before the chat is. */
import type { Locale } from './api.ts'

interface LauncherWords {
  readonly open: string
  readonly unread: (count: number) => string
  /** The chat could not be loaded. */
  readonly failed: string
}

export const launcherWords: Readonly<Record<Locale, LauncherWords>> = {
  'zh-CN': {
    open: '打开在线客服',
    unread: (count) => `${count} 条新消息`,
    failed: '网络不通，聊天打不开；请检查网络后再点一次',
  },
  en: {
    open: 'Open support chat',
    unread: (count) => `${count} new message${count === 1 ? '' : 's'}`,
    failed: 'The chat could not be loaded; check the network and press again',
  },
}
