import { describe, expect, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import type { Ticket, TicketChange, TicketFacts, TicketStore } from '../../src/core/ticket.ts'
import { createUpkeep, ticketsConfig } from '../../src/tickets/index.ts'

const start = new Date('2026-11-24T02:00:00Z')
const hours = (count: number): Date => new Date(start.getTime() + count * 3_600_000)
const ticket: Ticket = {
  id: 't',
  number: 1_001,
  conversationId: 'c',
  contactId: 'p',
  contactName: '阿白',
  inboxId: 'wechat',
  channel: 'wechat',
  conversationMode: 'human',
  kind: 'question',
  topic: 'vip-refund',
  priority: 'normal',
  state: 'open',
  title: '多扣一个月',
  summary: '',
  reason: '',
  createdAt: start,
  updatedAt: start,
  firstReplyDueAt: hours(24),
  resolutionDueAt: hours(72),
  tags: [],
  fields: { orderNumber: 'A1' },
  version: 3,
}
const policy = ticketsConfig.parse({
  fields: [
    { name: 'orderNumber', label: { zh: '订单号', en: 'Order' } },
    { name: 'amount', label: { zh: '金额', en: 'Amount' }, type: 'number', kinds: ['question'] },
    { name: 'paidOn', label: { zh: '付款日', en: 'Paid on' }, type: 'date' },
    { name: 'refunded', label: { zh: '已退款', en: 'Refunded' }, type: 'yes-no' },
    {
      name: 'device',
      label: { zh: '设备', en: 'Device' },
      type: 'choice',
      choices: [{ value: 'ios', label: { zh: '苹果', en: 'iOS' } }],
    },
  ],
})

/** Upkeep of that ticket; what it asks of the store is kept. */
const upkeepOf = (given: Ticket = ticket) => {
  const changes: TicketChange[] = []
  const store: Pick<TicketStore, 'get' | 'apply'> = {
    get: () => Promise.resolve(given),
    apply: (change) => {
      changes.push(change)
      return Promise.resolve(given)
    },
  }
  const clock = createMovableClock({ now: () => start })
  const upkeep = createUpkeep({ store, clock, policy, publish: () => undefined })
  const request = { agent: { id: 'a', name: '李然' }, ticketId: 't' }
  return {
    upkeep,
    request,
    changes,
    facts: async (facts: TicketFacts) => {
      await upkeep.change(request, facts)
      return changes.at(-1)?.set
    },
  }
}

describe('facts of a ticket', () => {
  it('are tidied: tags once each and in order, a title on one line', async () => {
    const { facts } = upkeepOf()
    expect(await facts({ tags: [' 退款 ', 'vip', '退款', ''], subject: '多扣\n一个月' })).toEqual({
      tags: ['vip', '退款'],
      subject: '多扣 一个月',
    })
  })

  it('rest on the version they were worked out from', async () => {
    const { facts, changes } = upkeepOf()
    await facts({ fields: { amount: 25 } })
    expect(changes[0]).toMatchObject({
      expectedVersion: 3,
      set: { fields: { orderNumber: 'A1', amount: 25 } },
    })
  })

  it('of a field are taken away by null', async () => {
    expect(await upkeepOf().facts({ fields: { orderNumber: null } })).toEqual({ fields: {} })
  })

  it.each<[string, TicketFacts, RegExp]>([
    ['an unknown field', { fields: { colour: 'red' } }, /no such field \(it has orderNumber, amount/],
    [
      'a field of another kind',
      { kind: 'complaint', fields: { amount: 1 } },
      /kind complaint has no such field/,
    ],
    ['a number in words', { fields: { amount: '25' } }, /amount: must be a number/],
    ['no date', { fields: { paidOn: '2026-13-01' } }, /paidOn: must be a date/],
    ['a day that no month has', { fields: { paidOn: '2026-02-30' } }, /paidOn: must be a date/],
    ['neither yes nor no', { fields: { refunded: 'yes' } }, /refunded: must be true or false/],
    ['no choice', { fields: { device: 'nokia' } }, /device: must be one of ios/],
    ['two faults', { fields: { amount: 'x', device: 'x' } }, /amount.*; device/],
    ['a text without end', { fields: { orderNumber: 'x'.repeat(2_001) } }, /at most 2000 characters/],
    ['a long tag', { tags: ['长'.repeat(41)] }, /at most 40 characters/],
    ['heaps of tags', { tags: Array.from({ length: 21 }, (_, n) => `t${String(n)}`) }, /at most 20 tags/],
    ['an empty title', { subject: '  ' }, /title is empty/],
    ['a long title', { subject: '长'.repeat(121) }, /at most 120/],
  ])('are refused when they are %s, and nothing changes', async (_name, facts, message) => {
    const { upkeep, request, changes } = upkeepOf()
    await expect(upkeep.change(request, facts)).rejects.toMatchObject({ code: 'bad_input', message })
    expect(changes).toEqual([])
  })
})

describe('a hold', () => {
  it('says for what, until when, and keeps the ticket', async () => {
    const { upkeep, request, changes } = upkeepOf()
    await upkeep.hold(request, ' 等财务 ', hours(4))
    expect(changes[0]).toMatchObject({
      change: 'held',
      set: { state: 'on_hold', assigneeId: 'a', holdReason: '等财务', holdUntil: hours(4) },
      onlyIfUnassigned: true,
    })
  })

  it.each<[string, string, Date | undefined, RegExp]>([
    ['for nothing', ' ', undefined, /reason is empty/],
    ['until the past', '等财务', hours(-1), /over already/],
    ['for years', '等财务', hours(24 * 400), /a year at most/],
  ])('%s is refused', async (_name, reason, until, message) => {
    const { upkeep, request, changes } = upkeepOf()
    // Some refusals come before anything is asked.
    await expect((async () => upkeep.hold(request, reason, until))()).rejects.toMatchObject({ message })
    expect(changes).toEqual([])
  })
})

describe('ends and beginnings', () => {
  it('say why', async () => {
    const { upkeep, request, changes } = upkeepOf()
    await upkeep.close(request, '广告')
    await upkeep.reopen(request, '还有一处没修')
    expect(changes).toMatchObject([
      {
        change: 'closed',
        detail: { reason: '广告' },
        set: { state: 'closed', closedAt: start, mode: 'bot' },
      },
      {
        change: 'reopened',
        detail: { reason: '还有一处没修' },
        set: { state: 'open', mode: 'human', solvedAt: null },
      },
    ])
  })
})
