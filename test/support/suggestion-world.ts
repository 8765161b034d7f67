import { randomUUID } from 'node:crypto'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { createMovableClock, type Clock, type MovableClock } from '../../src/core/clock.ts'
import type { AcceptItem, Claim, DecisionRecord, TurnOutcome } from '../../src/core/conversation.ts'
import type { Database } from '../../src/core/database.ts'
import type { RecogniseSuggestions } from '../../src/core/feedback.ts'
import type { SuggestionTheme } from '../../src/core/suggestions.ts'
import { createTeller } from '../../src/core/telling.ts'
import {
  createCollector,
  createDecideAct,
  createDecideMove,
  createPlacer,
  createRefiner,
  createReporter,
  newsParts,
  createTelling,
  refineInProcess,
  reportCsv,
  reportMarkdown,
  type OpenSpace,
} from '../../src/feedback/index.ts'
import type { ApiServices } from '../../src/http/index.ts'
import {
  createConversationStore,
  createEventLog,
  createNoticeReading,
  createNoticeStore,
  createSuggestionCounting,
  createSuggestionIntake,
  createSuggestionStore,
  createSuggestionVectors,
  createThemeMaking,
  createThemeStore,
} from '../../src/store/index.ts'
import { maskPersonal } from '../../src/text/index.ts'
import { buildDraft, buildInbound, buildItem, buildOutcome, buildRecord } from './builders.ts'
import { plainCapabilities } from './journey.ts'
import { untilEventsAreReadable } from './readable-events.ts'

/** All that is kept of suggestions on one database. */
export const openSuggestionStores = (database: Database) => ({
  items: createSuggestionStore(database, createDecideMove(randomUUID)),
  themes: createThemeStore(database, createDecideAct(randomUUID)),
  intake: createSuggestionIntake(database),
  vectors: createSuggestionVectors(database),
  making: createThemeMaking(database),
  counting: createSuggestionCounting(database),
  notices: createNoticeStore(database),
  reading: createNoticeReading(database),
  events: createEventLog(database),
  conversations: createConversationStore(database),
})

/** What the API knows of suggestions, without a background. */
export const openSuggestionServices = (
  database: Database,
  clock: Clock,
  capabilities: Capabilities = plainCapabilities,
): ApiServices['suggestions'] => {
  const { items, themes, notices, reading, counting } = openSuggestionStores(database)
  return {
    ...{ items, themes, notices: reading, mask: maskPersonal },
    telling: createTelling({
      ...{ notices, themes, clock, capabilitiesOf: () => capabilities },
      enqueue: () => Promise.resolve(),
    }),
    report: createReporter({ counting, clock, timeZone: 'Asia/Shanghai' }),
    write: { csv: reportCsv, markdown: reportMarkdown },
  }
}

/** Everything with 建议 in it, sentence by sentence; 可能 makes it unsure. */
const simpleReader: RecogniseSuggestions = {
  suggestionsIn: (text) =>
    text
      .split('。')
      .filter((sentence) => sentence.includes('建议'))
      .map((sentence) => ({ sentence, cues: ['suggest'], isSure: !sentence.includes('可能') })),
  saysStop: (text) => text === '别再通知',
}

const subjects = ['倍速', '夜间', '收藏', '弹幕', '投屏'] as const
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

const tellingWords = {
  shipped: { zh: '“{suggestion}”：{news}', en: '"{suggestion}": {news}' },
  declined: { zh: '“{suggestion}”不做：{news}', en: '"{suggestion}", no: {news}' },
}

const never = new AbortController().signal

