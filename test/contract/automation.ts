import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MacroFacts, RuleFacts, RuleList, TicketAction } from '../../src/core/automation.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { createMacroService, createRuleService, createRunRules } from '../../src/automation/index.ts'
import { createEventLog, createMacroList, createRuleList, createRuleReading } from '../../src/store/index.ts'
import { policy } from '../automation/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'
import { now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const clock = { now: () => now }
const urgent: TicketAction = { do: 'set-priority', priority: 'urgent' }
const ruleFacts = (over: Partial<RuleFacts> = {}): RuleFacts => ({
  name: '退款加急',
  on: ['opened'],
  when: [],
  actions: [urgent],
  enabled: true,
  position: 10,
  ...over,
})
const macroFacts = (actions: readonly TicketAction[]): MacroFacts => ({
  name: { zh: '补截图', en: 'Screenshot' },
  actions,
})

/** What every database must do for macros and rules. */
export const itAutomates = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  let rules: RuleList
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
    rules = createRuleList(test.database)
  })
  afterEach(async () => {
    for (const { id } of await rules.list()) await rules.remove(id)
  })
  afterAll(() => test.dispose())

  const ruleService = () => {
    const { changedSince } = createRuleReading(test.database)
    return createRuleService({ list: rules, store: world.store, changedSince, clock, policy })
  }
  const macros = () =>
    createMacroService({
      list: createMacroList(test.database),
      store: world.store,
      clock,
      policy,
      undoMs: 0,
      render: (_inboxId, parts) => ({ rendered: parts, passiveOnly: false }),
      publish: () => undefined,
    })
  const runner = () =>
    createRunRules({
      ...createRuleReading(test.database),
      rules,
      events: createEventLog(test.database),
      store: world.store,
      clock,
      policy,
      log: silentLog,
      publish: () => undefined,
    })
  /** Reads on until nothing is left. */
  const runAll = async (): Promise<void> => {
    const run = runner()
    for (;;) {
      await untilEventsAreReadable(test.database)
      if ((await run()) === 0) return
    }
  }
  const lines = async ({ id }: Ticket) =>
    (await world.store.timeline(id)).map(({ change, detail }) => [change, detail.rule])

  describe('kept rules', () => {
    it('are in order, found, changed on the version that was seen, and removed', async () => {
      const late = await rules.create(ruleFacts({ name: 'late', position: 20 }), now)
      const early = await rules.create(ruleFacts({ name: 'early' }), now, 'key')
      expect(await rules.create(ruleFacts({ name: 'early' }), now, 'key')).toEqual(early)
      expect((await rules.list()).map(({ name }) => name)).toEqual(['early', 'late'])
      const changed = await rules.change(late.id, ruleFacts({ name: 'off', enabled: false }), 1, now)
      expect(changed).toMatchObject({ name: 'off', enabled: false, version: 2 })
      await expect(rules.change(late.id, ruleFacts(), 1, now)).rejects.toMatchObject({
        code: 'conflict',
        facts: { version: 2, yours: 1 },
      })
      await rules.failed(late.id, { at: now, message: 'no such team' })
      expect(await rules.get(late.id)).toEqual({ ...changed, failure: { at: now, message: 'no such team' } })
      await rules.remove(late.id)
      for (const id of [late.id, 'nonsense'])
        await expect(rules.get(id)).rejects.toMatchObject({ code: 'not_found' })
    })

    it('are refused when they would never end, or write to contacts', async () => {
      const { list } = ruleService()
      await list.create(ruleFacts({ name: 'up', on: ['changed'] }), now)
      const down = ruleFacts({
        name: 'down',
        on: ['changed'],
        actions: [{ do: 'set-priority', priority: 'normal' }],
      })
      await expect(list.create(down, now)).rejects.toMatchObject({
        code: 'bad_input',
        message: expect.stringMatching(/“down”.*“up”|“up”.*“down”/),
      })
      const off = await list.create({ ...down, enabled: false }, now)
      await expect(list.change(off.id, down, 1, now)).rejects.toMatchObject({ code: 'bad_input' })
      const writes = ruleFacts({ actions: [{ do: 'reply', text: '你好' }] })
      await expect(list.create(writes, now)).rejects.toMatchObject({ code: 'bad_input' })
    })
  })

  describe('rules at work', () => {
    it('do what they say, once, to what happens from then on, and the history names them', async () => {
      const before = await world.newTicket()
      await rules.create(ruleFacts(), now)
      await runAll()
      const ticket = await world.newTicket()
      await runAll()
      expect((await world.store.get(before.id)).priority).toBe('normal')
      expect((await world.store.get(ticket.id)).priority).toBe('urgent')
      expect(await lines(ticket)).toEqual([
        ['opened', undefined],
        ['changed', 'rule: 退款加急'],
      ])
      await runAll()
      expect(await lines(ticket)).toHaveLength(2)
    })

    it('are tried in their order, each on what the one before it left', async () => {
      await rules.create(ruleFacts({ name: 'first', actions: [{ do: 'add-tags', tags: ['a'] }] }), now)
      await rules.create(
        ruleFacts({
          name: 'second',
          position: 20,
          when: [{ fact: 'tag', op: 'is', values: ['a'] }],
          actions: [{ do: 'note', text: '看看 {{ticket}}' }],
        }),
        now,
      )
      await runAll()
      const ticket = await world.newTicket()
      await runAll()
      expect((await lines(ticket)).map(([, rule]) => rule)).toEqual([
        undefined,
        'rule: first',
        'rule: second',
      ])
      const said = await world.store.transcript(ticket.conversationId, 10)
      expect(said.at(-1)).toMatchObject({
        direction: 'note',
        parts: [{ kind: 'text', text: `看看 T-${String(ticket.number)}` }],
      })
    })

    it('that cannot do what they should say so, and the others go on', async () => {
      const broken = await rules.create(
        ruleFacts({ name: 'broken', actions: [{ do: 'set-field', field: 'gone', value: 'x' }] }),
        now,
      )
      await rules.create(ruleFacts({ position: 20 }), now)
      await runAll()
      const ticket = await world.newTicket()
      await runAll()
      expect((await rules.get(broken.id)).failure?.message).toMatch(/gone/)
      expect((await world.store.get(ticket.id)).priority).toBe('urgent')
    })

    it('read nothing twice that is of no concern to them', async () => {
      await rules.create(ruleFacts(), now)
      await runAll()
      await world.turn(world.newContact())
      await untilEventsAreReadable(test.database)
      const events = createEventLog(test.database)
      const newest = await events.newest()
      const { place } = createRuleReading(test.database)
      expect(await place()).not.toBe(newest)
      await runAll()
      expect(await place()).toBe(newest)
      const ticket = await world.newTicket()
      await runAll()
      expect((await world.store.get(ticket.id)).priority).toBe('urgent')
    })

    it('read again after a crash have no further effect', async () => {
      await rules.create(ruleFacts({ actions: [{ do: 'note', text: '一次' }] }), now)
      await runAll()
      const ticket = await world.newTicket()
      await untilEventsAreReadable(test.database)
      const reading = createRuleReading(test.database)
      const crashing = createRunRules({
        ...reading,
        move: () => Promise.reject(new Error('the machine went away')),
        ...{
          rules,
          events: createEventLog(test.database),
          store: world.store,
          clock,
          policy,
          log: silentLog,
        },
        publish: () => undefined,
      })
      await expect(crashing()).rejects.toThrow('went away')
      await runAll()
      expect(await lines(ticket)).toEqual([
        ['opened', undefined],
        ['noted', 'rule: 退款加急'],
      ])
    })

    it('leave a ticket alone that they change again and again', async () => {
      const ticket = await world.newTicket()
      for (let turn = 0; turn < 20; turn += 1)
        await world.store.apply(
          {
            ticketId: ticket.id,
            actor: { author: 'system', rule: 'rule: x' },
            change: 'changed',
            detail: { ruleId: 'x' },
            set: { tags: [String(turn)] },
          },
          now,
        )
      await runAll()
      await rules.create(ruleFacts({ on: ['changed'] }), now)
      await world.store.apply(
        {
          ticketId: ticket.id,
          actor: { author: 'system', rule: 'rule: x' },
          change: 'changed',
          detail: { ruleId: 'x' },
          set: { tags: ['last'] },
        },
        now,
      )
      await runAll()
      expect((await world.store.get(ticket.id)).priority).toBe('normal')
      await world.set(ticket, { tags: ['by a person'] })
      await runAll()
      expect((await world.store.get(ticket.id)).priority).toBe('urgent')
    })
  })

  describe('a dry run', () => {
    it('tells where a rule would have done something, and does nothing', async () => {
      const ticket = await world.newTicket()
      await world.set(ticket, { priority: 'high' })
      await world.set(ticket, { priority: 'normal', tags: ['x'] })
      const facts = ruleFacts({
        on: ['opened', 'changed'],
        when: [{ fact: 'priority', op: 'is', values: ['high'] }],
      })
      const since = new Date(now.getTime() - 86_400_000)
      const { tickets, matches } = await ruleService().dryRun(facts, since, 1_000)
      expect(tickets).toBeGreaterThan(0)
      expect(matches.filter(({ ticketId }) => ticketId === ticket.id)).toMatchObject([
        {
          change: 'changed',
          number: ticket.number,
          would: { facts: { priority: { from: 'high', to: 'urgent' } } },
        },
      ])
      expect((await world.store.get(ticket.id)).priority).toBe('normal')
      const later = new Date(now.getTime() + 1_000)
      expect(await ruleService().dryRun(facts, later, 10)).toEqual({ tickets: 0, matches: [] })
    })
  })

  describe('macros', () => {
    const request = (
      ticket: Ticket,
      over: { readonly version?: number; readonly idempotencyKey?: string } = {},
    ) => ({
      agent: { id: world.actor.agentId, name: world.actor.name },
      ticketId: ticket.id,
      ...over,
    })

    it('are shown first, and then do everything at once', async () => {
      const service = macros()
      const macro = await service.list.create(
        macroFacts([
          { do: 'add-tags', tags: ['等截图'] },
          { do: 'reply', text: '{{contact}}你好，我是{{agent}}' },
          { do: 'note', text: '等图' },
        ]),
        now,
      )
      const ticket = await world.newTicket()
      const planned = await service.preview(ticket.id, macro.id, world.actor.name)
      expect(planned).toMatchObject({
        facts: { tags: { from: [], to: ['等截图'] } },
        reply: `用户你好，我是${world.actor.name}`,
        note: '等图',
      })
      expect((await world.store.get(ticket.id)).version).toBe(ticket.version)
      const applied = await service.apply(request(ticket, { idempotencyKey: 'once' }), macro.id)
      expect(applied).toMatchObject({ state: 'pending', tags: ['等截图'], assigneeId: world.actor.agentId })
      expect(await service.apply(request(ticket, { idempotencyKey: 'once' }), macro.id)).toEqual(applied)
      const said = await world.store.transcript(ticket.conversationId, 10)
      expect(
        said
          .map(({ direction }) => direction)
          .slice(-2)
          .sort(),
      ).toEqual(['note', 'out'])
      expect((await world.store.timeline(ticket.id)).at(-1)).toMatchObject({
        change: 'replied',
        detail: { macro: '补截图' },
      })
    })

    it('are refused on a stale version, on a colleague’s ticket, and where they contradict themselves', async () => {
      const service = macros()
      const solve = await service.list.create(macroFacts([{ do: 'solve' }]), now)
      const ticket = await world.newTicket()
      await world.set(ticket, { tags: ['x'] })
      await expect(service.apply(request(ticket, { version: 1 }), solve.id)).rejects.toMatchObject({
        code: 'conflict',
      })
      const stranger = { ...request(ticket), agent: { id: 'somebody', name: '别人' } }
      await world.set(ticket, { assigneeId: world.actor.agentId })
      await expect(service.apply(stranger, solve.id)).rejects.toMatchObject({ code: 'conflict' })
      for (const actions of [
        [{ do: 'solve' }, { do: 'hold', reason: 'x' }],
        [urgent, { do: 'set-priority', priority: 'normal' }],
        [{ do: 'reply', text: '{{phone}}' }],
        [{ do: 'note', text: '  ' }],
      ] as readonly (readonly TicketAction[])[])
        await expect(service.list.create(macroFacts(actions), now)).rejects.toMatchObject({
          code: 'bad_input',
        })
    })

    it('that write to the contact are for people', async () => {
      const service = macros()
      const macro = await service.list.create(macroFacts([{ do: 'reply', text: '你好' }]), now)
      const ticket = await world.newTicket()
      const program = { agent: { id: 'key', name: 'crm', program: true as const }, ticketId: ticket.id }
      await expect(service.apply(program, macro.id)).rejects.toMatchObject({ code: 'bad_input' })
    })
  })
}
