import { describe, expect, it } from 'vitest'
import type { ReviewPerson } from '../../src/core/review.ts'
import type { TestDatabase } from '../support/databases.ts'
import {
  botForm,
  dayMs,
  goodAnswers,
  hourMs,
  ticketForm,
  type QualityWorld,
} from '../support/quality-world.ts'
import { useReviewGround } from '../support/review-ground.ts'

/** What every database must do for reviews. */
export const areReviews = (open: () => Promise<TestDatabase>): void => {
  let world: QualityWorld
  let agent: ReviewPerson
  let senior: ReviewPerson
  let supervisor: ReviewPerson
  const { typesOf, add } = useReviewGround(open, (ground) => {
    ;({ world, agent, senior, supervisor } = ground)
  })
  const { stringify } = JSON

  describe('a form', () => {
    it('makes a new number when it changes; reviews keep the one they were made on', async () => {
      const { forms, reviews } = world.services
      const { review } = await add()
      const before = await forms.get(ticketForm)
      const criteria = before.criteria.filter(({ id }) => id !== 'procedure')
      const after = await forms.change(ticketForm, { criteria })
      expect([before.number, after.number, after.state]).toEqual([1, 2, 'active'])
      expect((await reviews.get(review.id, supervisor)).form.criteria).toHaveLength(before.criteria.length)
      expect((await forms.get(ticketForm, 1)).criteria).toEqual(before.criteria)
      await expect(forms.change(ticketForm, { criteria }, before.version)).rejects.toMatchObject({
        code: 'conflict',
      })
    })

    it('goes from draft to active to retired, and only active ones are reviewed with', async () => {
      const { forms, reviews } = world.services
      const { name, groups, criteria } = await forms.get(ticketForm)
      const draft = await forms.create({ name, subject: 'ticket', groups, criteria }, 'key')
      expect(await forms.create({ name, subject: 'ticket', groups, criteria }, 'key')).toEqual(draft)
      const ticket = await world.solves(agent)
      const request = { subject: 'ticket', workId: ticket.id, formId: draft.id } as const
      await expect(reviews.add(request, { who: supervisor })).rejects.toThrow('this form is draft')
      await expect(forms.setState(draft.id, 'retired')).rejects.toThrow('can only become active')
      await forms.setState(draft.id, 'active')
      await expect(
        reviews.add({ subject: 'ticket', workId: ticket.id }, { who: supervisor }),
      ).rejects.toThrow('2 active forms')
      expect((await reviews.add(request, { who: supervisor })).formId).toBe(draft.id)
      await forms.setState(draft.id, 'retired')
      await expect(forms.change(draft.id, { name })).rejects.toThrow('stays as it is')
      expect((await forms.list()).at(-1)?.id).toBe(draft.id)
    })
  })

  describe('a form by which rules draw', () => {
    it('is not retired: nothing would be drawn any more, and nobody would notice', async () => {
      const { forms, rules } = world.services
      const rule = await world.rule({ name: '每周抽检' })
      await expect(forms.setState(ticketForm, 'retired')).rejects.toThrow('每周抽检')
      const { id, version, createdAt, updatedAt, since, ...facts } = rule
      expect([createdAt, updatedAt, since]).toHaveLength(3)
      await rules.change(id, { ...facts, enabled: false }, version, world.clock.now())
      expect(await forms.setState(ticketForm, 'retired')).toMatchObject({ state: 'retired' })
    })
  })

  describe('a review', () => {
    it('is taken away, or given to somebody else, by nobody whose work it is, whatever their role', async () => {
      const { reviews } = world.services
      const ticket = await world.solves(supervisor)
      const request = { subject: 'ticket', workId: ticket.id } as const
      await expect(reviews.add(request, { who: supervisor })).rejects.toThrow('your own work')
      const { id } = await reviews.add(request, { who: senior })
      await expect(reviews.cancel(id, '不必', { who: supervisor })).rejects.toThrow('your own work')
      await reviews.claim(id, { who: senior })
      await reviews.fill(id, { answers: { tone: { value: 1 } } }, { who: senior })
      await expect(reviews.release(id, { who: supervisor })).rejects.toThrow('your own work')
      expect((await reviews.get(id, senior)).review).toMatchObject({ state: 'claimed', version: 3 })
    })

    it('is not completed by who had a part in the work since they took it', async () => {
      const { reviews } = world.services
      const { review, ticket } = await add()
      await reviews.claim(review.id, { who: senior })
      await reviews.fill(review.id, { answers: goodAnswers }, { who: senior })
      await world.apply(ticket.id, 'replied', { agentId: senior.id, name: senior.name })
      await expect(reviews.complete(review.id, { who: senior })).rejects.toThrow('had a part in this work')
      expect((await reviews.release(review.id, { who: senior })).state).toBe('open')
    })

    it('is claimed, filled in bit by bit, completed, then seen and acknowledged by whose work it is', async () => {
      const { reviews } = world.services
      const { review, ticket } = await add()
      expect(review).toMatchObject({ state: 'open', revieweeId: agent.id, ticketNumber: ticket.number })
      expect((await reviews.queue(senior, { limit: 10 })).map(({ id }) => id)).toEqual([review.id])
      await expect(reviews.get(review.id, agent)).rejects.toMatchObject({ code: 'not_found' })
      const claimed = await reviews.claim(review.id, { who: senior })
      await expect(reviews.claim(review.id, { who: supervisor })).rejects.toThrow('take another')
      await expect(reviews.fill(review.id, {}, { who: supervisor })).rejects.toThrow('somebody else’s')
      const said = (await reviews.work(review.id, senior)).messages
      const quote = { value: 5, comment: '很耐心', messageId: said[0]?.id }
      const stale = { who: senior, expectedVersion: claimed.version - 1 }
      await expect(reviews.fill(review.id, {}, stale)).rejects.toMatchObject({ code: 'conflict' })
      await reviews.fill(review.id, { answers: { tone: quote } }, { who: senior })
      await expect(reviews.complete(review.id, { who: senior })).rejects.toThrow(
        'no answer: understanding, correctness',
      )
      await expect(reviews.get(review.id, agent)).rejects.toMatchObject({ code: 'not_found' })
      await reviews.fill(review.id, { answers: { ...goodAnswers, tone: quote } }, { who: senior })
      const done = await reviews.complete(review.id, { who: senior, idempotencyKey: 'once' })
      // (1·5/5 + 2·4/5 + 3·5/5 + 2·3/5 + 1·1) ÷ 9
      expect(done).toMatchObject({ state: 'completed', total: 86.67, failed: false })
      expect(await reviews.complete(review.id, { who: senior, idempotencyKey: 'once' })).toEqual(done)
      expect((await reviews.get(review.id, agent)).review.answers.tone).toEqual(quote)
      await reviews.acknowledge(review.id, { who: agent })
      await expect(reviews.acknowledge(review.id, { who: senior })).rejects.toMatchObject({
        code: 'not_found',
      })
      expect((await reviews.history(review.id, agent)).map(({ change }) => change)).toEqual([
        ...['added', 'claimed', 'saved', 'saved', 'completed', 'acknowledged'],
      ])
      const events = await typesOf()
      expect(events.map(({ type }) => type)).toEqual(['quality.review-completed'])
      expect(stringify(events)).not.toContain(agent.id)
    })

    it('of a ticket shows what was said in it; quotes are of its conversation', async () => {
      const { reviews } = world.services
      const [{ review }, other] = [await add(), await add(senior)]
      const strange = (await reviews.work(other.review.id, supervisor)).messages[0]?.id
      await reviews.claim(review.id, { who: senior })
      const answers = { tone: { value: 3, messageId: strange } }
      await expect(reviews.fill(review.id, { answers }, { who: senior })).rejects.toThrow(
        'not of the reviewed conversation',
      )
    })

    it('is never of one’s own work, nor of what one replied in', async () => {
      const { reviews } = world.services
      const own = await add(senior)
      const helped = await add()
      await world.apply(helped.ticket.id, 'replied', { agentId: senior.id, name: senior.name })
      for (const { review } of [own, helped])
        await expect(reviews.claim(review.id, { who: senior })).rejects.toThrow(
          'nobody reviews their own work',
        )
      expect(await reviews.queue(senior, { limit: 10 })).toEqual([])
      await expect(reviews.get(own.review.id, senior)).rejects.toMatchObject({ code: 'not_found' })
      const bySupervisor = await add(supervisor)
      await expect(reviews.claim(bySupervisor.review.id, { who: supervisor })).rejects.toMatchObject({
        code: 'forbidden',
      })
    })

    it('is made by those it names, or who manage reviews', async () => {
      const { reviews } = world.services
      const other = await world.hire('senior')
      const ticket = await world.solves(agent)
      const review = await reviews.add(
        { subject: 'ticket', workId: ticket.id, reviewerIds: [other.id] },
        { who: supervisor },
      )
      await expect(reviews.claim(review.id, { who: senior })).rejects.toThrow('for others')
      expect(await reviews.queue(senior, { limit: 10 })).toEqual([])
      expect(await reviews.queue(other, { limit: 10 })).toHaveLength(1)
      expect((await reviews.claim(review.id, { who: supervisor })).reviewerId).toBe(supervisor.id)
      await expect(
        reviews.add(
          { subject: 'ticket', workId: ticket.id, reviewerIds: ['nobody'], second: true },
          { who: senior },
        ),
      ).rejects.toThrow('no agent')
    })

    it('is made once under a form; a second one by somebody else, to calibrate', async () => {
      const { reviews, numbers } = world.services
      const { review, ticket } = await add()
      const request = { subject: 'ticket', workId: ticket.id } as const
      await expect(reviews.add(request, { who: supervisor })).rejects.toThrow('reviewed under this form')
      const second = await reviews.add({ ...request, second: true }, { who: supervisor })
      await world.reviews(review.id, senior)
      await expect(reviews.claim(second.id, { who: senior })).rejects.toThrow('the other review')
      await world.reviews(second.id, supervisor, { ...goodAnswers, tone: { value: 2 } })
      const told = await numbers.calibration('2024-05', '2024-05')
      expect(told).toMatchObject({ reviews: 1, doubled: 1 })
      expect(told.criteria.find(({ criterionId }) => criterionId === 'tone')).toMatchObject({
        pairs: 1,
        same: 0,
      })
      expect(told.criteria.map(({ criterionId }) => criterionId)).not.toContain('procedure')
      expect((await numbers.numbers({ from: '2024-05', to: '2024-05', by: 'all' })).groups).toMatchObject([
        { reviews: 1, mean: { value: 86.67 } },
      ])
    })

    it('of a bot answer shows decision and articles, and tells outside when it was wrong', async () => {
      const { reviews } = world.services
      const workId = await world.answers({ score: 0.42 })
      const review = await reviews.add({ subject: 'bot-answer', workId }, { who: senior })
      expect(review).toMatchObject({ articleId: 'vip-refund', confidence: 0.42, formId: botForm })
      expect(review).not.toHaveProperty('revieweeId')
      const { messages, articles } = await reviews.work(review.id, senior)
      expect(messages.find(({ id }) => id === workId)?.decision?.rule).toBe('test')
      expect(articles).toEqual([{ id: 'vip-refund', question: '大会员可以退款吗？', answer: '可以。' }])
      await reviews.claim(review.id, { who: senior })
      const answers = {
        'right-subject': { value: 'yes' },
        'right-answer': { value: 1 },
        tone: { value: 5 },
        handover: { value: 'not-applicable' },
      } as const
      await reviews.fill(review.id, { answers, rightArticleId: 'vip-auto-renew' }, { who: senior })
      await reviews.complete(review.id, { who: senior })
      const [, wrong] = await typesOf()
      expect(wrong).toMatchObject({
        type: 'quality.bot-answer-wrong',
        data: { messageId: workId, articleId: 'vip-refund', rightArticleId: 'vip-auto-renew' },
      })
      const { groups } = await world.services.numbers.numbers({
        ...{ from: '2024-05', to: '2024-05', by: 'band', subject: 'bot-answer' },
      })
      expect(groups).toMatchObject([{ key: '0-50', reviews: 1, wrong: { value: 1 } }])
    })

    it('can be given back and cancelled, not once it is completed', async () => {
      const { reviews } = world.services
      const { review } = await add()
      await reviews.claim(review.id, { who: senior })
      await reviews.fill(review.id, { answers: { tone: { value: 1 } }, comment: 'x' }, { who: senior })
      const free = await reviews.release(review.id, { who: senior })
      expect([free.state, free.answers, free.comment, free.reviewerId]).toEqual([
        'open',
        {},
        undefined,
        undefined,
      ])
      await world.reviews(review.id, senior)
      await expect(reviews.cancel(review.id, '重复', { who: supervisor })).rejects.toThrow('is completed')
    })
  })

  describe('a dispute', () => {
    it('is decided by somebody else, and numbers use what came of it', async () => {
      const { reviews, numbers } = world.services
      const { review } = await add()
      await world.reviews(review.id, senior, { ...goodAnswers, privacy: { value: 'no' } })
      const reasons = { privacy: '没有泄露任何信息' }
      const strange = { politeness: 'x' }
      await expect(reviews.dispute(review.id, strange, { who: agent })).rejects.toThrow(
        'no criterion politeness',
      )
      await expect(reviews.dispute(review.id, reasons, { who: senior })).rejects.toMatchObject({
        code: 'not_found',
      })
      await reviews.dispute(review.id, reasons, { who: agent })
      await expect(reviews.dispute(review.id, reasons, { who: agent })).rejects.toThrow('disputed once')
      const own = { reason: '我看没错' }
      await expect(reviews.decide(review.id, own, { who: senior })).rejects.toThrow('you made this review')
      await expect(reviews.decide(review.id, own, { who: agent })).rejects.toMatchObject({
        code: 'forbidden',
      })
      const open = (who: ReviewPerson) =>
        reviews.list({ disputes: ['open'], decidableBy: who.id }, { limit: 9 }).then((all) => all.length)
      expect(await Promise.all([senior, supervisor, agent].map(open))).toEqual([0, 1, 0])
      const failed = await numbers.numbers({ from: '2024-05', to: '2024-05', by: 'all' })
      expect(failed.groups).toMatchObject([{ mean: { value: 0 }, failed: { value: 1 } }])
      const decided = await reviews.decide(
        review.id,
        { reason: '确实没有', answers: { privacy: { value: 'yes' } } },
        { who: supervisor },
      )
      expect(decided).toMatchObject({
        ...{ total: 86.67, failed: false },
        dispute: { state: 'changed', decidedBy: supervisor.id, before: { total: 0, failed: true } },
      })
      const after = await numbers.numbers({ from: '2024-05', to: '2024-05', by: 'all' })
      expect(after.groups).toMatchObject([{ mean: { value: 86.67 }, failed: { value: 0 } }])
      const by = { from: '2024-05', to: '2024-05', by: 'criterion', formId: ticketForm } as const
      const privacy = (await numbers.numbers(by)).groups.find(({ key }) => key === 'privacy')
      expect(privacy).toMatchObject({ name: '隐私', mean: { value: 1 } })
      await expect(reviews.decide(review.id, own, { who: supervisor })).rejects.toThrow('decided before')
      expect((await typesOf()).map(({ type }) => type)).toEqual([
        ...['quality.review-completed', 'quality.disputed', 'quality.dispute-decided'],
      ])
    })

    it('comes in time, or not at all; upheld, the scores stand', async () => {
      const { reviews } = world.services
      const [late, soon] = [await add(), await add()]
      for (const { review } of [late, soon]) await world.reviews(review.id, senior)
      world.clock.advance(7 * dayMs - hourMs)
      await reviews.dispute(soon.review.id, { tone: 'x' }, { who: agent })
      world.clock.advance(2 * hourMs)
      await expect(reviews.dispute(late.review.id, { tone: 'x' }, { who: agent })).rejects.toThrow(
        'within 7 days',
      )
      const upheld = await reviews.decide(soon.review.id, { reason: '维持' }, { who: supervisor })
      expect(upheld).toMatchObject({ total: 86.67, dispute: { state: 'upheld', reason: '维持' } })
    })
  })

  describe('coaching', () => {
    it('stays between the two, is acknowledged, and comes back when its time has come', async () => {
      const { coaching } = world.services
      const { review } = await add()
      const lead = { who: senior }
      await expect(
        coaching.create({ agentId: agent.id, text: 'x', reviewId: review.id }, lead),
      ).rejects.toThrow('completed one')
      await world.reviews(review.id, senior)
      const followUpAt = new Date(world.clock.now().getTime() + 7 * dayMs)
      const draft = { agentId: agent.id, text: '先确认订单号', reviewId: review.id, followUpAt }
      const note = await coaching.create(draft, { ...lead, idempotencyKey: 'k' })
      expect(await coaching.create(draft, { ...lead, idempotencyKey: 'k' })).toEqual(note)
      for (const who of [supervisor, await world.hire('admin'), await world.hire('agent')]) {
        await expect(coaching.get(note.id, who)).rejects.toMatchObject({ code: 'not_found' })
        expect(await coaching.list(who, { limit: 9, dueOnly: false })).toEqual([])
      }
      await expect(coaching.change(note.id, { text: 'y' }, { who: agent })).rejects.toThrow('only who wrote')
      await expect(coaching.acknowledge(note.id, { who: senior })).rejects.toThrow('only who got')
      expect((await coaching.acknowledge(note.id, { who: agent })).acknowledgedAt).toBeDefined()
      expect(await coaching.list(agent, { limit: 9, dueOnly: true })).toEqual([])
      world.clock.advance(8 * dayMs)
      await world.fire()
      expect(await coaching.list(agent, { limit: 9, dueOnly: true })).toHaveLength(1)
      const told = (await typesOf()).filter(({ type }) => type === 'quality.coaching-due')
      expect(told).toMatchObject([{ data: { noteId: note.id } }])
      expect(stringify(told)).not.toContain(agent.id)
      const done = await coaching.change(note.id, { followedUp: true }, lead)
      expect(done.followedUpAt).toBeDefined()
      expect(await coaching.list(senior, { limit: 9, dueOnly: true })).toEqual([])
    })

    it('reminds at the new moment when it is moved, and never when it is called off', async () => {
      const { coaching } = world.services
      const at = (days: number) => new Date(world.clock.now().getTime() + days * dayMs)
      const lead = { who: senior }
      const moved = await coaching.create({ agentId: agent.id, text: 'a', followUpAt: at(1) }, lead)
      const off = await coaching.create({ agentId: agent.id, text: 'b', followUpAt: at(1) }, lead)
      await coaching.change(moved.id, { followUpAt: at(3) }, lead)
      await coaching.change(off.id, { followUpAt: null }, lead)
      const due = async () => (await coaching.list(senior, { limit: 9, dueOnly: true })).map(({ id }) => id)
      world.clock.advance(2 * dayMs)
      await world.fire()
      expect(await due()).toEqual([])
      world.clock.advance(2 * dayMs)
      await world.fire()
      expect(await due()).toEqual([moved.id])
    })
  })
}
