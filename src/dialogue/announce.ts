import type { Announcement, ServiceHours } from '../core/dialogue.ts'
import type { Part } from '../core/message.ts'
import type { QueuePlace } from '../core/queue.ts'
import type { Spoken } from '../core/understanding.ts'
import type { DialogueConfig } from './config.ts'
import { placeWords } from './queue-words.ts'
import { localTime } from './local-time.ts'
import { asSpoken } from './spoken.ts'

const inUnits = (minutes: number): readonly [count: number, zh: string, en: string] => {
  if (minutes <= 90) return [minutes, '分钟', 'minute']
  const hours = Math.ceil(minutes / 60)
  return hours <= 48 ? [hours, '小时', 'hour'] : [Math.ceil(hours / 24), '天', 'day']
}

/** How long until then, in the largest fitting unit, rounded up: a promise must not sound shorter than it is. */
const span = (at: Date, { now, language }: Announcement): string => {
  const minutes = Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 60_000))
  const [count, zh, en] = inUnits(minutes)
  return language === 'en' ? `${count} ${en}${count === 1 ? '' : 's'}` : `${count} ${zh}`
}

/** Where else the brand is reached, and in whose time moments are told. */
type Reached = Pick<DialogueConfig, 'hotline' | 'timezone'>

interface Facts {
  readonly ticket: string
  /** `24 小时以内（明天 18:05 前）` */
  readonly due: string
  readonly hotline: string
}

const factsOf = (announcement: Announcement, config: Reached, hours: ServiceHours): Facts => {
  const { firstReplyDueAt: due, language, ticketNumber } = announcement
  const answered = hours.hotline(language)
  const time = localTime(due, announcement, config.timezone)
  return {
    ticket: `T-${ticketNumber}`,
    due:
      language === 'en'
        ? `within ${span(due, announcement)} (by ${time}, China time)`
        : `${span(due, announcement)}以内（${time} 前）`,
    hotline: language === 'en' ? `${config.hotline} (${answered})` : `${config.hotline}（${answered}）`,
  }
}

type Lines = (facts: Facts) => readonly string[]
type Situation = 'normal' | 'urgent' | 'crisis'

const zh: Readonly<Record<Situation, { readonly first: Lines; readonly again: Lines }>> = {
  normal: {
    first: ({ ticket, due, hotline }) => [
      `已为你登记工单 ${ticket}，同事会在 ${due}在这里回复你。`,
      '等待时可以继续在这里补充，同事都看得到。',
      `也可以拨打客服热线 ${hotline}。`,
    ],
    again: ({ ticket, hotline }) => [
      `工单 ${ticket} 还在处理中，你刚说的已经补充进去，同事会在这里回复你。着急的话可以拨打 ${hotline}。`,
    ],
  },
  urgent: {
    first: ({ ticket, due, hotline }) => [
      `已按紧急情况登记工单 ${ticket}，同事会优先处理，${due}在这里回复你。`,
      '请继续在这里补充经过和截图，同事都看得到。',
      `也可以拨打客服热线 ${hotline}。`,
    ],
    again: ({ ticket, hotline }) => [
      `紧急工单 ${ticket} 正在处理，你刚说的已经补充进去，同事会在这里回复你。也可以拨打 ${hotline}。`,
    ],
  },
  crisis: {
    first: ({ ticket, due }) => [
      `已经转给同事紧急处理（工单 ${ticket}），${due}在这里联系你。`,
      '你可以继续在这里说，我们看得到。如果情况危险，请不要等回复，马上拨打 110 或 120。',
    ],
    again: ({ ticket }) => [
      `同事已经收到（工单 ${ticket}），会在这里联系你。如果情况危险，请马上拨打 110 或 120。`,
    ],
  },
}

