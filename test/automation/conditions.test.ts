import { describe, expect, it } from 'vitest'
import type { TicketCondition } from '../../src/core/automation.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { allHold } from '../../src/automation/conditions.ts'
import { buildTicket } from './builders.ts'

const holds = (
  fact: TicketCondition['fact'],
  op: TicketCondition['op'],
  values: readonly string[],
  over: Partial<Ticket> = {},
  name?: string,
): boolean => allHold(buildTicket(over), [{ fact, op, values, ...(name === undefined ? {} : { name }) }])

describe('conditions', () => {
  it.each([
    ['kind', 'question', 'complaint'],
    ['topic', 'vip-refund', 'account'],
    ['priority', 'normal', 'high'],
    ['state', 'open', 'new'],
    ['channel', 'wechat', 'web'],
    ['inbox', 'wechat', 'web'],
    ['tier', 'vip', 'gold'],
    ['tag', '退款', 'x'],
    ['team', 'k', 'l'],
    ['assigned', 'yes', 'no'],
  ] as const)('on %s are so or not', (fact, is, other) => {
    const over = { contactTier: 'vip', teamId: 'k', assigneeId: 'a' }
    expect(holds(fact, 'is', [other, is], over)).toBe(true)
    expect(holds(fact, 'is', [other], over)).toBe(false)
    expect(holds(fact, 'is-not', [other], over)).toBe(true)
    expect(holds(fact, 'is-not', [is, other], over)).toBe(false)
  })

  it('on what is not there are not so', () => {
    for (const fact of ['tier', 'team'] as const) {
      expect(holds(fact, 'is', ['x'])).toBe(false)
      expect(holds(fact, 'is-not', ['x'])).toBe(true)
    }
    expect(holds('assigned', 'is', ['no'])).toBe(true)
    expect(holds('field', 'is', ['A1'], {}, 'orderNumber')).toBe(false)
  })

  it('on fields go by their name, whatever they hold', () => {
    const fields = { orderNumber: 'A1', amount: 25, paid: true }
    expect(holds('field', 'is', ['A1'], { fields }, 'orderNumber')).toBe(true)
    expect(holds('field', 'is', ['25'], { fields }, 'amount')).toBe(true)
    expect(holds('field', 'is', ['true'], { fields }, 'paid')).toBe(true)
    expect(holds('field', 'is', ['A1'], { fields }, 'amount')).toBe(false)
  })

  it('find words in a title without minding their case or width', () => {
    expect(holds('title', 'contains', ['ＲＥＦＵＮＤ'])).toBe(true)
    expect(holds('title', 'contains', ['x', '多扣'])).toBe(true)
    expect(holds('title', 'contains', ['登录'])).toBe(false)
    expect(holds('title', 'contains', ['新标题'], { subject: '新标题' })).toBe(true)
  })

  it('must all be so; none is always so', () => {
    const ticket = buildTicket()
    expect(allHold(ticket, [])).toBe(true)
    expect(
      allHold(ticket, [
        { fact: 'kind', op: 'is', values: ['question'] },
        { fact: 'priority', op: 'is', values: ['high'] },
      ]),
    ).toBe(false)
  })
})
