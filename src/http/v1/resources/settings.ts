import { z } from '@hono/zod-openapi'
import { Moment } from '../../shapes/message.ts'
import {
  promisesJson,
  PromisesSchema,
  retentionJson,
  RetentionSchema,
  surveysJson,
  SurveysSchema,
  triedJson,
  TriedPromiseSchema,
} from '../../shapes/settings.ts'
import { teamFacts } from '../../shapes/queue.ts'
import { TicketSchema } from '../../shapes/ticket.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const at = '2026-11-27T04:00:00.000Z'
const hours = { firstReplyHours: 2, nextReplyHours: 2, resolutionHours: 24 }
const { kind, priority } = TicketSchema.shape
const channel = teamFacts.takes.shape.channels.unwrap().element

const common = { tag: 'settings', method: 'get', params: nothing, body: nothing } as const

/** Rules that stand in the configuration: what is in force. */
export const settingsRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'getPromises',
    path: '/promises',
    permission: 'system.read',
    summary: 'Read the promised times in force',
    description: 'They stand under `promises` in the configuration; see docs/promises.md.',
    query: nothing,
    answer: PromisesSchema,
    example: {
      policies: [
        { name: 'urgent', when: { kinds: [], priorities: ['urgent'], channels: [], tiers: [] }, ...hours },
      ],
      otherwise: { firstReplyHours: 24, nextReplyHours: 24, resolutionHours: 72, calendar: 'office' },
      peopleCalendar: 'hotline',
      warn: { tell: ['assignee'], robots: [] },
      chain: [{ afterMinutes: 0, tell: ['assignee', 'lead'], robots: ['ops'] }],
      robots: [{ name: 'ops', kind: 'feishu' }],
    },
    handle: ({ api }) => Promise.resolve({ body: promisesJson(api.promises.inForce()) }),
  }),
  defineRoute({
    ...common,
    id: 'tryPromises',
    path: '/promises/try',
    permission: 'system.read',
    summary: 'Ask what a ticket would be promised',
    query: z.strictObject({
      kind,
      priority,
      channel,
      tier: z.string().min(1).max(40).optional().openapi({ description: 'Of the contact, e.g. vip' }),
      at: Moment.optional().openapi({ description: 'When it is opened. Absent: now' }),
    }),
    answer: TriedPromiseSchema,
    example: { policy: 'urgent', ...hours, firstReplyDueAt: at, resolutionDueAt: at },
    handle: ({ api, query: { at: opened, tier, ...facts } }) => {
      const moment = opened === undefined ? api.clock.now() : new Date(opened)
      const whole = { ...facts, ...(tier === undefined ? {} : { tier }) }
      return Promise.resolve({ body: triedJson(api.promises.tryOn(whole, moment)) })
    },
  }),
  defineRoute({
    ...common,
    id: 'getSurveySettings',
    path: '/surveys/settings',
    permission: 'survey.read',
    summary: 'Read how contacts are asked after their tickets',
    description: 'It stands under `surveys` in the configuration; see docs/surveys.md.',
    query: nothing,
    answer: SurveysSchema,
    example: {
      ...{ isOn: true, share: 1, everyDays: 30, delayMinutes: 10, answerHours: 72, lowScore: 2 },
      ...{ exceptKinds: ['complaint'], exceptTopics: ['crisis'], from: '09:00', to: '21:00' },
      question: { zh: '这次服务你满意吗？', en: 'How satisfied are you with our help?' },
    },
    handle: ({ api }) => Promise.resolve({ body: surveysJson(api.surveysInForce()) }),
  }),
  defineRoute({
    ...common,
    id: 'getRetention',
    path: '/retention',
    permission: 'privacy.read',
    summary: 'Read how long what is kept',
    description: 'It stands under `privacy` in the configuration; see docs/privacy.md.',
    query: nothing,
    answer: RetentionSchema,
    example: {
      days: {
        ...{ messages: 1_095, tickets: 1_825, complaints: 1_825, questions: 365, suggestions: 1_095 },
        ...{ drafts: 30, invitations: 30 },
      },
      ...{ auditDays: 1_095, exportHours: 72, masked: ['phone', 'email'], lastRunAt: at },
    },
    handle: async ({ api }) => ({ body: retentionJson(await api.retention()) }),
  }),
]