const en: Readonly<Record<Situation, { readonly first: Lines; readonly again: Lines }>> = {
  normal: {
    first: ({ ticket, due, hotline }) => [
      `Your ticket is ${ticket}. A colleague will reply here ${due}.`,
      'You can go on writing here meanwhile; everything reaches them.',
      `You can also call ${hotline}.`,
    ],
    again: ({ ticket, hotline }) => [
      `Ticket ${ticket} is still open, and what you just wrote was added to it. A colleague will reply here. If it cannot wait, call ${hotline}.`,
    ],
  },
  urgent: {
    first: ({ ticket, due, hotline }) => [
      `This is registered as urgent, ticket ${ticket}. A colleague will reply here ${due}.`,
      'Please go on writing here what happened, with screenshots; everything reaches them.',
      `You can also call ${hotline}.`,
    ],
    again: ({ ticket, hotline }) => [
      `Urgent ticket ${ticket} is being handled, and what you just wrote was added to it. A colleague will reply here. You can also call ${hotline}.`,
    ],
  },
  crisis: {
    first: ({ ticket, due }) => [
      `This went to a colleague as an emergency (ticket ${ticket}). They will contact you here ${due}.`,
      'You can go on writing here, we can see it. If there is danger, do not wait for us: call 110 or 120 now.',
    ],
    again: ({ ticket }) => [
      `A colleague has your messages (ticket ${ticket}) and will contact you here. If there is danger, call 110 or 120 now.`,
    ],
  },
}

const takenUp: Readonly<Record<'zh' | 'en', Lines>> = {
  zh: ({ ticket, hotline }) => [
    `已重新打开工单 ${ticket}，你刚说的已经补充进去，同事会接着处理，在这里回复你。也可以拨打 ${hotline}。`,
  ],
  en: ({ ticket, hotline }) => [
    `Ticket ${ticket} is open again, and what you just wrote was added to it. A colleague goes on with it and will reply here. You can also call ${hotline}.`,
  ],
}

const lineWords = (queue: QueuePlace, language: Spoken): string => {
  const words = placeWords(queue, language)
  return language === 'en' ? `${words.charAt(0).toUpperCase()}${words.slice(1)}.` : `${words}。`
}

/**
 * When people are back, for whoever writes while they are away. Where a reply is promised before that, somebody is there
 * for it, and nothing is said.
 */
const back = (announcement: Announcement, { timezone }: Reached, hours: ServiceHours): readonly string[] => {
  const { now, firstReplyDueAt, language } = announcement
  const backAt = hours.peopleBackAt(now)
  if (backAt === undefined || firstReplyDueAt <= backAt) return []
  const time = localTime(backAt, announcement, timezone)
  return [
    language === 'en'
      ? `Our people are away at this hour and back ${time}.`
      : `现在是人工客服的休息时间，${time} 恢复。`,
  ]
}

/**
 * What the contact is told about the person who takes over: ticket number, when a reply is promised, when people are
 * back, the place in the queue, hotline and hours, and that writing on is fine. Asked again, no time is named: the first promise stands.
 */
export const announce = (
  announcement: Announcement,
  config: Reached,
  hours: ServiceHours,
): readonly Part[] => {
  const { escalation, again, reopened, queue, language } = announcement
  const situation: Situation =
    escalation.topic === 'crisis' ? 'crisis' : escalation.urgency === 'urgent' ? 'urgent' : 'normal'
  const texts = (language === 'en' ? en : zh)[situation]
  const isTakenUp = reopened === true && situation !== 'crisis'
  const write = isTakenUp ? takenUp[language === 'en' ? 'en' : 'zh'] : again ? texts.again : texts.first
  const [first = '', ...others] = write(factsOf(announcement, config, hours))
  // In an emergency nobody is told of a line to stand in.
  const queued = queue !== undefined && situation !== 'crisis' && !again ? [lineWords(queue, language)] : []
  const lines = [first, ...back(announcement, config, hours), ...queued, ...others]
  return asSpoken([{ kind: 'text', text: lines.join('\n') }], language)
}
