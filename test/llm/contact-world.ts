import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import type { Claim, TurnOutcome } from '../../src/core/conversation.ts'
import type { Article } from '../../src/core/knowledge.ts'
import { silentLog } from '../../src/core/log.ts'
import { textOf } from '../../src/core/message.ts'
import type { LanguageModel } from '../../src/core/language-model.ts'
import type { ModelHelp } from '../../src/core/model-help.ts'
import type { TurnPreview } from '../../src/core/preview.ts'
import type { TurnTools } from '../../src/core/turn-tools.ts'
import type { Classification } from '../../src/core/understanding.ts'
import { createModelHelp, llmConfig } from '../../src/llm/index.ts'
import { createTurn } from '../../src/router/index.ts'
import { article, classified, dialogueWith } from '../dialogue/builders.ts'
import { buildDraft, buildTicketDraft, noStandings } from '../support/builders.ts'
import { openTestModel } from '../support/language-model.ts'

export const refund = article('vip-refund-apply', {
  topic: 'vip-refund',
  question: '大会员买错了可以退款吗',
  answer: '购买后 15 天内没有使用过可以申请退款，审核通过后 1-3 个工作日原路退回。连续包月不支持退款。',
  en: {
    question: 'Can I get a refund for a membership?',
    answer: 'A membership bought within 15 days can be returned. Monthly plans are not returned.',
  },
})
export const progress = article('vip-refund-progress', {
  topic: 'vip-refund',
  question: '退款进度在哪里查',
  answer: '在我的订单里查看退款进度。',
})
export const mistake = article('live-gift-refund-mistake', {
  topic: 'live-gift-refund',
  question: '送错礼物能退吗',
  answer: '机密内容，由同事核实。',
  handoff: true,
})

export const candidate = ({ id, topic, question }: Article, score: number) => ({
  articleId: id,
  topic,
  question,
  score,
})

/** Two articles may be meant, none surely. */
export const unsure: Partial<Classification> = {
  confidence: 0.5,
  candidates: [candidate(refund, 0.4), candidate(mistake, 0.3), candidate(progress, 0.25)],
}

/** What a well-behaved model writes. */
export const sound = {
  answered: true,
  sentences: [{ text: '购买后15天内没有使用过可以申请退款', sources: ['article:vip-refund-apply'] }],
}

/** How words are understood; anything else is unsure. */
export type Meanings = (words: string) => Partial<Classification> | undefined

export interface Told {
  readonly outcome: TurnOutcome
  readonly said: string
  readonly reasons: readonly string[]
}

/** A provider on this machine and turns that may ask it. */
export const openContactWorld = () => {
  const clock = createMovableClock()
  const world: { provider: LlmSimulator | undefined } = { provider: undefined }
  const provider = (): LlmSimulator => {
    if (world.provider === undefined) throw new Error('the provider has not started')
    return world.provider
  }
  beforeAll(async () => {
    world.provider = await startLlmSimulator()
  })
  beforeEach(() => provider().reset())
  afterAll(() => provider().stop())

  const turnWith = async ({
    articles = [refund, progress, mistake],
    meanings = () => undefined,
    section,
    help: given,
    tools,
  }: {
    readonly articles?: readonly Article[]
    readonly meanings?: Meanings
    /** More of the `llm` section; null: there is no model. */
    readonly section?: Record<string, unknown> | null
    /** Help in the model's place. */
    readonly help?: ModelHelp
    /** The brand's tools, for the model to choose from. */
    readonly tools?: (model: LanguageModel) => TurnTools
  } = {}) => {
    const understand = (text: string): Promise<Classification> =>
      Promise.resolve(classified({ ...unsure, ...meanings(text), text }))
    const whole = {
      model: { provider: 'openai', name: 'small', apiKey: 'sk-canary-7f3a9c', baseUrl: provider().baseUrl },
      answers: 'on',
      ...section,
    }
    const help =
      given ??
      (section === null
        ? undefined
        : createModelHelp({
            model: (await openTestModel(whole)).model,
            understand,
            config: llmConfig.parse(whole),
            log: silentLog,
          }))
    const turn = createTurn({
      dialogue: dialogueWith({ knowledge: () => ({ version: 'v1', articles }) }),
      understand,
      clock,
      help,
      ...(tools === undefined ? {} : { tools: tools((await openTestModel(whole)).model) }),
      nextTicketNumber: () => Promise.resolve(1_001),
      transcript: () => Promise.resolve([]),
      draftTicket: ({ number }) => buildTicketDraft(number),
      ...noStandings,
      compose: (_inboxId, parts) => buildDraft(textOf(parts), { parts }),
    })
    return async (claim: Claim, preview?: TurnPreview): Promise<Told> => {
      const outcome = await turn(claim, preview)
      return {
        outcome,
        said: outcome.outbound.map(({ parts }) => textOf(parts)).join('\n'),
        reasons: outcome.decision.reasons.map((one) => (typeof one === 'string' ? one : one.code)),
      }
    }
  }
  return { clock, provider, turnWith }
}
