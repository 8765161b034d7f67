import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { TurnOutcome } from '../../src/core/conversation.ts'
import { buildInbound, buildItem, buildOutcome, buildRecord, buildTicketDraft } from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { by, effects, useIncidentStage } from '../support/incident-stage.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const minute = 60_000

/** How incidents are declared, heard and changed, and how spikes are counted. */
export const areIncidents = (open: () => Promise<TestDatabase>): void => {
  const stage = useIncidentStage(open)
  const { person, says, opensTicket, ticketOf, saidIn, declare } = stage

  describe('declaring', () => {
    it('is done once a key, with numbers that grow, and told outside', async () => {
      await untilEventsAreReadable(stage.database)
      const place = await stage.stores.events.newest()
      const key = randomUUID()
      const first = await declare({}, { idempotencyKey: key })
      expect(first).toMatchObject({
        state: 'open',
        version: 1,
        noticeVersion: 1,
        declaredBy: by,
        ...{ tickets: 0 },
      })
      expect(await declare({}, { idempotencyKey: key })).toEqual(first)
      const second = await declare()
      expect(second.number).toBe(first.number + 1)
      expect((await stage.stores.reading.list('open', { limit: 10 })).map(({ id }) => id)).toEqual([
        second.id,
        first.id,
      ])
      expect(
        (await stage.stores.reading.list('open', { limit: 10, after: second.number })).map(({ id }) => id),
      ).toEqual([first.id])
      await untilEventsAreReadable(stage.database)
      const told = await stage.stores.events.read({ after: place, types: ['incident.declared'], limit: 10 })
      expect(told.map(({ data }) => data.number)).toEqual([first.number, second.number])
    })

    it('gathers what is owed on its topics and channels since then, and nothing else', async () => {
      const mine = await says(person(), () => opensTicket())
      const other = await says(person(), async () => {
        const number = await stage.conversations.nextTicketNumber()
        return { mode: 'human', openTicket: buildTicketDraft(number, { topic: 'vip-refund' }) }
      })
      const incident = await declare({ sinceAt: stage.clock.now() })
      expect(incident).toMatchObject({ tickets: 1, openTickets: 1, followers: 1 })
      const left = await stage.stores.chores.unnoted(10)
      expect(left.map(({ ticketId }) => ticketId)).toEqual([(await ticketOf(mine)).id])
      expect(left.map(({ ticketId }) => ticketId)).not.toContain((await ticketOf(other)).id)
      expect((await declare({ gathers: false })).tickets).toBe(0)
    })

    it('takes in tickets that came since by another way; urgent ones only on a topic of its own', async () => {
      const { id } = await declare({ gathers: false, topics: [] })
      stage.clock.advance(1000)
      const late = await says(person(), () => opensTicket())
      const urgent = await says(person(), async () => ({
        mode: 'human',
        openTicket: buildTicketDraft(await stage.conversations.nextTicketNumber(), { priority: 'urgent' }),
      }))
      await stage.background.settle()
      await stage.background.settle()
      expect(await stage.stores.reading.get(id)).toMatchObject({ tickets: 1, followers: 1 })
      const { id: ticketId } = await ticketOf(late)
      expect((await stage.stores.tickets.timeline(ticketId)).map(({ change }) => change)).toContain('changed')
      expect((await ticketOf(urgent)).parentId).toBeUndefined()
    })

    it('settles the proposal it comes from even when that was dismissed, and none that was over before', async () => {
      const propose = async (over: { state: string; endedAt?: string }): Promise<string> => {
        const id = randomUUID()
        await stage.database.query(
          `insert into spike_proposals (id, topic, since_at, evidence, state, ended_at, created_at, updated_at)
           values ($1, 'account-login-problem', $2, '{}', $3, $4, $2, $2)`,
          [id, '2026-11-27T11:00:00Z', over.state, over.endedAt ?? null],
        )
        return id
      }
      const dismissed = await propose({ state: 'dismissed' })
      const over = await propose({ state: 'proposed', endedAt: '2026-11-27T11:30:00Z' })
      const { id } = await declare({ spikeId: dismissed, channels: [] })
      expect(await stage.stores.spikes.get(dismissed)).toMatchObject({ state: 'declared', incidentId: id })
      expect(await stage.stores.spikes.get(over)).toMatchObject({ state: 'proposed' })
    })

    it('is done once of a proposal, however many press at once', async () => {
      const spikeId = randomUUID()
      await stage.database.query(
        `insert into spike_proposals (id, since_at, evidence, state, created_at, updated_at)
         values ($1, $2, '{}', 'proposed', $2, $2)`,
        [spikeId, '2026-11-27T11:00:00Z'],
      )
      const idempotencyKey = randomUUID()
      const same = await Promise.all([1, 2, 3].map(() => declare({ spikeId }, { idempotencyKey })))
      expect(new Set(same.map(({ id }) => id)).size).toBe(1)
      await expect(declare({ spikeId })).rejects.toMatchObject({ code: 'conflict' })
    })

    it('has a parent that is none of its children', async () => {
      const claim = await says(person(), () => opensTicket())
      const { id: ticketId } = await ticketOf(claim)
      const { id } = await declare({ sinceAt: stage.clock.now() })
      const changed = await stage.stores.store.change(
        id,
        { parentTicketId: ticketId },
        { actor: by },
        stage.clock.now(),
      )
      expect(changed).toMatchObject({ parentTicketId: ticketId, tickets: 0, followers: 1 })
      await expect(
        stage.stores.store.hang(id, ticketId, { actor: by }, stage.clock.now()),
      ).rejects.toMatchObject({
        code: 'bad_input',
      })
    })

    it('lets go of a ticket for good: it is neither taken in again nor solved at the end', async () => {
      const { id } = await declare({ gathers: false })
      stage.clock.advance(1000)
      const claim = await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) }))
      const { id: ticketId } = await ticketOf(claim)
      await stage.stores.store.takeOut(id, ticketId, { actor: by }, stage.clock.now())
      await stage.background.settle()
      expect(await stage.stores.reading.get(id)).toMatchObject({ tickets: 0, followers: 0 })
      await stage.stores.store.close(id, { zh: '好了' }, { actor: by }, stage.clock.now())
      await stage.background.settle()
      expect((await ticketOf(claim)).state).not.toBe('solved')
      expect(await saidIn(claim)).not.toContain('“登录异常”：好了')
    })

    it('needs a parent that is there, open, and under nothing', async () => {
      await expect(declare({ parentTicketId: randomUUID() })).rejects.toMatchObject({ code: 'bad_input' })
      await expect(declare({ spikeId: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
      await expect(stage.stores.reading.get('none')).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  it('is changed on the version that was seen; another notice is another version', async () => {
    const { id } = await declare()
    const write = { actor: by, version: 1, idempotencyKey: randomUUID() }
    const changed = await stage.stores.store.change(
      id,
      { notice: { zh: '正在恢复' }, topics: [] },
      write,
      stage.clock.now(),
    )
    expect(changed).toMatchObject({ version: 2, noticeVersion: 2, notice: { zh: '正在恢复' }, topics: [] })
    // Repeated, it does nothing; on an old version it is refused.
    expect(await stage.stores.store.change(id, { topics: ['x'] }, write, stage.clock.now())).toEqual(changed)
    await expect(
      stage.stores.store.change(id, { topics: ['x'] }, { actor: by, version: 1 }, stage.clock.now()),
    ).rejects.toMatchObject({ code: 'conflict', facts: { current: 2, yours: 1 } })
    const same = await stage.stores.store.change(
      id,
      { notice: { zh: '正在恢复' } },
      { actor: by },
      stage.clock.now(),
    )
    expect(same.noticeVersion).toBe(2)
    expect((await stage.stores.reading.history(id)).map(({ change }) => change)).toEqual([
      ...['declared', 'changed', 'changed'],
    ])
  })

  describe('a turn', () => {
    it('keeps what was heard and who follows, and hangs its new ticket under the incident', async () => {
      const { id } = await declare({ gathers: false })
      const key = person()
      const heard = [{ incidentId: id, version: 1 }]
      const claim = await says(key, () => ({ incidents: effects({ heard }) }))
      expect((await stage.stores.hearing.of(claim.conversationId)).heard.get(id)).toBe(1)
      await says(key, () => ({
        incidents: effects({ heard: [{ incidentId: id, version: 2 }], follows: [id] }),
      }))
      const known = await stage.stores.hearing.of(claim.conversationId)
      expect([known.heard.get(id), known.follows.has(id)]).toEqual([2, true])
      const second = await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) }))
      expect(await stage.stores.reading.get(id)).toMatchObject({ tickets: 1, followers: 2, heard: 1 })
      await stage.background.settle()
      await stage.background.settle()
      const { id: ticketId } = await ticketOf(second)
      const lines = (await stage.stores.tickets.timeline(ticketId)).filter(
        ({ change }) => change === 'changed',
      )
      expect(lines.map(({ detail }) => detail.incidentTitle)).toEqual(['登录异常'])
    })

    it('tells also who asks for a person about it and has a ticket already', async () => {
      const { id } = await declare({ gathers: false })
      const claim = await says(person(), () => ({ incidents: effects({ hangs: id }) }))
      expect(await stage.stores.reading.get(id)).toMatchObject({ tickets: 0, followers: 1 })
      expect((await stage.stores.hearing.of(claim.conversationId)).follows.has(id)).toBe(true)
    })

    it('hangs tickets under the parent ticket, where there is one', async () => {
      const parent = await ticketOf(await says(person(), () => opensTicket()))
      const { id } = await declare({ gathers: false, parentTicketId: parent.id })
      const child = await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) }))
      await stage.background.settle()
      expect((await ticketOf(child)).parentId).toBe(parent.id)
    })

    it('changes nothing when its fence is old', async () => {
      const { id } = await declare({ gathers: false })
      const now = stage.clock.now()
      const contactKey = person()
      await stage.conversations.accept([buildItem(buildInbound({ contactKey, sentAt: now }))], now)
      const [claim] = await stage.conversations.claim('worker', 1, 60_000)
      if (claim === undefined) throw new Error('nothing was ready')
      const incidents = effects({ heard: [{ incidentId: id, version: 1 }], follows: [id] })
      const [result] = await stage.conversations.commit(
        [buildOutcome({ ...claim, fence: claim.fence - 1 }, { incidents })],
        now,
      )
      expect(result).toBe('fenced')
      expect(await stage.stores.reading.get(id)).toMatchObject({ followers: 0, heard: 0 })
      await stage.conversations.commit([buildOutcome(claim)], now)
    })
  })

  describe('the watch', () => {
    const classification = (topic: string) => ({
      decision: buildRecord({
        classification: { topic } as NonNullable<TurnOutcome['decision']['classification']>,
      }),
    })
    const ask = async (times: number, topic = 'account-login-problem') => {
      for (let at = 0; at < times; at++) await says(person(), () => classification(topic))
    }
    const counts = () =>
      stage.database.query<{ count: number }>(
        'select topic, count from incident_counts order by bucket, topic',
      )

    it('begins with what comes from then on, and counts each saying once', async () => {
      await ask(1)
      await untilEventsAreReadable(stage.database)
      await stage.background.watch()
      await ask(2)
      await ask(1, 'vip-refund')
      await untilEventsAreReadable(stage.database)
      await Promise.all([stage.background.watch(), stage.background.watch()])
      stage.clock.advance(7 * minute)
      await stage.background.watch()
      expect(await counts()).toEqual([
        { topic: 'account-login-problem', count: 2 },
        { topic: 'vip-refund', count: 1 },
      ])
      expect((await stage.stores.watch.read())?.last).toBe(
        Math.floor(stage.clock.now().getTime() / 300_000) - 1,
      )
    })

    it('proposes a spike with its numbers, goes on after a restart, and a declared one is settled', async () => {
      await stage.background.watch()
      const start = stage.clock.now().getTime()
      // A day of five minutes each with two messages: written as counts, because each would be a conversation.
      for (let bucket = 0; bucket < 300; bucket++) {
        await stage.database.query(
          `insert into incident_counts (bucket, topic, channel, count) values ($1, 'account-login-problem', 'wechat', 2)`,
          [new Date(start + bucket * 5 * minute)],
        )
      }
      for (let hour = 0; hour < 25; hour++) {
        stage.clock.advance(60 * minute)
        stage.restart()
        await stage.background.watch()
      }
      expect(await stage.stores.spikes.list(['proposed'], { limit: 10 })).toEqual([])
      await ask(30)
      await untilEventsAreReadable(stage.database)
      stage.clock.advance(7 * minute)
      const happened = await stage.background.watch()
      expect(happened.map(({ kind }) => kind)).toContain('proposed')
      const [spike] = await stage.stores.spikes.list(['proposed'], { limit: 10 })
      if (spike === undefined) throw new Error('no spike')
      expect(spike.evidence.observed).toBeGreaterThanOrEqual(30)
      expect(spike.evidence.factor).toBeGreaterThan(2)
      const incident = await declare({ spikeId: spike.id, topics: [], channels: [], gathers: false })
      expect(await stage.stores.spikes.get(spike.id)).toMatchObject({
        ...{ state: 'declared', incidentId: incident.id, settledBy: by },
      })
      await expect(declare({ spikeId: spike.id })).rejects.toMatchObject({ code: 'conflict' })
      await expect(
        stage.stores.spikes.dismiss(spike.id, '促销', { actor: by }, stage.clock.now()),
      ).rejects.toMatchObject({ code: 'conflict' })
      const { slots } = await stage.stores.count(
        { id: incident.id },
        { from: new Date(stage.clock.now().getTime() - 20 * minute), to: stage.clock.now() },
      )
      expect(slots.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(30)
    })

    it('is dismissed with a reason, once', async () => {
      const id = randomUUID()
      await stage.database.query(
        `insert into spike_proposals (id, topic, since_at, evidence, state, created_at, updated_at)
         values ($1, 'vip-refund', $2, '{"observed":30,"expected":5,"factor":6,"minutes":10,"p":1e-9}', 'proposed', $2, $2)`,
        [id, stage.clock.now()],
      )
      const write = { actor: by, version: 1, idempotencyKey: randomUUID() }
      const dismissed = await stage.stores.spikes.dismiss(id, '促销', write, stage.clock.now())
      expect(dismissed).toMatchObject({ state: 'dismissed', reason: '促销', topic: 'vip-refund', version: 2 })
      expect(await stage.stores.spikes.dismiss(id, '促销', write, stage.clock.now())).toEqual(dismissed)
    })
  })
}
