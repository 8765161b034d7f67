import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { createMovableClock, type Clock } from '../../src/core/clock.ts'
import { initialDialogue, type Claim, type TurnOutcome } from '../../src/core/conversation.ts'
import type { Role } from '../../src/core/agent.ts'
import { permissions } from '../../src/core/agent.ts'
import type { SetReminder } from '../../src/core/review-coaching.ts'
import type { ReviewAnswers, ReviewPerson, ReviewWrite } from '../../src/core/review.ts'
import type { SamplingFacts } from '../../src/core/review-sampling.ts'
import type { TicketActor } from '../../src/core/ticket.ts'
import { onTimer, type TimerKind } from '../../src/core/timers.ts'
import type { ApiServices } from '../../src/http/index.ts'
import { builtInForms } from '../../src/quality/built-in-forms.ts'
import { qualityConfig } from '../../src/quality/config.ts'
import {
  createCoaching,
  createReviewForms,
  createReviewNumbering,
  createReviewService,
  createSampler,
  createSamplingRules,
} from '../../src/quality/index.ts'
import {
  createAgentDirectory,
  createCoachingStore,
  createConversationStore,
  createEventLog,
  createReviewCounting,
  createReviewFormStore,
  createReviewStore,
  createSamplingRuleList,
  createSamplingStore,
  createTicketStore,
  createTimerStore,
  keyedId,
  type Database,
} from '../../src/store/index.ts'
import { buildInbound, buildItem, buildOutcome, buildRecord, buildTicketDraft } from './builders.ts'

const timeZone = 'Asia/Shanghai'
const moment: TimerKind<Record<string, never>> = { name: 'coaching-follow-up', payload: z.strictObject({}) }

/** What the API knows of reviews. */
export const openQualityServices = (database: Database, clock: Clock): ApiServices['quality'] => {
  const timers = createTimerStore(database)
  const store = createReviewStore(database)
  const rules = createSamplingRuleList(database)
  const forms = createReviewForms({ store: createReviewFormStore(database), rules, clock, idOf: keyedId })
  const setReminder: SetReminder = async (transaction, key, dueAt) => {
    if (dueAt === undefined) await timers.cancel(transaction, moment, key)
    else await timers.set(transaction, moment, { key, dueAt, payload: {} })
  }
  return {
    forms,
    rules: createSamplingRules(rules, forms),
    draws: createSamplingStore(database),
    reviews: createReviewService({
      ...{ store, forms, clock, config: qualityConfig.parse({}) },
      articleOf: (id) =>
        id === 'vip-refund' ? { id, question: '大会员可以退款吗？', answer: '可以。' } : undefined,
    }),
    numbers: createReviewNumbering({ counting: createReviewCounting(database), clock, timeZone }),
    coaching: createCoaching({ store: createCoachingStore(database), reviews: store, clock, setReminder }),
  }
}

const formOf = (subject: string): string => {
  const form = builtInForms.find((one) => one.subject === subject)
  if (form === undefined) throw new Error(`no form for ${subject}`)
  return form.id
}
export const ticketForm = formOf('ticket')
export const botForm = formOf('bot-answer')

