import { z } from '@hono/zod-openapi'
import {
  checkStates,
  contradictionStates,
  refusalReasons,
  type ContradictionCheck,
  type ShownContradiction,
  type ShownRefusal,
} from '../../core/editing-help.ts'
import { ActorSchema } from './incident.ts'
import { actorJson } from './knowledge.ts'
import { Moment } from './message.ts'

const model = z.string().openapi({ description: 'The language model that wrote it' })

const text = z.string().openapi({
  description: 'Which text of the article: `answer`, the general one; `en`; else the name of its channel',
})

export const WordingsSchema = z
  .object({
    data: z
      .array(
        z.object({
          text: z.string(),
          standing: z.enum(['new', 'known', 'other']).openapi({
            description:
              '`new`: it is not understood yet; `known`: the article is given to it already; `other`: it is another article’s',
          }),
          of: z
            .object({ articleId: z.string(), question: z.string() })
            .optional()
            .openapi({ description: 'Whose it is, for `other`' }),
        }),
      )
      .readonly(),
    model,
  })
  .openapi('SuggestedWordings')

export const ToneSchema = z
  .object({
    data: z
      .array(
        z.object({
          quote: z.string().openapi({ description: 'Stands in the text, word for word, once' }),
          in: text,
          proposal: z.string().openapi({ description: 'The same facts in other words' }),
          why: z.string(),
        }),
      )
      .readonly(),
    model,
  })
  .openapi('ToneFindings')

const Place = z.object({
  articleId: z.string(),
  question: z.string(),
  quote: z.string().openapi({ description: 'Stands in the article, word for word' }),
  in: text,
})

export const ContradictionSchema = z
  .object({
    id: z.string(),
    state: z.enum(contradictionStates),
    first: Place,
    second: Place,
    why: z.string(),
    model,
    foundAt: Moment,
    settledAt: Moment.optional(),
    settledBy: ActorSchema.optional(),
    version: z.number(),
  })
  .openapi('Contradiction')

export const contradictionJson = (one: ShownContradiction): z.output<typeof ContradictionSchema> => ({
  ...{ id: one.id, state: one.state, why: one.why, model: one.model, version: one.version },
  first: { articleId: one.firstId, question: one.firstQuestion, quote: one.firstQuote, in: one.firstText },
  second: {
    articleId: one.secondId,
    question: one.secondQuestion,
    quote: one.secondQuote,
    in: one.secondText,
  },
  foundAt: one.foundAt.toISOString(),
  ...(one.settledAt === undefined ? {} : { settledAt: one.settledAt.toISOString() }),
  ...(one.settledBy === undefined ? {} : { settledBy: actorJson(one.settledBy) }),
})

const Article = Place.pick({ articleId: true, question: true })

export const RefusalSchema = z
  .object({
    first: Article,
    second: Article,
    why: z.enum(refusalReasons).openapi({
      description:
        '`refused`: the provider did not take it; `filtered`: its filter held the answer back; `truncated`: the answer was cut; `malformed`: it was none',
    }),
    refusedAt: Moment,
  })
  .openapi('UncheckedPair')

export const refusalJson = (one: ShownRefusal): z.output<typeof RefusalSchema> => ({
  first: { articleId: one.firstId, question: one.firstQuestion },
  second: { articleId: one.secondId, question: one.secondQuestion },
  ...{ why: one.why, refusedAt: one.refusedAt.toISOString() },
})

export const CheckSchema = z
  .object({
    state: z.enum(['none', ...checkStates]).openapi({
      description: '`none`: nobody asked yet; `paused`: it goes on where it stood when it is started again',
    }),
    why: z.enum(['enough', 'budget', 'model']).optional().openapi({
      description:
        'Why it paused. `enough`: as many pairs as are compared at a go; `budget`: of the language model; `model`: it failed',
    }),
    pairs: z.number().openapi({ description: 'Pairs of articles about the same matter' }),
    judged: z.number().openapi({ description: 'Those that are compared as they stand' }),
    found: z.number().openapi({ description: 'Contradictions found by this look' }),
    by: ActorSchema.optional(),
    startedAt: Moment.optional(),
    updatedAt: Moment.optional(),
  })
  .openapi('ContradictionCheck')

export const checkJson = (check: ContradictionCheck | undefined): z.output<typeof CheckSchema> =>
  check === undefined
    ? { state: 'none', pairs: 0, judged: 0, found: 0 }
    : {
        ...{ state: check.state, pairs: check.pairs, judged: check.judged, found: check.found },
        ...(check.why === undefined ? {} : { why: check.why }),
        by: actorJson(check.by),
        ...{ startedAt: check.startedAt.toISOString(), updatedAt: check.updatedAt.toISOString() },
      }
