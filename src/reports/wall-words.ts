import type { DeskLanguage } from '../core/reason.ts'

/** What stands on the wall beside the numbers of today. */
export type WallNumber = 'waiting' | 'oldest-wait' | 'open' | 'overdue' | 'online' | 'busy' | 'away'

export const wallWords: Readonly<
  Record<DeskLanguage, Readonly<Record<WallNumber, { readonly name: string; readonly means: string }>>>
> = {
  zh: {
    waiting: { name: '排队', means: '现在没有人负责、等人接手的工单' },
    'oldest-wait': { name: '最久等待', means: '排队的工单里，等得最久的那张等了多久' },
    open: { name: '未解决', means: '现在还没解决的工单' },
    overdue: { name: '已超时', means: '现在已经超过承诺时间的工单' },
    online: { name: '在线', means: '现在在线的客服' },
    busy: { name: '忙碌', means: '现在忙碌的客服' },
    away: { name: '离开', means: '现在离开的客服' },
  },
  en: {
    waiting: { name: 'Waiting', means: 'Tickets that nobody has now and that wait for somebody' },
    'oldest-wait': { name: 'Longest wait', means: 'How long the oldest of the waiting tickets has waited' },
    open: { name: 'Open', means: 'Tickets that are not solved now' },
    overdue: { name: 'Overdue', means: 'Tickets past what was promised' },
    online: { name: 'Online', means: 'Agents who are online now' },
    busy: { name: 'Busy', means: 'Agents who are busy now' },
    away: { name: 'Away', means: 'Agents who are away now' },
  },
}
