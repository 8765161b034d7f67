import { describe, expect, it } from 'vitest'
import type { RuleFacts, TicketAction } from '../../src/core/automation.ts'
import { checkLoops } from '../../src/automation/loops.ts'
import { buildRule } from './builders.ts'

const priority = (to: 'normal' | 'high'): TicketAction => ({ do: 'set-priority', priority: to })
const when = (fact: 'priority' | 'tag' | 'topic', values: readonly string[], op: 'is' | 'is-not' = 'is') => ({
  ...{ fact, op, values },
})
const check = (rule: Partial<RuleFacts>, ...others: Partial<RuleFacts>[]) => {
  const kept = others.map((one, at) => buildRule({ name: `other ${String(at)}`, ...one }))
  return () => checkLoops(buildRule({ name: 'mine', ...rule }), kept)
}

describe('rules that would never end', () => {
  it('undo each other: they are refused by name', () => {
    const up = { on: ['changed' as const], actions: [priority('high')] }
    const down = { on: ['changed' as const], actions: [priority('normal')] }
    expect(check(up, down)).toThrow(/“mine”.*“other 0”|“other 0”.*“mine”/)
    const tag = (what: 'add-tags' | 'remove-tags') => ({
      on: ['changed' as const],
      actions: [{ do: what, tags: ['a', 'b'] } as TicketAction],
    })
    expect(check(tag('add-tags'), tag('remove-tags'))).toThrow(/never end/)
  })

  it('undo each other only where the other has been', () => {
    const flip = {
      on: ['changed' as const],
      when: [when('priority', ['normal'])],
      actions: [priority('high')],
    }
    const flop = {
      on: ['changed' as const],
      when: [when('priority', ['high'])],
      actions: [priority('normal')],
    }
    expect(check(flip, flop)).toThrow(/never end/)
  })

  it('write a note that sets them going, or queue what the queue gives away', () => {
    expect(check({ on: ['noted'], actions: [{ do: 'note', text: 'x' }] })).toThrow(/“mine”/)
    expect(check({ on: ['assigned'], actions: [{ do: 'queue', teamId: 'k' }] })).toThrow(/“mine”/)
  })

  it('go round over a third', () => {
    const first = {
      on: ['changed' as const],
      when: [when('tag', ['a'], 'is-not')],
      actions: [{ do: 'add-tags', tags: ['a'] } as TicketAction],
    }
    const second = {
      on: ['changed' as const],
      when: [when('tag', ['a'])],
      actions: [{ do: 'hold', reason: 'x' } as TicketAction],
    }
    const third = {
      on: ['held' as const],
      actions: [{ do: 'remove-tags', tags: ['a'] } as TicketAction],
    }
    expect(check(first, second, third)).toThrow(/never end/)
    expect(check(first, second)).not.toThrow()
  })
})

describe('rules that come to rest', () => {
  it('may set themselves or each other going', () => {
    expect(check({ on: ['changed'], actions: [priority('high')] })).not.toThrow()
    expect(
      check(
        { on: ['changed'], actions: [priority('high')] },
        { on: ['changed'], when: [when('priority', ['high'])], actions: [{ do: 'add-tags', tags: ['急'] }] },
      ),
    ).not.toThrow()
  })

  it('disagree, but never about the same ticket', () => {
    expect(
      check(
        { on: ['changed'], when: [when('topic', ['a'])], actions: [priority('high')] },
        { on: ['opened'], actions: [priority('normal')] },
      ),
    ).not.toThrow()
    // What the one sets keeps the other from going on.
    expect(
      check(
        { on: ['changed'], when: [when('priority', ['normal'])], actions: [priority('high')] },
        {
          on: ['changed'],
          when: [when('priority', ['high'], 'is-not'), when('topic', ['b'])],
          actions: [priority('normal')],
        },
      ),
    ).not.toThrow()
  })

  it('are switched off, or look at something else', () => {
    const down = { on: ['changed' as const], actions: [priority('normal')] }
    expect(check({ on: ['changed'], actions: [priority('high')] }, { ...down, enabled: false })).not.toThrow()
    expect(check({ on: ['changed'], actions: [priority('high')], enabled: false }, down)).not.toThrow()
    expect(check({ on: ['opened'], actions: [{ do: 'note', text: 'x' }] })).not.toThrow()
  })
})
