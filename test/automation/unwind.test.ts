import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '../../src/core/ticket.ts'
import { unwind } from '../../src/automation/unwind.ts'
import { buildTicket, now } from './builders.ts'

const entry = (minutes: number, change: TimelineEntry['change'], detail: TimelineEntry['detail'] = {}) => ({
  at: new Date(now.getTime() + minutes * 60_000),
  actor: 'agent' as const,
  change,
  detail,
})

describe('a ticket’s past', () => {
  it('is what its history says it was', () => {
    const ticket = buildTicket({ priority: 'urgent', tags: ['b'], state: 'solved', assigneeId: 'a' })
    const moments = unwind(ticket, [
      entry(0, 'opened'),
      entry(1, 'taken', {
        before: { state: 'new', mode: 'human' },
        facts: { assigneeId: { from: null, to: 'a' } },
      }),
      entry(2, 'changed', {
        facts: { priority: { from: 'normal', to: 'urgent' }, tags: { from: [], to: ['b'] } },
      }),
      entry(3, 'solved', { before: { state: 'open', mode: 'human' } }),
    ])
    expect(moments.map(({ change, ticket: then }) => [change, then.state, then.priority, then.tags])).toEqual(
      [
        ['solved', 'solved', 'urgent', ['b']],
        ['changed', 'open', 'urgent', ['b']],
        ['taken', 'open', 'normal', []],
        ['opened', 'new', 'normal', []],
      ],
    )
    expect(moments.at(-1)?.ticket).not.toHaveProperty('assigneeId')
    expect(moments.at(-2)?.ticket.assigneeId).toBe('a')
  })

  it('stays as it is where a line cannot be read', () => {
    const [later, first] = unwind(buildTicket(), [
      entry(0, 'opened'),
      entry(1, 'noted', { facts: 'nonsense', before: 3 }),
    ])
    expect(later?.ticket).toEqual(first?.ticket)
  })
})