/** Contacts who suggest things, and what becomes of it, on one database of its own. */
export interface SuggestionWorld {
  readonly stores: ReturnType<typeof openSuggestionStores>
  readonly clock: MovableClock
  /** What the channel can do; changed at will. */
  channel: { capabilities: Capabilities | undefined }
  /** A contact's message, and the turn that answers it. */
  says(
    contactKey: string,
    text: string,
    more?: {
      readonly decision?: Partial<DecisionRecord>
      readonly outcome?: (claim: Claim) => Partial<TurnOutcome> | Promise<Partial<TurnOutcome>>
      readonly item?: Partial<AcceptItem>
      readonly unanswered?: true
    },
  ): Promise<Claim>
  collect(): Promise<number>
  place(): Promise<number>
  refine(): Promise<{ readonly moved: number; readonly ended: number }>
  tell(themeId: string): Promise<void>
  readonly telling: ReturnType<typeof createTelling>
  /** A new space: all vectors are made anew. */
  renewSpace(): Promise<void>
  themes(): Promise<readonly SuggestionTheme[]>
  themeOf(text: string): Promise<SuggestionTheme>
}

/** Opens a world; `start` is its first moment. */
export const openSuggestionWorld = async (
  database: Database,
  start = new Date('2026-11-20T04:00:00Z'),
): Promise<SuggestionWorld> => {
  const stores = openSuggestionStores(database)
  const clock = createMovableClock({ now: () => start })
  const channel: SuggestionWorld['channel'] = { capabilities: plainCapabilities }
  const renewSpace = () =>
    stores.vectors.keepSpace({ id: randomUUID(), maker: 'test', dimensions, data: {} }, clock.now())
  await renewSpace()
  const openSpace = async (): Promise<OpenSpace> => ({
    ...{ id: (await stores.vectors.space())?.id ?? '', dimensions, joinsAt: 0.6 },
    vectorsOf: (texts) => Promise.resolve(texts.map(vectorOf)),
  })
  const placing = { vectors: stores.vectors, making: stores.making, openSpace, clock }
  const collect = createCollector({
    ...{ events: stores.events, intake: stores.intake, clock, mask: maskPersonal },
    recognise: () => simpleReader,
    languageOf: (text) => (/[\u4e00-\u9fff]/.test(text) ? 'zh' : 'en'),
  })
  const place = createPlacer({ ...placing, newId: randomUUID })
  const refine = createRefiner({
    ...{ ...placing, refine: refineInProcess, most: 1_000 },
    wordsOf: (text) => subjects.filter((subject) => text.includes(subject)),
  })
  const telling = createTelling({
    ...{ notices: stores.notices, themes: stores.themes, clock },
    capabilitiesOf: () => channel.capabilities,
    enqueue: () => Promise.resolve(),
  })
  const teller = createTeller({
    ...{ notices: stores.notices, clock, onTold: () => undefined },
    capabilitiesOf: () => channel.capabilities,
    compose: (_inboxId, parts) => buildDraft('', { parts, rendered: parts }),
    partsOf: (news) => newsParts(news, tellingWords),
  })
  const themes = () => stores.themes.list({}, { limit: 100 }, clock.now())
  return {
    ...{ stores, clock, channel, telling, renewSpace, themes },
    says: async (contactKey, text, { decision, outcome, item, unanswered } = {}) => {
      const now = clock.now()
      const message = buildInbound({ contactKey, text, sentAt: now })
      await stores.conversations.accept([buildItem(message, item)], now)
      const [claim] = await stores.conversations.claim(randomUUID(), 1, 60_000)
      if (claim === undefined) throw new Error('nothing was ready')
      if (unanswered) return claim
      const changes = (await outcome?.(claim)) ?? {}
      await stores.conversations.commit(
        [buildOutcome(claim, { decision: buildRecord(decision), ...changes })],
        now,
      )
      return claim
    },
    collect: async () => {
      await untilEventsAreReadable(database)
      return collect(never)
    },
    place: () => place(never),
    refine: () => refine(never),
    tell: (themeId) => teller(themeId, never),
    themeOf: async (text) => {
      const found = (await themes()).find(({ examples }) => examples.some((one) => one.includes(text)))
      if (found === undefined) throw new Error(`no theme has ${text}`)
      return found
    },
  }
}
