import { randomUUID } from 'node:crypto'
import { createMovableClock, type Clock, type MovableClock } from '../../src/core/clock.ts'
import type { Claim, DecisionRecord, OutboundDraft } from '../../src/core/conversation.ts'
import type { Database } from '../../src/core/database.ts'
import type { Classification } from '../../src/core/understanding.ts'
import type { Proposal, Weighed } from '../../src/core/learning.ts'
import {
  byCentrality,
  createDecideAct,
  createDecideMove,
  createPlacer,
  createRefiner,
  refineInProcess,
  type OpenSpace,
} from '../../src/feedback/index.ts'
import type { ApiServices } from '../../src/http/index.ts'
import { createAssessor, createCollector, createLearningService } from '../../src/learning/index.ts'
import {
  createConversationStore,
  createEventLog,
  createFailureIntake,
  createProposalMaking,
  createProposalStore,
  createQuestionGrouping,
  createQuestionVectors,
  createReaderIntake,
  createSuggestionVectors,
  createVerdictStore,
} from '../../src/store/index.ts'
import { maskPersonal } from '../../src/text/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildRecord } from './builders.ts'
import { untilEventsAreReadable } from './readable-events.ts'

/** All that is kept of questions that went wrong on one database. */
export const openLearningStores = (database: Database) => {
  const act = createDecideAct(randomUUID)
  return {
    intake: createFailureIntake(database),
    readers: createReaderIntake(database),
    vectors: createQuestionVectors(database),
    spaces: createSuggestionVectors(database),
    grouping: createQuestionGrouping(database),
    making: createProposalMaking(database),
    proposals: createProposalStore(database, {
      merge: (board, id, from) => act(board, id, { act: 'merge', from }),
      move: createDecideMove(randomUUID),
    }),
    events: createEventLog(database),
    verdicts: createVerdictStore(database),
    conversations: createConversationStore(database),
  }
}

/** What the API knows of proposals, without a background. */
export const openLearningServices = (
  database: Database,
  clock: Clock,
  knowledge: ApiServices['knowledge'],
): ApiServices['learning'] => {
  const { proposals, making } = openLearningStores(database)
  return {
    proposals,
    verdicts: createVerdictStore(database),
    service: createLearningService({
      ...{ proposals, making, clock, mask: maskPersonal, central: byCentrality },
      ...{ drafts: knowledge.drafts, publishing: knowledge.publishing, evaluations: knowledge.evaluations },
      articles: async () =>
        new Map(
          (await knowledge.articles.list()).flatMap(({ articleId, live }) =>
            live === undefined ? [] : [[articleId, live] as const],
          ),
        ),
    }),
  }
}

const subjects = ['月球', '退款', '倍速', '头像', '弹幕'] as const
const dimensions = subjects.length + 1

/** A vector by subject: what names the same one means the same, and 稍 leans a little aside. */
const vectorOf = (text: string): Float32Array => {
  const vector = new Float32Array(dimensions)
  const at = subjects.findIndex((subject) => text.includes(subject))
  const lean = text.includes('稍') ? 0.3 : 0
  vector[at < 0 ? dimensions - 1 : at] = Math.cos(lean)
  if (lean > 0) vector[dimensions - 1] = Math.sin(lean)
  return vector
}

const never = new AbortController().signal

/** A turn of the bot, in a few words. */
export interface TurnFacts extends Partial<Omit<DecisionRecord, 'classification'>> {
  /** What it weighed; the best first. */
  readonly weighed?: readonly Weighed[]
  /** What a person says next. */
  readonly reply?: string
}

const classificationOf = (weighed: readonly Weighed[]): Classification => ({
  ...{ text: '', language: 'zh', intent: 'question', topic: 'refund', handling: 'faq', confidence: 0.4 },
  candidates: weighed.map((one) => ({ ...one, topic: 'refund', question: `怎么${one.articleId}` })),
  ...{ outOfScope: 0.1, urgency: 'normal', emotion: 'neutral', emotionStrength: 0, asksForPerson: false },
  ...{ reasons: [], knowledgeVersion: 'a1b2c3' },
})

