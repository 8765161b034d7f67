import { z } from '@hono/zod-openapi'
import type { SystemHealth } from '../../core/health.ts'
import { modelOutcomes } from '../../core/model-ledger.ts'
import { toIso } from './iso.ts'
import { Moment } from './message.ts'

const RefusalsSchema = z.object({
  code: z.string().openapi({ description: 'What the refusal means, e.g. `needs_operator`' }),
  count: z.number(),
  providerCode: z.string().optional().openapi({ description: 'The provider’s own number or word' }),
  message: z
    .string()
    .openapi({ description: 'What the latest one said, with what to do where that is known' }),
})

const ChannelSchema = z
  .object({
    inboxId: z.string(),
    channel: z.string(),
    node: z.string().openapi({ description: 'Host and process; empty: there is but this one' }),
    state: z.enum(['starting', 'running', 'failing', 'stopped']),
    since: Moment,
    lastError: z.object({ at: Moment, message: z.string() }).optional(),
    nextTryAt: Moment.optional(),
    pause: z.object({ until: Moment, reason: z.string() }).optional(),
    lastMessageAt: Moment.optional().openapi({ description: 'When a contact wrote last' }),
    refused: z
      .array(RefusalsSchema)
      .readonly()
      .openapi({ description: 'Of what was written within a day: what was refused for good' }),
  })
  .openapi('ChannelHealth')

const DeadJobSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    tries: z.number(),
    error: z.string(),
    createdAt: Moment,
    diedAt: Moment,
  })
  .openapi('DeadJob')

const JobDepthSchema = z
  .object({
    kind: z.string(),
    waiting: z.number(),
    running: z.number(),
    dead: z.number(),
    lateMs: z.number().openapi({ description: 'Since the oldest that could run was due; 0: none waits' }),
  })
  .openapi('JobDepth')

const TimerDepthSchema = z
  .object({
    kind: z.string(),
    pending: z.number(),
    failing: z.number(),
    lateMs: z.number().openapi({ description: 'Since the oldest was due; 0: none is late' }),
  })
  .openapi('TimerDepth')

const FailingTimerSchema = z
  .object({
    kind: z.string(),
    key: z.string(),
    dueAt: Moment,
    attempts: z.number(),
    error: z.string(),
    nextTryAt: Moment,
  })
  .openapi('FailingTimer')

const ModelSchema = z
  .object({
    encoder: z.object({
      model: z.string().openapi({ description: 'As configured; `none`: there is to be none' }),
      version: z.string().optional().openapi({ description: 'Absent: it is not in use' }),
      problem: z.string().optional().openapi({ description: 'Why it is not, with what to do' }),
    }),
    trainedAt: Moment.openapi({ description: 'When this node last trained the classifier' }),
    byMeaning: z.boolean().openapi({ description: 'False: answers go by words alone' }),
    content: z.object({ version: z.string(), published: z.number(), articles: z.number() }),
    thresholds: z.object({ answer: z.number(), clarify: z.number() }),
    evaluation: z
      .object({
        at: Moment,
        concerns: z.array(z.string()).readonly().openapi({ description: 'Empty: nothing below its floor' }),
      })
      .optional()
      .openapi({ description: 'The last whole one before publishing; absent: there was none' }),
  })
  .openapi('ModelHealth')

const Breaker = z.enum(['closed', 'open', 'trying'])

const LanguageModelsSchema = z
  .object({
    models: z
      .array(
        z.object({
          model: z.string().openapi({ description: '`<provider>/<name>`' }),
          breaker: Breaker.optional().openapi({
            description:
              'In contacts’ turns, on the node that answers. `closed`: in use; `open`: left alone; `trying`: the next call finds out whether it is well again. Absent: it cannot be used',
          }),
          leftAloneUntil: Moment.optional(),
          staff: z
            .object({ breaker: Breaker, leftAloneUntil: Moment.optional() })
            .optional()
            .openapi({ description: 'The same of its work for agents and editors' }),
          lastFault: z
            .object({ at: Moment, outcome: z.enum(modelOutcomes) })
            .optional()
            .openapi({ description: 'Within a day, on any node' }),
        }),
      )
      .readonly()
      .openapi({ description: 'In the order in which they are asked' }),
    problem: z.string().optional().openapi({ description: 'Why they are not in use, with what to do' }),
    today: z
      .object({
        tokens: z.number(),
        tokensLimit: z.number(),
        cost: z.number(),
        costLimit: z.number().optional().openapi({ description: 'Absent: no limit' }),
      })
      .openapi({
        description: 'Of all nodes, since midnight of `dialogue.timezone`; costs in your currency',
      }),
  })
  .openapi('LanguageModelsHealth')

export const SystemHealthSchema = z
  .object({
    at: Moment,
    database: z.object({
      kind: z.enum(['embedded', 'postgres']),
      reachable: z.boolean(),
      latencyMs: z.number().optional(),
      bytes: z.number().optional(),
    }),
    channels: z.array(ChannelSchema).readonly(),
    outbox: z
      .object({
        queued: z.number().openapi({ description: 'Can go, or is on its way' }),
        waiting: z.number().openapi({ description: 'Goes when the contact writes again' }),
        oldestQueuedAt: Moment.optional(),
      })
      .optional(),
    jobs: z.array(JobDepthSchema).readonly(),
    deadJobs: z.array(DeadJobSchema).readonly().openapi({ description: 'The latest 50' }),
    timers: z.array(TimerDepthSchema).readonly(),
    failingTimers: z.array(FailingTimerSchema).readonly().openapi({ description: 'The oldest 50' }),
    model: ModelSchema,
    languageModel: LanguageModelsSchema.optional().openapi({
      description: 'Absent: none is configured, or `unread` names it',
    }),
    disk: z
      .object({
        folder: z.string(),
        freeBytes: z.number(),
        totalBytes: z.number(),
        isLow: z.boolean().openapi({ description: 'Less than 500 MB free' }),
      })
      .optional(),
    unread: z.array(z.string()).readonly().openapi({ description: 'What could not be read this time' }),
  })
  .openapi('SystemHealth')

/** How the product fares, as JSON. */
export const systemHealthJson = (health: SystemHealth): z.output<typeof SystemHealthSchema> => toIso(health)
