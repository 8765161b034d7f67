import { describe, expect, it } from 'vitest'
import type { TicketAction } from '../../src/core/automation.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { describePlan, planActions } from '../../src/automation/plan.ts'
import { buildTicket, now, policy } from './builders.ts'

const plan = (actions: readonly TicketAction[], over: Partial<Ticket> = {}) =>
  planActions(buildTicket(over), actions, { now, policy, agentName: '李然' })

describe('actions', () => {
  it('come to one change', () => {
    expect(
      plan([
        { do: 'set-priority', priority: 'high' },
        { do: 'set-kind', kind: 'complaint' },
        { do: 'set-topic', topic: 'account' },
        { do: 'add-tags', tags: ['b'] },
        { do: 'remove-tags', tags: ['退款'] },
        { do: 'set-field', field: 'orderNumber', value: 'A1' },
      ]),
    ).toEqual({
      change: 'changed',
      set: {
        priority: 'high',
        kind: 'complaint',
        topic: 'account',
        tags: ['b'],
        fields: { orderNumber: 'A1' },
      },
    })
  })

  it('leave alone what is so already', () => {
    const done: readonly TicketAction[] = [
      { do: 'set-priority', priority: 'normal' },
      { do: 'add-tags', tags: ['退款'] },
      { do: 'remove-tags', tags: ['x'] },
      { do: 'set-field', field: 'orderNumber', value: null },
    ]
    expect(plan(done)).toBeUndefined()
    expect(plan([{ do: 'solve' }], { state: 'solved' })).toBeUndefined()
    expect(plan([{ do: 'queue', teamId: 'k' }], { teamId: 'k' })).toBeUndefined()
    expect(
      plan([{ do: 'hold', reason: '等财务' }], { state: 'on_hold', holdReason: '等财务' }),
    ).toBeUndefined()
  })

  it('hold, solve, queue and say, under the word of history that says most', () => {
    const hold = plan([{ do: 'hold', reason: '等财务', hours: 2 }])
    expect(hold).toMatchObject({ change: 'held', set: { state: 'on_hold', holdReason: '等财务' } })
    expect(hold?.set.holdUntil).toEqual(new Date('2026-11-24T04:00:00Z'))
    expect(plan([{ do: 'solve' }])).toMatchObject({ change: 'solved', set: { mode: 'bot', solvedAt: now } })
    expect(plan([{ do: 'queue', teamId: 'k' }], { assigneeId: 'a' })).toMatchObject({
      change: 'transferred',
      set: { teamId: 'k', assigneeId: null, queuedAt: now, state: 'open' },
    })
    expect(plan([{ do: 'note', text: '看看' }])).toEqual({ change: 'noted', set: {}, note: '看看' })
    expect(
      plan([
        { do: 'reply', text: '{{contact}}你好，工单 {{ ticket }}，我是{{agent}}。' },
        { do: 'note', text: '一' },
        { do: 'note', text: '二' },
        { do: 'solve' },
      ]),
    ).toMatchObject({
      change: 'replied',
      reply: '阿白你好，工单 T-1001，我是李然。',
      note: '一\n二',
      set: { state: 'solved' },
    })
  })

  it('name a contact whose channel tells no name', () => {
    expect(plan([{ do: 'note', text: '等{{contact}}' }], { contactName: '' })?.note).toBe('等用户')
  })

  it('name the field that a ticket of this kind does not have', () => {
    expect(() => plan([{ do: 'set-field', field: 'colour', value: 'x' }])).toThrow(/colour.*no such field/)
  })

  it('are shown with what is and what would be', () => {
    const ticket = buildTicket({ assigneeId: 'a' })
    const planned = planActions(
      ticket,
      [
        { do: 'queue', teamId: 'k' },
        { do: 'set-priority', priority: 'high' },
      ],
      { now, policy, agentName: '' },
    )
    expect(describePlan(ticket, planned)).toEqual({
      facts: {
        priority: { from: 'normal', to: 'high' },
        teamId: { from: null, to: 'k' },
        assigneeId: { from: 'a', to: null },
      },
    })
    expect(describePlan(ticket, undefined)).toEqual({ facts: {} })
  })
})
