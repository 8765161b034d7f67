import { readFile } from 'node:fs/promises'
import { createTextTools, loadIntents, loadLexicons } from '../../intents/index.ts'
import { createSearchInTurns, loadKnowledge } from '../../knowledge/index.ts'
import { createInProcessCache, createInProcessLimiters } from '../../src/bus/index.ts'
import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import type { HelpVote } from '../../src/core/help.ts'
import type { Article, KnowledgeBase } from '../../src/core/knowledge.ts'
import { helpConfig } from '../../src/help/config.ts'
import { createSlips, mountHelpCentre, type HelpOptions } from '../../src/help/index.ts'
import { createFormReader, createHttpServer, createOrigins, createVisitorKey } from '../../src/http/index.ts'
import { createNormaliser, createTokeniser, searchText } from '../../src/text/index.ts'
import { createMemoryLog, type LogLine } from '../http/world.ts'

type Incidents = ReturnType<HelpOptions['incidents']>
type Content = ReturnType<HelpOptions['content']>

/** A help centre on a real server. What may change while it runs can be set. */
export interface HelpWorld {
  readonly origin: string
  readonly votes: readonly HelpVote[]
  /** What readers searched for before an article did not help. */
  readonly learned: readonly { readonly typed: string; readonly articleId: string }[]
  readonly clock: MovableClock
  readonly log: readonly LogLine[]
  content: Content
  incidents: Incidents
  today: string
  /** Thrown by the store of votes. */
  broken: Error | undefined
  stop(): Promise<void>
}

/** An article; what a test does not care about is filled in. */
export const buildHelpArticle = (over: Partial<Article> = {}): Article => ({
  ...{ id: 'vip-refund-apply', topic: 'vip-refund', question: '大会员可以退款吗', similar: ['会员退钱'] },
  ...{ negative: [], handoff: false, urgency: 'normal', followups: [] },
  ...{ answer: '可以。\n\n1. 打开 我的 → 订单。\n2. 点「退款」。', channelAnswers: {} },
  en: { question: 'Can I get a membership refund', answer: 'Yes. Open Me, then Orders.' },
  file: 'vip-refund/apply.md',
  ...over,
})

const plainTools = () => {
  const normalise = createNormaliser()
  return { normalise, tokeniser: createTokeniser() }
}

const contentOf = (
  knowledge: KnowledgeBase,
  topics: Content['topics'],
  { normalise, tokeniser }: ReturnType<typeof plainTools>,
): Content => ({
  ...{ knowledge, topics },
  searchOver: async (articles) => {
    const search = await createSearchInTurns({ articles, normalise, tokeniser })
    return (text, limit) => search(searchText(text, normalise), limit)
  },
})

/** Content of these articles alone. */
export const helpContent = (
  articles: readonly Article[],
  topics: Content['topics'] = [
    { topic: 'vip-refund', zh: '大会员退款', en: 'Membership refunds' },
    { topic: 'app-crash', zh: '闪退', en: 'Crashes' },
  ],
): Content => contentOf({ version: 'test', articles }, topics, plainTools())

/** The articles that ship. */
export const demoContent = async (): Promise<Content> => {
  const { intents } = await loadIntents('intents')
  const topics = intents?.topics ?? []
  const { knowledge } = await loadKnowledge(
    'knowledge/articles',
    topics.map(({ topic }) => topic),
  )
  const { lexicons } = await loadLexicons('intents/lexicon')
  if (knowledge === undefined) throw new Error('the demo has no articles')
  return contentOf(knowledge, topics, createTextTools(lexicons))
}

const mediaOf = (content: () => Content): HelpOptions['media'] => ({
  find: async (mediaId) => {
    const file = content().knowledge.pictures?.find(({ media }) => media.mediaId === mediaId)
    return file && { media: file.media, bytes: await readFile(file.path) }
  },
})

/** Opens a help centre with some articles. `config`: the section `help`. */
export const openHelpWorld = async (
  content: Content = helpContent([buildHelpArticle()]),
  config: unknown = {},
): Promise<HelpWorld> => {
  const clock = createMovableClock()
  const lines: LogLine[] = []
  const votes: HelpVote[] = []
  const learned: { readonly typed: string; readonly articleId: string }[] = []
  const help = helpConfig.parse(config)
  const state = {
    content,
    incidents: [] as Incidents,
    today: '2026-11-28',
    broken: undefined as Error | undefined,
  }
  let origin = ''
  const log = createMemoryLog(lines)
  const options: HelpOptions = {
    site: {
      brand: { zh: '次元站', en: 'Ciyuan' },
      config: help,
      origin: 'https://help.example.com',
      timeZone: 'Asia/Shanghai',
    },
    content: () => state.content,
    today: () => state.today,
    popular: ['vip-refund-apply', 'vip-auto-renew-stop'],
    incidents: () => state.incidents,
    ways: () => ({
      config: help,
      chatUrl: '/channels/web-demo/page',
      hours: (language) => (language === 'en' ? '10:00–18:00 every day' : '每天 10:00–18:00'),
      backAt: undefined,
      timeZone: 'Asia/Shanghai',
    }),
    media: mediaOf(() => state.content),
    votes: {
      add: (vote) => {
        if (state.broken !== undefined) return Promise.reject(state.broken)
        votes.push(vote)
        return Promise.resolve()
      },
    },
    learn: (question) => {
      learned.push(question)
      return Promise.resolve()
    },
    slips: createSlips({ key: 'key of the slips', cache: createInProcessCache(), clock }),
    limiters: createInProcessLimiters(),
    surroundings: {
      visitorOf: createVisitorKey(['127.0.0.1']),
      readForm: createFormReader(2_048),
      isOurs: (from) => createOrigins([origin], 0).allows(from),
    },
    log,
  }
  const server = createHttpServer({
    ...{ log, publicUrls: [], trustedProxies: ['127.0.0.1'], channels: new Map() },
    ready: () => Promise.resolve(true),
    extra: [(app) => mountHelpCentre(app, options)],
  })
  ;({ url: origin } = await server.listen({ port: 0 }))
  return Object.assign(state, { origin, votes, learned, clock, log: lines, stop: () => server.stop() })
}