/** Everything answered well. */
export const goodAnswers: ReviewAnswers = {
  tone: { value: 5 },
  understanding: { value: 4 },
  correctness: { value: 5 },
  completeness: { value: 3 },
  procedure: { value: 'not-applicable' },
  privacy: { value: 'yes' },
}

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** Agents, their solved tickets and the bot's answers, on one database. */
export const openQualityWorld = (database: Database) => {
  // A Wednesday, and noon in Shanghai.
  const start = new Date('2024-05-15T04:00:00Z')
  const clock = createMovableClock({ now: () => start })
  const services = openQualityServices(database, clock)
  const conversations = createConversationStore(database)
  const tickets = createTicketStore(database, initialDialogue)
  const timers = createTimerStore(database)
  const agents = createAgentDirectory(database)
  const sampling = createSamplingStore(database)
  let contacts = 0
  const hears = async (
    contactKey: string,
    make: (claim: Claim) => Partial<TurnOutcome> = () => ({}),
  ): Promise<Claim> => {
    const now = clock.now()
    await conversations.accept([buildItem(buildInbound({ contactKey, sentAt: now }))], now)
    const [claim] = await conversations.claim('worker', 1, 60_000)
    if (claim === undefined) throw new Error('nothing was ready')
    await conversations.commit([buildOutcome(claim, { outbound: [], ...make(claim) })], now)
    return claim
  }
  const apply = (
    ticketId: string,
    change: 'taken' | 'replied' | 'solved' | 'reopened',
    actor: TicketActor,
  ) => {
    const agentId = 'agentId' in actor ? actor.agentId : null
    const set = {
      taken: { state: 'open', assigneeId: agentId },
      replied: {},
      solved: { state: 'solved', solvedAt: clock.now() },
      reopened: { state: 'open', solvedAt: null },
    } as const
    return tickets.apply({ ticketId, actor, change, detail: {}, set: set[change] }, clock.now())
  }
  return {
    ...{ clock, services, tickets, hears, apply },
    events: createEventLog(database),
    /** A new person with what their role may do. */
    hire: async (role: Role, name: string = role): Promise<ReviewPerson> => {
      const { id } = await agents.create({ name, email: `${randomUUID()}@example.com`, role })
      const may = (permission: 'quality.read' | 'quality.review' | 'quality.manage'): boolean =>
        permissions[role].includes(permission)
      const rights = { mayRead: may('quality.read'), mayReview: may('quality.review') }
      return { id, name, isPerson: true, ...rights, mayManage: may('quality.manage') }
    },
    /** A ticket that this person took, replied to and solved. */
    solves: async (who: ReviewPerson, draft: Parameters<typeof buildTicketDraft>[1] = {}) => {
      const number = await conversations.nextTicketNumber()
      contacts += 1
      const openTicket = buildTicketDraft(number, draft)
      await hears(`oQuality${String(contacts)}`, () => ({ mode: 'human', openTicket }))
      const all = await tickets.list({ view: 'all', agentId: '', limit: 1_000 })
      const found = all.find((one) => one.number === number)
      if (found === undefined) throw new Error('no ticket')
      const actor = { agentId: who.id, name: who.name }
      await apply(found.id, 'taken', actor)
      await apply(found.id, 'replied', actor)
      return apply(found.id, 'solved', actor)
    },
    /** The bot answers somebody; gives the contact's message. */
    answers: async (
      facts: { readonly score?: number; readonly rule?: string; readonly contactKey?: string } = {},
    ): Promise<string> => {
      contacts += 1
      const { score = 0.9, rule = 'test', contactKey = `oQuality${String(contacts)}` } = facts
      const candidate = { articleId: 'vip-refund', topic: 'vip-refund', question: '退款？', score }
      const claim = await hears(contactKey, () => ({
        decision: buildRecord({
          ...{ rule, articleId: 'vip-refund' },
          classification: {
            ...{ text: '退款', intent: 'faq', topic: 'vip-refund', handling: 'faq', confidence: 0.3 },
            ...{
              candidates: [candidate],
              outOfScope: 0,
              urgency: 'normal',
              language: 'zh',
              emotion: 'neutral',
            },
            ...{ emotionStrength: 0, asksForPerson: false, reasons: [], knowledgeVersion: 'x' },
          },
        }),
      }))
      const message = claim.pending.at(-1)
      if (message === undefined) throw new Error('nothing was said')
      return message.id
    },
    rule: (over: Partial<SamplingFacts> = {}) =>
      services.rules.create(
        {
          ...{ name: '抽检', subject: 'ticket', when: {}, amount: { perWeek: 2 }, formId: ticketForm },
          ...{ reviewers: {}, dueDays: 7, waitDays: 0, doubleShare: 0, enabled: true },
          ...over,
        },
        clock.now(),
      ),
    draw: (newSeed: () => string = randomUUID) =>
      createSampler({ rules: services.rules, store: sampling, clock, timeZone, newSeed })(
        new AbortController().signal,
      ),
    /** Claims, fills in and completes. */
    reviews: async (id: string, who: ReviewPerson, answers: ReviewAnswers = goodAnswers) => {
      const write: ReviewWrite = { who }
      await services.reviews.claim(id, write)
      await services.reviews.fill(id, { answers }, write)
      return services.reviews.complete(id, write)
    },
    /** Fires every moment that has come. */
    fire: async () => {
      const coaching = createCoachingStore(database)
      const { kind, fire } = onTimer(moment, async (transaction, { key }) => {
        await coaching.remind(transaction, key, clock.now())
        return undefined
      })
      const ahead = clock.now().getTime() - Date.now()
      while ((await timers.fireNext(new Map([[kind, fire]]), ahead)).outcome === 'fired');
    },
  }
}
export type QualityWorld = ReturnType<typeof openQualityWorld>
