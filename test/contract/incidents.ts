import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import type { Claim, TurnOutcome } from '../../src/core/conversation.ts'
import type { IncidentEffects } from '../../src/core/incident-turn.ts'
import type { IncidentDraft, IncidentWrite } from '../../src/core/incident.ts'
import { createConversationStore } from '../../src/store/index.ts'
import {
  buildDraft,
  buildInbound,
  buildItem,
  buildOutcome,
  buildRecord,
  buildTicketDraft,
} from '../support/builders.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openIncidentBackground, openIncidentStores } from '../support/incident-world.ts'
import { plainCapabilities } from '../support/journey.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

const by: IncidentWrite['actor'] = { kind: 'agent', id: 'li', name: '李然' }
const minute = 60_000
const draft: IncidentDraft = {
  title: { zh: '登录异常', en: 'Sign-in trouble' },
  notice: { zh: '登录可能失败' },
  channelNotices: { email: { zh: '登录可能失败（邮件）' } },
  topics: ['account-login-problem'],
  channels: ['wechat'],
  sinceAt: new Date('2026-11-27T12:00:00Z'),
  gathers: true,
}

/** How incidents are declared, heard, told and closed, and how spikes are counted. */
export const areIncidents = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let stores: ReturnType<typeof openIncidentStores>
  let conversations: ReturnType<typeof createConversationStore>
  let clock: MovableClock
  let background: ReturnType<typeof openIncidentBackground>
  let people = 0
  const channel: Parameters<typeof openIncidentBackground>[2] = { capabilities: plainCapabilities }
  beforeAll(async () => {
    test = await open()
    stores = openIncidentStores(test.database)
    conversations = createConversationStore(test.database)
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    clock = createMovableClock({ now: () => new Date('2026-11-27T12:30:00Z') })
    channel.capabilities = plainCapabilities
    background = openIncidentBackground(test.database, clock, channel)
    for (const table of [
      'incidents',
      'spike_proposals',
      'spike_watch',
      'incident_counts',
      'incident_tickets',
    ])
      await test.database.query(`truncate ${table}`)
    for (const table of ['followers', 'notices', 'updates', 'hearings', 'history'])
      await test.database.query(`truncate incident_${table}`)
    await test.database.query(`update outbox set status = 'sent'`)
  })

  const person = (): string => `oIncident${String((people += 1))}`
  const says = async (
    contactKey: string,
    outcome: (claim: Claim) => Partial<TurnOutcome> | Promise<Partial<TurnOutcome>> = () => ({}),
  ): Promise<Claim> => {
    const now = clock.now()
    await conversations.accept([buildItem(buildInbound({ contactKey, text: '登录不了', sentAt: now }))], now)
    const [claim] = await conversations.claim(randomUUID(), 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await conversations.commit([buildOutcome(claim, await outcome(claim))], now)
    return claim
  }
  const effects = (over: Partial<IncidentEffects> = {}): IncidentEffects => ({
    ...{ heard: [], follows: [], leaves: false, language: 'zh' },
    ...over,
  })
  const opensTicket = async (over: Partial<TurnOutcome> = {}): Promise<Partial<TurnOutcome>> => ({
    mode: 'human',
    openTicket: buildTicketDraft(await conversations.nextTicketNumber(), { topic: 'account-login-problem' }),
    ...over,
  })
  const ticketOf = async ({ conversationId }: Claim) => {
    const [row] = await test.database.query<{ id: string }>(
      'select id from tickets where conversation_id = $1 order by number desc limit 1',
      [conversationId],
    )
    return stores.tickets.get(row?.id ?? '')
  }
  const saidIn = async ({ conversationId }: Claim): Promise<readonly string[]> =>
    (
      await test.database.query<{ text: string }>(
        `select parts -> 0 ->> 'text' as text from messages where conversation_id = $1 and direction = 'out' order by seq`,
        [conversationId],
      )
    ).map(({ text }) => text)
  const declare = (over: Partial<IncidentDraft> = {}, write: Partial<IncidentWrite> = {}) =>
    stores.store.declare({ ...draft, ...over }, { actor: by, ...write }, clock.now())
  const fates = async (id: string) =>
    (await stores.notices.list(id, { limit: 100 }))
      .map(({ state, way, reason }) => [state, way ?? reason].filter(Boolean).join(' '))
      .toSorted()

  describe('declaring', () => {
    it('is done once a key, with numbers that grow, and told outside', async () => {
      await untilEventsAreReadable(test.database)
      const place = await stores.events.newest()
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
      expect((await stores.reading.list('open', { limit: 10 })).map(({ id }) => id)).toEqual([
        second.id,
        first.id,
      ])
      expect(
        (await stores.reading.list('open', { limit: 10, after: second.number })).map(({ id }) => id),
      ).toEqual([first.id])
      await untilEventsAreReadable(test.database)
      const told = await stores.events.read({ after: place, types: ['incident.declared'], limit: 10 })
      expect(told.map(({ data }) => data.number)).toEqual([first.number, second.number])
    })

    it('gathers what is owed on its topics and channels since then, and nothing else', async () => {
      const mine = await says(person(), () => opensTicket())
      const other = await says(person(), async () => {
        const number = await conversations.nextTicketNumber()
        return { mode: 'human', openTicket: buildTicketDraft(number, { topic: 'vip-refund' }) }
      })
      const incident = await declare({ sinceAt: clock.now() })
      expect(incident).toMatchObject({ tickets: 1, openTickets: 1, followers: 1 })
      const left = await stores.chores.unnoted(10)
      expect(left.map(({ ticketId }) => ticketId)).toEqual([(await ticketOf(mine)).id])
      expect(left.map(({ ticketId }) => ticketId)).not.toContain((await ticketOf(other)).id)
      expect((await declare({ gathers: false })).tickets).toBe(0)
    })

    it('needs a parent that is there, open, and under nothing', async () => {
      await expect(declare({ parentTicketId: randomUUID() })).rejects.toMatchObject({ code: 'bad_input' })
      await expect(declare({ spikeId: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
      await expect(stores.reading.get('none')).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  it('is changed on the version that was seen; another notice is another version', async () => {
    const { id } = await declare()
    const write = { actor: by, version: 1, idempotencyKey: randomUUID() }
    const changed = await stores.store.change(
      id,
      { notice: { zh: '正在恢复' }, topics: [] },
      write,
      clock.now(),
    )
    expect(changed).toMatchObject({ version: 2, noticeVersion: 2, notice: { zh: '正在恢复' }, topics: [] })
    // Repeated, it does nothing; on an old version it is refused.
    expect(await stores.store.change(id, { topics: ['x'] }, write, clock.now())).toEqual(changed)
    await expect(
      stores.store.change(id, { topics: ['x'] }, { actor: by, version: 1 }, clock.now()),
    ).rejects.toMatchObject({ code: 'conflict', facts: { current: 2, yours: 1 } })
    const same = await stores.store.change(id, { notice: { zh: '正在恢复' } }, { actor: by }, clock.now())
    expect(same.noticeVersion).toBe(2)
    expect((await stores.reading.history(id)).map(({ change }) => change)).toEqual([
      ...['declared', 'changed', 'changed'],
    ])
  })

  describe('a turn', () => {
    it('keeps what was heard and who follows, and hangs its new ticket under the incident', async () => {
      const { id } = await declare({ gathers: false })
      const key = person()
      const heard = [{ incidentId: id, version: 1 }]
      const claim = await says(key, () => ({ incidents: effects({ heard }) }))
      expect((await stores.hearing.of(claim.conversationId)).heard.get(id)).toBe(1)
      await says(key, () => ({
        incidents: effects({ heard: [{ incidentId: id, version: 2 }], follows: [id] }),
      }))
      const known = await stores.hearing.of(claim.conversationId)
      expect([known.heard.get(id), known.follows.has(id)]).toEqual([2, true])
      const second = await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) }))
      expect(await stores.reading.get(id)).toMatchObject({ tickets: 1, followers: 2, heard: 1 })
      await background.settle()
      await background.settle()
      const { id: ticketId } = await ticketOf(second)
      const lines = (await stores.tickets.timeline(ticketId)).filter(({ change }) => change === 'changed')
      expect(lines.map(({ detail }) => detail.incidentTitle)).toEqual(['登录异常'])
    })

    it('hangs tickets under the parent ticket, where there is one', async () => {
      const parent = await ticketOf(await says(person(), () => opensTicket()))
      const { id } = await declare({ gathers: false, parentTicketId: parent.id })
      const child = await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) }))
      await background.settle()
      expect((await ticketOf(child)).parentId).toBe(parent.id)
    })

    it('changes nothing when its fence is old', async () => {
      const { id } = await declare({ gathers: false })
      const now = clock.now()
      const contactKey = person()
      await conversations.accept([buildItem(buildInbound({ contactKey, sentAt: now }))], now)
      const [claim] = await conversations.claim('worker', 1, 60_000)
      if (claim === undefined) throw new Error('nothing was ready')
      const incidents = effects({ heard: [{ incidentId: id, version: 1 }], follows: [id] })
      const [result] = await conversations.commit(
        [buildOutcome({ ...claim, fence: claim.fence - 1 }, { incidents })],
        now,
      )
      expect(result).toBe('fenced')
      expect(await stores.reading.get(id)).toMatchObject({ followers: 0, heard: 0 })
      await conversations.commit([buildOutcome(claim)], now)
    })
  })

  describe('telling', () => {
    it('tells all who follow once, within window and quota, else above the next answer', async () => {
      const { id } = await declare({ gathers: false })
      const follows = () => ({ incidents: effects({ follows: [id] }) })
      const rich = await says(person(), follows)
      const key = person()
      const poor = await says(key, follows)
      const empty = { message: { left: 0, until: new Date(clock.now().getTime() + 1e9), reserved: 0 } }
      await test.database.query('update conversations set quota = $2::jsonb where id = $1', [
        poor.conversationId,
        JSON.stringify(empty),
      ])
      await stores.store.update(id, { zh: '修了一半' }, { actor: by }, clock.now())
      await Promise.all([background.settle(), background.settle()])
      expect(await fates(id)).toEqual(['told now', 'waits quota-used'])
      expect((await saidIn(rich)).at(-1)).toBe(
        '关于“登录异常”的进展：修了一半\n不想再收到进展，回复“退订进展通知”即可。',
      )
      const [news] = await stores.waiting(poor.conversationId)
      expect(news).toMatchObject({ kind: 'update', wording: { zh: '修了一半' } })
      await says(key, () => ({ outbound: [buildDraft('答')], tellsNotices: [news?.noticeId ?? ''] }))
      expect(await stores.waiting(poor.conversationId)).toEqual([])
      expect(await fates(id)).toEqual(['told next-message', 'told now'])
    })

    it('tells of the newest only, and never whoever wants to hear no more', async () => {
      const { id } = await declare({ gathers: false })
      const key = person()
      const claim = await says(key, () => ({ incidents: effects({ follows: [id] }) }))
      channel.capabilities = undefined
      await stores.store.update(id, { zh: '一' }, { actor: by }, clock.now())
      await background.settle()
      await stores.store.update(id, { zh: '二' }, { actor: by }, clock.now())
      await background.settle()
      expect(await fates(id)).toEqual(['never overtaken', 'waits inbox-gone'])
      await says(key, () => ({ incidents: effects({ leaves: true }) }))
      expect(await fates(id)).toEqual(['never overtaken', 'never said-stop'])
      expect((await stores.hearing.of(claim.conversationId)).follows.size).toBe(0)
      await stores.store.close(id, { zh: '好了' }, { actor: by }, clock.now())
      expect(await fates(id)).toHaveLength(2)
    })
  })

  it('closes with its tickets solved, named in their history, and all told; once, whatever breaks off', async () => {
    const { id, number } = await declare({ gathers: false })
    const claims = [
      await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) })),
      await says(person(), () => opensTicket({ incidents: effects({ hangs: id }) })),
    ]
    const closed = await stores.store.close(id, { zh: '好了' }, { actor: by }, clock.now())
    expect(closed).toMatchObject({ state: 'closed', closedBy: by })
    // As if a run had been broken off after the first ticket was solved.
    await Promise.all([background.settle(), background.settle()])
    await test.database.query('update incident_tickets set settled_at = null')
    await background.settle()
    for (const claim of claims) {
      const ticket = await ticketOf(claim)
      expect(ticket).toMatchObject({ state: 'solved', conversationMode: 'bot' })
      const lines = (await stores.tickets.timeline(ticket.id)).filter(({ change }) => change === 'solved')
      expect(lines.map(({ detail }) => detail.incident)).toEqual([number])
      expect((await saidIn(claim)).filter((text) => text.includes('好了'))).toEqual(['“登录异常”：好了'])
    }
    expect(await fates(id)).toEqual(['told now', 'told now'])
    await expect(stores.store.update(id, { zh: '再说' }, { actor: by }, clock.now())).rejects.toMatchObject({
      code: 'conflict',
    })
    const { tickets, told } = await stores.count({ id }, { from: draft.sinceAt, to: clock.now() })
    expect(tickets).toMatchObject({ total: 2, solved: 2, open: 0, replied: 0 })
    expect(told).toMatchObject({ now: 2, waits: 0 })
  })

  it('tells also who came while it closed', async () => {
    const { id } = await declare({ gathers: false })
    await stores.store.close(id, { zh: '好了' }, { actor: by }, clock.now())
    const claim = await says(person())
    await test.database.query(
      `insert into incident_followers (incident_id, contact_id, conversation_id, language, why, at)
       values ($1, $2, $3, 'zh', 'ticket', $4)`,
      [id, claim.contactId, claim.conversationId, clock.now()],
    )
    await background.settle()
    await background.settle()
    expect(await fates(id)).toEqual(['told now'])
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
      test.database.query<{ count: number }>(
        'select topic, count from incident_counts order by bucket, topic',
      )

    it('begins with what comes from then on, and counts each saying once', async () => {
      await ask(1)
      await untilEventsAreReadable(test.database)
      await background.watch()
      await ask(2)
      await ask(1, 'vip-refund')
      await untilEventsAreReadable(test.database)
      await Promise.all([background.watch(), background.watch()])
      clock.advance(7 * minute)
      await background.watch()
      expect(await counts()).toEqual([
        { topic: 'account-login-problem', count: 2 },
        { topic: 'vip-refund', count: 1 },
      ])
      expect((await stores.watch.read())?.last).toBe(Math.floor(clock.now().getTime() / 300_000) - 1)
    })

    it('proposes a spike with its numbers, goes on after a restart, and a declared one is settled', async () => {
      await background.watch()
      const start = clock.now().getTime()
      // A day of five minutes each with two messages: written as counts, because each would be a conversation.
      for (let bucket = 0; bucket < 300; bucket++) {
        await test.database.query(
          `insert into incident_counts (bucket, topic, channel, count) values ($1, 'account-login-problem', 'wechat', 2)`,
          [new Date(start + bucket * 5 * minute)],
        )
      }
      for (let hour = 0; hour < 25; hour++) {
        clock.advance(60 * minute)
        background = openIncidentBackground(test.database, clock, channel)
        await background.watch()
      }
      expect(await stores.spikes.list(['proposed'], { limit: 10 })).toEqual([])
      await ask(30)
      await untilEventsAreReadable(test.database)
      clock.advance(7 * minute)
      const happened = await background.watch()
      expect(happened.map(({ kind }) => kind)).toContain('proposed')
      const [spike] = await stores.spikes.list(['proposed'], { limit: 10 })
      if (spike === undefined) throw new Error('no spike')
      expect(spike.evidence.observed).toBeGreaterThanOrEqual(30)
      expect(spike.evidence.factor).toBeGreaterThan(2)
      const incident = await declare({ spikeId: spike.id, topics: [], channels: [], gathers: false })
      expect(await stores.spikes.get(spike.id)).toMatchObject({
        ...{ state: 'declared', incidentId: incident.id, settledBy: by },
      })
      await expect(declare({ spikeId: spike.id })).rejects.toMatchObject({ code: 'conflict' })
      await expect(stores.spikes.dismiss(spike.id, '促销', { actor: by }, clock.now())).rejects.toMatchObject(
        { code: 'conflict' },
      )
      const { slots } = await stores.count(
        { id: incident.id },
        { from: new Date(clock.now().getTime() - 20 * minute), to: clock.now() },
      )
      expect(slots.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(30)
    })

    it('is dismissed with a reason, once', async () => {
      const id = randomUUID()
      await test.database.query(
        `insert into spike_proposals (id, topic, since_at, evidence, state, created_at, updated_at)
         values ($1, 'vip-refund', $2, '{"observed":30,"expected":5,"factor":6,"minutes":10,"p":1e-9}', 'proposed', $2, $2)`,
        [id, clock.now()],
      )
      const write = { actor: by, version: 1, idempotencyKey: randomUUID() }
      const dismissed = await stores.spikes.dismiss(id, '促销', write, clock.now())
      expect(dismissed).toMatchObject({ state: 'dismissed', reason: '促销', topic: 'vip-refund', version: 2 })
      expect(await stores.spikes.dismiss(id, '促销', write, clock.now())).toEqual(dismissed)
    })
  })
}
