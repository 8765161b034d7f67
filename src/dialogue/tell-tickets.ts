import type { TicketNews } from '../core/dialogue.ts'
import type { Part } from '../core/message.ts'
import type { TicketStanding } from '../core/ticket.ts'
import { placeWords } from './queue-words.ts'
import { localTime } from './local-time.ts'
import { asSpoken } from './spoken.ts'

/** Moments of a ticket as words. */
type Say = (at: Date) => string

interface Words {
  readonly none: string
  readonly notYours: (number: number) => string
  readonly heading: string
  readonly merged: (into: number) => string
  readonly waitsForReply: (due: string, late: boolean) => string
  readonly atWork: string
  readonly waitsForYou: string
  readonly onHold: (until: string | undefined) => string
  readonly solved: (at: string) => string
  readonly closed: (at: string) => string
  readonly details: string
  readonly ending: string
}

const zh: Words = {
  none: '没有查到你名下的工单。如果是在别的账号或渠道提交的，请到那里查询，也可以直接把问题告诉我。',
  notYours: (number) =>
    `没有查到你名下的工单 T-${number}。请核对一下号码；如果是在别的账号或渠道提交的，请到那里查询。`,
  heading: '你的工单：',
  merged: (into) => `已并入工单 T-${into}，请看那一张`,
  waitsForReply: (due, late) =>
    late ? '同事还没有回复，已经超过承诺的时间，正在催办' : `等待同事回复，最晚 ${due}`,
  atWork: '同事正在处理',
  waitsForYou: '同事已经回复，等你补充',
  onHold: (until) => `同事在等其他部门的结果${until === undefined ? '' : `，预计 ${until} 有进展`}`,
  solved: (at) => `已在 ${at} 解决；没有解决的话，直接告诉我“没解决”`,
  closed: (at) => `已在 ${at} 结束`,
  details: '进度',
  ending: '需要补充的话，直接在这里说就行。',
}

const en: Words = {
  none: 'There is no ticket of yours here. If you wrote from another account or channel, please ask there, or just tell me the problem.',
  notYours: (number) =>
    `There is no ticket T-${number} of yours. Please check the number; if you wrote from another account or channel, ask there.`,
  heading: 'Your tickets:',
  merged: (into) => `merged into T-${into}, please see that one`,
  waitsForReply: (due, late) =>
    late ? 'not answered yet and past the promised time; we are on it' : `waiting for a colleague, by ${due}`,
  atWork: 'a colleague is working on it',
  waitsForYou: 'answered; a colleague waits for your reply',
  onHold: (until) =>
    `a colleague waits for another department${until === undefined ? '' : `, news expected ${until}`}`,
  solved: (at) => `solved ${at}; if it is not, just tell me "not solved"`,
  closed: (at) => `closed ${at}`,
  details: 'Details',
  ending: 'If there is anything to add, just write it here.',
}

const standOf = (ticket: TicketStanding, words: Words, { say, now }: { say: Say; now: Date }): string => {
  const { state, mergedInto, firstReplyDueAt, firstRepliedAt, holdUntil, solvedAt, closedAt } = ticket
  if (mergedInto !== undefined) return words.merged(mergedInto)
  switch (state) {
    case 'new':
    case 'open':
      return firstRepliedAt === undefined
        ? words.waitsForReply(say(firstReplyDueAt), firstReplyDueAt < now)
        : words.atWork
    case 'pending':
      return words.waitsForYou
    case 'on_hold':
      return words.onHold(holdUntil === undefined ? undefined : say(holdUntil))
    case 'solved':
      return words.solved(say(solvedAt ?? now))
    case 'closed':
      return words.closed(say(closedAt ?? solvedAt ?? now))
    default:
      return state satisfies never
  }
}

/** Tells a contact how tickets of theirs stand, each with the page that shows it. */
export const tellTickets = (news: TicketNews, timeZone: string): readonly Part[] => {
  const { tickets, number, now, language } = news
  const words = language === 'en' ? en : zh
  const text = (lines: readonly string[]): readonly Part[] =>
    asSpoken([{ kind: 'text', text: lines.join('\n') }], language)
  if (tickets === undefined) return text([words.notYours(number ?? 0)])
  if (tickets.length === 0) return text([words.none])
  const say: Say = (at) => localTime(at, { now, language }, timeZone)
  const colon = language === 'en' ? ': ' : '：'
  const comma = language === 'en' ? '; ' : '，'
  const placeOf = ({ queue }: (typeof tickets)[number]): string =>
    queue === undefined ? '' : `${comma}${placeWords(queue, language)}`
  const lines = tickets.flatMap((ticket) => [
    `T-${ticket.number} ${ticket.title}${colon}${standOf(ticket, words, { say, now })}${placeOf(ticket)}`,
    `${words.details}${colon}${ticket.url}`,
  ])
  return text([words.heading, ...lines, words.ending])
}
