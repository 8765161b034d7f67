import type { Occasion } from '../core/preferences.ts'
import type { PushLanguage } from '../core/push.ts'

/** What is pushed. It names the ticket, and nothing that anybody said: lock screens have readers of all kinds. */
export interface PushNote {
  readonly occasion: Occasion
  readonly number: number
  readonly ticketId: string
  /** How many further things there are to hear of. */
  readonly more: number
}

const occasionWords: Readonly<Record<PushLanguage, Readonly<Record<Occasion, string>>>> = {
  zh: {
    waiting: '有人等接手',
    message: '用户来消息',
    mentioned: '同事 @你',
    danger: '快要超时',
    broken: '已超时',
  },
  en: {
    waiting: 'Somebody waits',
    message: 'New message',
    mentioned: 'A colleague mentioned you',
    danger: 'Nearly overdue',
    broken: 'Overdue',
  },
}

const bodyWords: Readonly<Record<PushLanguage, (more: number) => string>> = {
  zh: (more) => (more === 0 ? '点开处理' : `另有 ${String(more)} 件，点开处理`),
  en: (more) => (more === 0 ? 'Open it to work on it' : `${String(more)} more; open it to work on it`),
}

/** The notice as the service worker shows it. A newer one of the same ticket takes its place (`tag`). */
export const payloadOf = ({ occasion, number, ticketId, more }: PushNote, language: PushLanguage): string =>
  JSON.stringify({
    title: `${occasionWords[language][occasion]} · T-${String(number)}`,
    body: bodyWords[language](more),
    lang: language === 'zh' ? 'zh-CN' : 'en',
    tag: `ticket-${ticketId}`,
    path: `/desk/app/inbox/${occasion === 'mentioned' ? 'mentioned' : 'open'}/${ticketId}`,
  })