const agentSays = (text: string | undefined): readonly OutboundDraft[] =>
  text === undefined ? [] : [buildDraft(text, { author: 'agent', agentId: 'li' })]

/** Contacts who ask, and what becomes of what the bot did not settle, on one database of its own. */
export interface LearningWorld {
  readonly stores: ReturnType<typeof openLearningStores>
  readonly clock: MovableClock
  /** What the knowledge in use makes of a text; changed at will. */
  knows: (text: string) => readonly Weighed[] | Promise<readonly Weighed[]>
  /** The articles that are given; changed at will. */
  readonly inUse: Set<string>
  says(contactKey: string, text: string, turn?: TurnFacts): Promise<Claim>
  collect(): Promise<number>
  place(): Promise<number>
  /** The same on another node. */
  placeElsewhere(): Promise<number>
  refine(): Promise<unknown>
  assess(): Promise<number>
  /** Collects, places and assesses, as every minute does. */
  learn(): Promise<void>
  proposals(): Promise<readonly Proposal[]>
}

/** Opens a world in which three questions make a proposal; `start` is its first moment. */
export const openLearningWorld = async (
  database: Database,
  start = new Date('2026-11-20T04:00:00Z'),
): Promise<LearningWorld> => {
  const stores = openLearningStores(database)
  const clock = createMovableClock({ now: () => start })
  await stores.spaces.keepSpace({ id: randomUUID(), maker: 'test', dimensions, data: {} }, clock.now())
  const openSpace = async (): Promise<OpenSpace> => ({
    ...{ id: (await stores.spaces.space())?.id ?? '', dimensions, joinsAt: 0.6 },
    vectorsOf: (texts) => Promise.resolve(texts.map(vectorOf)),
  })
  const placing = { vectors: stores.vectors, making: stores.grouping, openSpace, clock }
  const collect = createCollector({
    ...{ events: stores.events, intake: stores.intake, clock, mask: maskPersonal },
  })
  const place = createPlacer({ ...placing, newId: randomUUID })
  const { grouping } = openLearningStores(database)
  const placeElsewhere = createPlacer({ ...placing, making: grouping, newId: randomUUID })
  const refine = createRefiner({
    ...{ ...placing, refine: refineInProcess, most: 1_000 },
    wordsOf: (text) => subjects.filter((subject) => text.includes(subject)),
  })
  const world: LearningWorld = {
    ...{ stores, clock, inUse: new Set(['refund-how', 'refund-time', 'refund-other']) },
    knows: () => [],
    says: async (contactKey, text, { weighed = [], reply, ...turn } = {}) => {
      clock.advance(1_000)
      const now = clock.now()
      await stores.conversations.accept([buildItem(buildInbound({ contactKey, text, sentAt: now }))], now)
      const [claim] = await stores.conversations.claim(randomUUID(), 1, 60_000)
      if (claim === undefined) throw new Error('nothing was ready')
      const decision = buildRecord({
        ...{ kind: 'clarify', rule: 'nothing-found', thresholds: { answer: 0.5, clarify: 0.2 } },
        ...turn,
        classification: classificationOf(weighed),
      })
      await stores.conversations.commit([buildOutcome(claim, { decision, outbound: agentSays(reply) })], now)
      return claim
    },
    collect: async () => {
      await untilEventsAreReadable(database)
      return collect(never)
    },
    place: () => place(never),
    placeElsewhere: () => placeElsewhere(never),
    refine: () => refine(never),
    assess: () =>
      createAssessor({
        ...{ making: stores.making, central: byCentrality, least: 3, clock, nearAt: 0.1 },
        inUse: () => world.inUse,
        weigh: async (text) =>
          (await world.knows(text)).map((one) => ({ ...one, question: `怎么${one.articleId}` })),
      })(never),
    learn: async () => {
      await world.collect()
      await world.place()
      await world.assess()
    },
    proposals: () => stores.proposals.list({}, { limit: 100 }, clock.now()),
  }
  return world
}
