import { z } from '@hono/zod-openapi'
import { dictionaryKinds } from '../../../core/understanding-desk.ts'
import { teamFacts } from '../../shapes/queue.ts'
import {
  confusionsJson,
  ConfusionsSchema,
  DictionarySchema,
  IntentDetailSchema,
  IntentSchema,
  PersonaSchema,
  TonesSchema,
} from '../../shapes/understanding.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const intent = {
  ...{ intent: 'vip-refund.ask', topic: 'vip-refund', handling: 'faq', urgency: 'normal' },
  topicName: { zh: '大会员退款', en: 'Membership refunds' },
}
const channel = teamFacts.takes.shape.channels.unwrap().element

const common = {
  tag: 'knowledge',
  method: 'get',
  permission: 'knowledge.read',
  params: nothing,
  query: nothing,
  body: nothing,
} as const

/** What messages are understood and answered with. */
export const understandingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listIntents',
    path: '/knowledge/intents',
    summary: 'List what can be understood',
    description: 'They stand in the folder of intents; a changed file is in use within seconds.',
    answer: z.object({ data: z.array(IntentSchema).readonly() }).openapi('IntentList'),
    example: { data: [{ ...intent, examples: 42 }] },
    handle: async ({ api }) => ({ body: { data: await api.understanding.intents() } }),
  }),
  defineRoute({
    ...common,
    id: 'getIntent',
    path: '/knowledge/intents/{intent}',
    summary: 'Read what an intent is learned from and replies',
    params: z.strictObject({
      intent: z
        .string()
        .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/)
        .max(120),
    }),
    answer: IntentDetailSchema,
    example: { ...intent, examples: ['大会员能退吗'], replies: { standard: [], acg: [], en: [] } },
    handle: async ({ api, params }) => ({ body: await api.understanding.intent(params.intent) }),
  }),
  defineRoute({
    ...common,
    id: 'listConfusions',
    path: '/knowledge/confusions',
    summary: 'See which topics are taken for each other',
    description:
      'Measured on the messages of `calibration` in the folder of intents, from which nothing is learned but how sure to be; once for each state of the content.',
    answer: ConfusionsSchema,
    example: {
      ...{ state: 'done', version: 'a1b2c3', at: '2026-11-27T04:00:00.000Z', rows: 699, accuracy: 0.93 },
      pairs: [
        { meant: 'vip-refund', said: 'vip-auto-renew', count: 3, examples: ['自动扣的那次会员钱能退吗'] },
      ],
    },
    handle: async ({ api }) => ({ body: confusionsJson(await api.understanding.confusions()) }),
  }),
  defineRoute({
    ...common,
    id: 'searchDictionary',
    path: '/knowledge/dictionary',
    summary: 'Search the words that messages are read with',
    query: z.strictObject({
      text: z
        .string()
        .max(40)
        .optional()
        .openapi({ description: 'Part of a word or its meaning, or pinyin: `dhy`, `dahuiyuan`' }),
      kind: z.enum(dictionaryKinds).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100).openapi({ type: 'integer' }),
    }),
    answer: DictionarySchema,
    example: {
      of: 1,
      data: [
        {
          ...{ kind: 'typo', term: '大汇员', means: ['大会员'] },
          ...{ pinyin: 'dà huì yuán', file: 'lexicon/slang.yaml' },
        },
      ],
    },
    handle: async ({ api, query }) => {
      const { of, entries } = await api.understanding.dictionary(query)
      return { body: { of, data: entries } }
    },
  }),
  defineRoute({
    ...common,
    id: 'getPersona',
    path: '/knowledge/persona',
    summary: 'Read who speaks, and with which faces',
    answer: PersonaSchema,
    example: {
      ...{ name: '小通', nameEn: 'Xiaotong', brand: '次元站', brandEn: 'Ciyuan', tone: 'acg' },
      stickers: [{ channel: 'wechat', hello: ['[愉快]'], answer: ['[OK]'], ask: ['[呲牙]'] }],
    },
    handle: async ({ api }) => ({ body: await api.understanding.persona() }),
  }),
  defineRoute({
    ...common,
    id: 'tryTones',
    path: '/knowledge/tones',
    summary: 'Hear an answer in each tone',
    description: 'What a contact would hear who wrote this. Facts are the same in every tone.',
    query: z.strictObject({ text: z.string().min(1).max(500), channel: channel.default('web') }),
    answer: TonesSchema,
    example: {
      data: [{ tone: 'standard', isInForce: true, reply: '可以退。', articleId: 'vip-refund-how' }],
    },
    handle: async ({ api, query }) => ({
      body: { data: await api.understanding.tones(query.text, query.channel) },
    }),
  }),
]
