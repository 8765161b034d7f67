import { TZDate } from '@date-fns/tz'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { type Check, reasonOf } from '../core/check.ts'
import { systemClock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import type { ModelLedger, ModelOutcome } from '../core/model-ledger.ts'
import { type LlmConfig, type ModelConfig, type OpenLanguageModel, openLanguageModel } from '../llm/index.ts'
import { mostTurnMs } from '../router/index.ts'
import type { ModelMetrics } from './model-metrics.ts'
import type { BareParts, Parts } from './parts.ts'

/** When the day of a time zone began. */
export const startOfDayIn =
  (timezone: string) =>
  (now: Date): Date => {
    const local = new TZDate(now.getTime(), timezone)
    return new Date(new TZDate(local.getFullYear(), local.getMonth(), local.getDate(), timezone).getTime())
  }

/** The configured language model, or why there is none, with what to do; neither where there is to be none. */
const tryLanguageModel = async (
  { config, clock, log, stores }: BareParts,
  metrics: ModelMetrics,
): Promise<Pick<Parts, 'languageModel' | 'languageModelProblem'>> => {
  const nodeLog = log.child({ part: 'llm' })
  try {
    const opened = await openLanguageModel(config.llm, {
      ...{ clock, ledger: stores.modelLedger, log: nodeLog, watch: metrics },
      startOfDay: startOfDayIn(config.dialogue.timezone),
    })
    if (opened !== undefined) metrics.watch(opened.standings)
    return { languageModel: opened, languageModelProblem: undefined }
  } catch (error) {
    const problem = reasonOf(error)
    nodeLog.error({ problem }, 'the language model cannot be used; the product goes on without')
    return { languageModel: undefined, languageModelProblem: problem }
  }
}

/** Adds the configured language model to what the product stands on. Without one that can be opened it goes on. */
export const withLanguageModel = async (parts: BareParts, metrics: ModelMetrics): Promise<Parts> => ({
  ...parts,
  ...(await tryLanguageModel(parts, metrics)),
})

const nothing = { tokens: 0, costMicros: 0 }
/** A look at a model is no part of a day's work. */
const noLedger: ModelLedger = {
  record: () => Promise.resolve(),
  retire: () => Promise.resolve(),
  spent: () => Promise.resolve({ day: nothing, conversation: nothing }),
}

const openForLook = (llm: LlmConfig, model: ModelConfig): Promise<OpenLanguageModel | undefined> =>
  openLanguageModel(
    {
      ...llm,
      model,
      fallback: undefined,
      budget: { ...llm.budget, tokensPerDay: 1_000_000, costPerDay: undefined },
    },
    {
      ...{ clock: systemClock, log: silentLog, ledger: noLedger, startOfDay: (now) => now },
      watch: { called: () => undefined, withheld: () => undefined },
    },
  )

const fixes: Readonly<Partial<Record<ModelOutcome, string>>> = {
  timeout:
    '太慢或没有回应；换更快的模型，或关掉它的思考过程 too slow, or no answer at all; take a faster model, or switch off its thinking aloud (llm.model.extraBody)',
  unreachable:
    '连不上；看 baseUrl、网络和防火墙 it cannot be reached; look at baseUrl, the network and the firewall',
  refused: '对方拒绝；看 apiKey、name 和 baseUrl the provider refuses; look at apiKey, name and baseUrl',
  rate_limited: '对方限流或余额不足；看账户 too many calls, or no credit left; look at the account',
  failed:
    '对方出错；看它的状态页，稍后再试 a fault of the provider; look at its status page, try again later',
  malformed: '答案不合格式；换一种 structured an answer in another shape; try another value of structured',
  empty:
    '答案是空的；换一种 structured，或换模型 an empty answer; try another value of structured, or another model',
  truncated: '答案被截断；加大 llm.maxOutputTokens the answer was cut; raise llm.maxOutputTokens',
}

const outcomeOf = (error: unknown): ModelOutcome | undefined =>
  error instanceof TongdaError ? (error.facts['outcome'] as ModelOutcome | undefined) : undefined

const fixOf = (error: unknown): string => {
  const outcome = outcomeOf(error)
  const status = error instanceof TongdaError ? error.facts['status'] : undefined
  const fix = outcome === undefined ? undefined : fixes[outcome]
  if (fix === undefined) return reasonOf(error)
  return typeof status === 'number' ? `HTTP ${String(status)}: ${fix}` : fix
}

const checkModel = async (llm: LlmConfig, model: ModelConfig, which: string): Promise<Check> => {
  const title = `${which} ${model.provider}/${model.name}`
  try {
    const opened = await openForLook(llm, model)
    const answer = await opened?.ask({
      purpose: 'judge',
      instructions: 'Say whether two and two make four: answer with the member "yes", true or false.',
      material: [],
      schema: z.strictObject({ yes: z.boolean() }),
      // Whoever is too slow for a contact is too slow.
      timeoutMs: llm.timeoutMs,
    })
    return { title: `${title} (${String(answer?.ms ?? 0)} ms)`, passed: true }
  } catch (error) {
    return { title, passed: false, fix: fixOf(error) }
  }
}

const uses = ['answers', 'rewrites', 'assist', 'editing'] as const

/** What is switched on and does nothing, and what it needs. */
const idleUses = (llm: LlmConfig): readonly string[] => {
  const on = uses.filter((use) => llm[use] === 'on')
  if (llm.model === undefined) return on.map((use) => `llm.${use} 需要 needs llm.model`)
  return [
    ...(llm.streaming === 'on' && llm.answers === 'off' ? ['llm.streaming 需要 needs llm.answers: on'] : []),
    ...(llm.summaries === 'on-handover' && llm.assist === 'off'
      ? ['llm.summaries: on-handover 需要 needs llm.assist: on']
      : []),
  ]
}

const checkUses = (llm: LlmConfig): readonly Check[] => {
  const idle = idleUses(llm)
  if (idle.length === 0) return []
  return [{ title: '语言模型的用途 what the language model is for', passed: false, fix: idle.join('; ') }]
}

/** Who has a key has a bill; a model on one's own machine may well cost nothing. */
const checkPrices = (llm: LlmConfig): readonly Check[] => {
  const { costPerDay, costPerConversation } = llm.budget
  if ((costPerDay ?? costPerConversation) === undefined) return []
  return (['model', 'fallback'] as const).flatMap((which): Check[] => {
    const one = llm[which]
    if (one?.apiKey === undefined || one.inputPrice + one.outputPrice > 0) return []
    return [
      {
        title: `费用上限 the caps for costs, ${one.provider}/${one.name}`,
        passed: true,
        remark: `llm.${which} 没有价格，它的调用不计入费用；要收费就填 inputPrice、outputPrice it has no price, so its calls count nothing; give both prices unless it is free`,
      },
    ]
  })
}

/** Whether the configured language models answer, each being asked one small question, and what is switched on in vain. */
export const checkLanguageModels = async ({ llm }: Pick<Config, 'llm'>): Promise<readonly Check[]> => [
  ...checkUses(llm),
  ...checkPrices(llm),
  ...(llm.model === undefined ? [] : [await checkModel(llm, llm.model, '语言模型 language model')]),
  ...(llm.fallback === undefined
    ? []
    : [await checkModel(llm, llm.fallback, '后备语言模型 second language model')]),
]

/** Tools whose results a language model may read, where none is asked for answers. */
export const checkToolsForModel = ({ llm, tools }: Pick<Config, 'llm' | 'tools'>): readonly Check[] => {
  if (llm.answers === 'on') return []
  const inVain = [
    ...Object.entries(tools.http).map(([name, tool]) => [`http.${name}`, tool] as const),
    ...Object.entries(tools.mcp).flatMap(([server, section]) =>
      Object.entries(section.tools).map(([name, tool]) => [`mcp.${server}.tools.${name}`, tool] as const),
    ),
  ].flatMap(([key, { toModel }]) => (toModel ? [`tools.${key}`] : []))
  if (inVain.length === 0) return []
  return [
    {
      title: `给语言模型的工具 tools for the language model: ${inVain.join(', ')}`,
      passed: true,
      remark: 'toModel 没有作用，需要 does nothing without llm.answers: on',
    },
  ]
}

/** Milliseconds after which somebody who wrote has waited too long. */
const longestMs = 8_000

/** Whether whoever writes is answered in time where a model helps; no fault, since it is rarely that slow. */
export const checkAnswerTime = ({ llm, router }: Pick<Config, 'llm' | 'router'>): readonly Check[] => {
  const settleMs = Math.min(router.settleMs, router.settleMaxMs)
  const isAsked = llm.model !== undefined && (llm.answers === 'on' || llm.rewrites === 'on')
  if (!isAsked || settleMs + mostTurnMs <= longestMs) return []
  const most = String(longestMs - mostTurnMs)
  return [
    {
      title: `连发合并等 the wait for further pieces ${String(settleMs)} ms`,
      passed: true,
      remark: `加上模型回答可能超过 8 秒；把 router.settleMs 设为 ${most} 以内 with a model's answer it may pass 8 s; set router.settleMs to ${most} at most`,
    },
  ]
}
