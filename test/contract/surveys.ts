import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SurveyEffect } from '../../src/core/survey-answer.ts'
import { createContactStore } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { plainCapabilities } from '../support/journey.ts'
import { dayMs, hourMs, minuteMs, openSurveyWorld, type SurveyWorld } from '../support/survey-world.ts'
import { untilEventsAreReadable } from '../support/readable-events.ts'

/** What every database must do for surveys. */
export const areSurveys = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: SurveyWorld
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())
  beforeEach(async () => {
    await test.database.query(
      'truncate survey_invitations, survey_stops, timers, events, contacts, contact_identities, conversations, messages, outbox, delivery_attempts, tickets, ticket_timeline, ticket_links cascade',
    )
    world = openSurveyWorld(test)
  })

  /** Solved, planned, and the moment of asking has come. */
  const asks = async (contactKey = world.newContact(), ...more: [draft?: object, item?: object]) => {
    const ticket = await world.solves(contactKey, ...more)
    await world.plan()
    world.clock.advance(11 * minuteMs)
    await world.fire()
    return { ticket, contactKey, invitation: await world.invitationOf(ticket.id) }
  }
  const answers = async (
    { contactKey, invitation }: { contactKey: string; invitation: { id: string } },
    effect: SurveyEffect,
  ) => world.hears(contactKey, () => ({ survey: { invitationId: invitation.id, ...effect } }))

  describe('asking', () => {
    it('happens once a ticket, in its conversation, some time after it was solved', async () => {
      const ticket = await world.solves(world.newContact())
      expect(await world.plan()).toBe(1)
      expect(await world.plan()).toBe(0)
      await world.fire()
      expect(await world.invitationOf(ticket.id)).toMatchObject({ state: 'due', topic: 'vip-refund' })
      world.clock.advance(11 * minuteMs)
      await Promise.all([world.fire(), world.fire()])
      await world.plan()
      await world.fire()
      expect(world.asked).toEqual([ticket.conversationId])
      expect(await world.invitationOf(ticket.id)).toMatchObject({ state: 'asked', channel: 'wechat' })
      const said = (await world.tickets.transcript(ticket.conversationId, 10)).at(-1)
      expect(said).toMatchObject({ author: 'survey', parts: [{ kind: 'choices' }] })
    })

    it('is left where the contact wrote again, the ticket was taken up again, or was never to be asked about', async () => {
      const [writer, reopener] = [world.newContact(), world.newContact()]
      const wrote = await world.solves(writer)
      const reopened = await world.solves(reopener)
      const complaint = await world.solves(world.newContact(), { kind: 'complaint' })
      const crisis = await world.solves(world.newContact(), { topic: 'crisis' })
      await world.plan()
      world.clock.advance(minuteMs)
      await world.hears(writer)
      await world.reopen(reopened.id)
      world.clock.advance(11 * minuteMs)
      await world.fire()
      const reasonOf = async ({ id }: { id: string }) => (await world.invitationOf(id)).reason
      expect(await reasonOf(wrote)).toBe('wrote-again')
      expect(await reasonOf(reopened)).toBe('not-solved')
      expect(await reasonOf(complaint)).toBe('kind-excepted')
      expect(await reasonOf(crisis)).toBe('topic-excepted')
      expect(world.asked).toEqual([])
      await world.solve(reopened.id)
      await world.plan()
      world.clock.advance(11 * minuteMs)
      await world.fire()
      expect(world.asked).toEqual([reopened.conversationId])
    })

    it('goes by window, quota, who leads and what the inbox can', async () => {
      const soon = new Date(world.clock.now().getTime() + dayMs)
      const poor = { quota: { message: { left: 2, until: soon, reserved: 1 } } }
      expect((await asks(undefined, {}, poor)).invitation.reason).toBe('quota-used')
      const closed = { quota: { message: { left: 5, until: world.clock.now(), reserved: 1 } } }
      expect((await asks(undefined, {}, closed)).invitation.reason).toBe('window-closed')
      world.channel.capabilities = { ...plainCapabilities, replyWindowMs: minuteMs }
      expect((await asks()).invitation.reason).toBe('window-closed')
      world.channel.capabilities = { ...plainCapabilities, passiveOnly: true }
      expect((await asks()).invitation.reason).toBe('passive-only')
      world.channel.capabilities = undefined
      expect((await asks()).invitation.reason).toBe('inbox-gone')
      expect(world.asked).toEqual([])
    })

    it('spares a contact for some days, and one who said stop for ever', async () => {
      const first = await asks()
      expect((await asks(first.contactKey)).invitation.reason).toBe('asked-lately')
      world.clock.advance(31 * dayMs)
      await world.plan()
      expect(await world.invitationOf(first.ticket.id)).toMatchObject({ state: 'expired' })
      const again = await asks(first.contactKey)
      expect(again.invitation.state).toBe('asked')
      await answers(again, { stop: true })
      expect(await world.invitationOf(again.ticket.id)).toMatchObject({ state: 'refused' })
      world.clock.advance(31 * dayMs)
      expect((await asks(first.contactKey)).invitation.reason).toBe('said-stop')
    })

    it('asks a share of them', async () => {
      world = openSurveyWorld(test, { share: 0 })
      expect((await asks()).invitation).toMatchObject({ state: 'not-possible', reason: 'not-sampled' })
    })
  })

  it('asks nobody once surveys are switched off', async () => {
    world = openSurveyWorld(test, { enabled: false })
    expect((await asks()).invitation).toMatchObject({ state: 'not-possible', reason: 'switched-off' })
  })

  describe('an answer', () => {
    it('is handed to the turn as long as it can be given, changes the score, and is told outside', async () => {
      const one = await asks()
      const claim = await answers(one, { score: 4 })
      expect(claim.survey).toMatchObject({ id: one.invitation.id, commented: false })
      expect(claim.survey?.expiresAt).toEqual(one.invitation.expiresAt)
      const later = await answers(one, { score: 5, comment: '很快' })
      expect(later.survey).toMatchObject({ score: 4 })
      expect(await world.invitationOf(one.ticket.id)).toMatchObject({
        ...{ state: 'answered', score: 5, comment: '很快', answeredAt: world.clock.now() },
      })
      await untilEventsAreReadable(test.database)
      const told = await world.events.read({ types: ['survey.asked', 'survey.answered'], limit: 10 })
      expect(told.map(({ type, ticketId, data }) => [type, ticketId, data.score])).toEqual([
        ['survey.asked', one.ticket.id, undefined],
        ['survey.answered', one.ticket.id, 4],
        ['survey.answered', one.ticket.id, 5],
      ])
    })

    it('of somebody else has no effect', async () => {
      const [one, other] = [await asks(), await asks()]
      await answers({ contactKey: other.contactKey, invitation: one.invitation }, { score: 1 })
      expect(await world.invitationOf(one.ticket.id)).toMatchObject({ state: 'asked' })
    })
  })

  describe('a low score', () => {
    it('opens one ticket beside the surveyed one, with the comment, and notes later words there', async () => {
      const one = await asks()
      const now = world.clock.now()
      await answers(one, { score: 1, reviewAt: new Date(now.getTime() + 10 * minuteMs) })
      await world.review()
      expect((await world.invitationOf(one.ticket.id)).reviewTicketId).toBeUndefined()
      await answers(one, { comment: '客服态度差', reviewAt: now })
      await Promise.all([world.review(), world.review()])
      const { reviewTicketId = '' } = await world.invitationOf(one.ticket.id)
      const review = await world.tickets.get(reviewTicketId)
      expect(review).toMatchObject({ kind: 'feedback', state: 'new', topic: 'vip-refund' })
      expect(review.brief).toMatchObject({ said: { lines: ['客服态度差'] }, reason: { code: 'low-score' } })
      expect(await world.relations.related(one.ticket.id)).toMatchObject([
        { id: reviewTicketId, relation: 'related' },
      ])
      expect((await world.tickets.get(one.ticket.id)).tags).toContain('低分评价')
      const notes = async () =>
        (await world.tickets.transcript(one.ticket.conversationId, 50))
          .filter(({ direction }) => direction === 'note')
          .map(({ parts }) => JSON.stringify(parts))
      expect(await notes()).toHaveLength(1)
      await answers(one, { score: 4, reviewAt: null })
      await world.review()
      expect((await notes()).at(-1)).toContain('4/5')
      expect((await world.invitationOf(one.ticket.id)).reviewTicketId).toBe(reviewTicketId)
    })

    it('that is raised in time opens none, and a ticket about a low score is not asked about', async () => {
      const one = await asks()
      await answers(one, { score: 2, reviewAt: new Date(world.clock.now().getTime() + minuteMs) })
      await answers(one, { score: 5, reviewAt: null })
      world.clock.advance(hourMs)
      expect(await world.review()).toBe(0)
      await answers(one, { score: 1, reviewAt: world.clock.now() })
      await world.review()
      const { reviewTicketId = '' } = await world.invitationOf(one.ticket.id)
      await world.solve(reviewTicketId)
      expect(await world.plan()).toBe(0)
    })
  })

  it('is counted once, however often it is changed, and in one of two spans that meet', async () => {
    const one = await asks()
    const askedAt = world.clock.now()
    for (const score of [1, 5, 4] as const) {
      world.clock.advance(minuteMs)
      await answers(one, { score })
    }
    const first = new Date(askedAt.getTime() + minuteMs)
    expect(await world.invitationOf(one.ticket.id)).toMatchObject({ score: 4, answeredAt: first })
    const count = (from: Date, to: Date) => world.records.count({ from, to, by: 'all' })
    expect(await count(new Date(0), askedAt)).toEqual([])
    expect(await count(askedAt, new Date(askedAt.getTime() + 1))).toEqual([
      { asked: 1, scores: [0, 0, 0, 1, 0] },
    ])
  })

  it('is not asked of a contact who said stop under another address', async () => {
    const first = await asks()
    await answers(first, { stop: true })
    world.clock.advance(31 * dayMs)
    const other = world.newContact()
    const claim = await world.hears(other)
    const before = await world.tickets.get(first.ticket.id)
    await createContactStore(test.database).merge({
      ...{ from: claim.contactId, into: before.contactId, reason: 'agent', agentId: 'li' },
      now: world.clock.now(),
    })
    expect((await asks(other)).invitation.reason).toBe('said-stop')
  })

  it('is counted by channel, topic and person', async () => {
    const [one, two] = [await asks(), await asks(), await asks()]
    await answers(one, { score: 5 })
    await answers(two, { score: 2 })
    const month = { from: new Date(0), to: new Date(world.clock.now().getTime() + dayMs) }
    const count = async (by: 'all' | 'channel' | 'topic' | 'agent' | 'team') =>
      world.records.count({ ...month, by })
    const scores = [0, 1, 0, 0, 1]
    expect(await count('all')).toEqual([{ asked: 3, scores }])
    expect(await count('channel')).toEqual([{ key: 'wechat', asked: 3, scores }])
    expect(await count('topic')).toEqual([{ key: 'vip-refund', asked: 3, scores }])
    expect(await count('agent')).toEqual([{ asked: 3, scores }])
    expect(await count('team')).toEqual([{ asked: 3, scores }])
    expect(await world.records.count({ ...month, by: 'all', agentId: 'nobody' })).toEqual([])
    expect(await world.records.list({ mostScore: 2 }, { limit: 5 })).toHaveLength(1)
    expect(await world.records.list({ states: ['asked'] }, { limit: 5 })).toHaveLength(1)
  })
}
