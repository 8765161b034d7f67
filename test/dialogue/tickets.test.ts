import { describe, expect, it } from 'vitest'
import type { Claim } from '../../src/core/conversation.ts'
import { textOf } from '../../src/core/message.ts'
import type { TicketStanding } from '../../src/core/ticket.ts'
import { claimOf, classified, decide, dialogueWith, now, text } from './builders.ts'

const dialogue = dialogueWith()
const decided = (words: string, over: Partial<Claim> = {}) =>
  decide(dialogue, claimOf([[text(words)]], over), (heard) => classified({ text: heard }))

describe('asking for a ticket', () => {
  it.each([
    ['我的工单到哪了', undefined],
    ['我的工单到哪一步了？', undefined],
    ['查一下工单', undefined],
    ['帮我查一下工单进度', undefined],
    ['之前提交的工单怎么样了', undefined],
    ['工单进度', undefined],
    ['T-1042', 1_042],
    ['t1042', 1_042],
    ['工单号：T－1042', 1_042],
    ['帮我查一下工单T-1042的进度', 1_042],
    ['我的工单 T-1042 处理到哪了', 1_042],
    ['what is the status of my ticket?', undefined],
    ['any update on ticket T-1042', 1_042],
    ['where is my ticket', undefined],
  ])('%j is told how it stands', (words, number) => {
    const decision = decided(words)
    expect(decision.record).toMatchObject({ kind: 'answer', rule: 'ticket-status' })
    expect(decision.tellsTickets).toEqual(number === undefined ? {} : { number })
  })

  it.each([
    '工单是什么',
    '工单号在哪看',
    '我的工单三天了没人理',
    '工单能撤回吗',
    '我要重新提交工单',
    'T恤在哪买',
    'BV1xx411c7mD',
    'how do I open a ticket',
    '我的投稿到哪了',
    `我的工单到哪了，${'我真的很着急，'.repeat(10)}`,
  ])('%j is something else', (words) => {
    expect(decided(words).tellsTickets).toBeUndefined()
  })

  it('is answered while the ticket waits for a person, and not while one has it', () => {
    const human = (state: string) =>
      decided('我的工单到哪了', { mode: 'human', ticket: { id: 't', number: 1_001, state } })
    expect(human('new').tellsTickets).toEqual({})
    expect(human('open').record.rule).toBe('person-leads')
    expect(human('open').tellsTickets).toBeUndefined()
  })
})

describe('saying that a solved ticket is not settled', () => {
  const solved = { lastTicket: { id: 't', number: 1_001, state: 'solved' } } as const
  it.each([
    '还是没解决',
    '问题没有解决',
    '没解决啊',
    '还是不行',
    '未解决',
    'still not solved',
    'reopen',
    '重新打开工单',
  ])('%j calls a person again', (words) => {
    const { record, escalation } = decided(words, solved)
    expect(record).toMatchObject({ kind: 'escalate', rule: 'still-unsolved' })
    expect(escalation?.reason).toEqual({ code: 'still-unsolved', values: { ticket: 'T-1001' } })
  })

  it.each(['谢谢', '大会员怎么退款', '好的没问题了', '没有了谢谢'])('%j does not', (words) => {
    expect(decided(words, solved).record.rule).not.toBe('still-unsolved')
  })

  it('is nothing of the kind once it is closed, or was never there', () => {
    const closed = { lastTicket: { id: 't', number: 1_001, state: 'closed' } } as const
    expect(decided('还是没解决', closed).record.rule).not.toBe('still-unsolved')
    expect(decided('还是没解决').record.rule).not.toBe('still-unsolved')
  })

  it('after an answer is about that answer', () => {
    const given = { ...claimOf([]).dialogue, given: ['vip-refund-apply'] }
    expect(decided('还是不行', { ...solved, dialogue: given }).record.rule).toBe('corrected')
  })
})

describe('how a ticket stands', () => {
  const hour = 3_600_000
  const at = (hours: number): Date => new Date(now.getTime() + hours * hour)
  const standing = (over: Partial<TicketStanding> = {}): TicketStanding & { url: string } => ({
    id: 't',
    number: 1_001,
    state: 'new',
    title: '多扣一个月',
    createdAt: at(-2),
    firstReplyDueAt: at(1),
    url: 'https://help.example/status/t',
    ...over,
  })
  const told = (
    tickets: readonly (TicketStanding & { url: string })[] | undefined,
    language: 'zh' | 'zh-Hant' | 'en' = 'zh',
  ): string => textOf(dialogue.tellTickets({ tickets, number: 1_009, now, language }))

  it.each<[string, Partial<TicketStanding>, string, string]>([
    ['unanswered', {}, '最晚 今天 11:00', 'by today 11:00'],
    ['late', { firstReplyDueAt: at(-1) }, '已经超过承诺的时间', 'past the promised time'],
    ['at work', { state: 'open', firstRepliedAt: at(-1) }, '同事正在处理', 'working on it'],
    ['pending', { state: 'pending', firstRepliedAt: at(-1) }, '等你补充', 'waits for your reply'],
    ['held', { state: 'on_hold', holdUntil: at(24) }, '预计 明天 10:00', 'expected tomorrow 10:00'],
    ['solved', { state: 'solved', solvedAt: at(-1) }, '已在 今天 09:00 解决', 'solved today 09:00'],
    ['closed', { state: 'closed', closedAt: at(-1) }, '已在 今天 09:00 结束', 'closed today 09:00'],
    ['merged', { state: 'closed', mergedInto: 1_002 }, '已并入工单 T-1002', 'merged into T-1002'],
  ])('is told when it is %s, with its page', (_name, over, zh, en) => {
    expect(told([standing(over)])).toContain(zh)
    expect(told([standing(over)], 'en')).toContain(en)
    for (const words of [told([standing(over)]), told([standing(over)], 'en')])
      expect(words).toMatch(/T-1001 多扣一个月[\s\S]*https:\/\/help\.example\/status\/t/)
  })

  it('is told in the contact’s script', () => {
    expect(told([standing()], 'zh-Hant')).toContain('等待同事回覆')
  })

  it('of nobody else’s ticket is told', () => {
    expect(told(undefined)).toContain('没有查到你名下的工单 T-1009')
    expect(told([])).toContain('没有查到你名下的工单')
  })
})
