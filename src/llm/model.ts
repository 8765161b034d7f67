import type { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { LanguageModel, ModelAnswer, ModelPurpose, ModelRequest } from '../core/language-model.ts'
import type { Logger } from '../core/log.ts'
import type { ModelCall, ModelLedger } from '../core/model-ledger.ts'
import { type Breaker, type BreakerState, createBreaker } from './breaker.ts'
import { type Budget, createBudget } from './budget.ts'
import { type Chat, openChat } from './chat.ts'
import type { LlmConfig } from './config.ts'
import { type CallFailure, isAway, isPassing } from './failure.ts'
import { finishedPart } from './growing.ts'
import { loadLangChain } from './langchain.ts'
import { maskMaterial, type MaskedMaterial } from './masking.ts'
import type { ChatQuestion, ChatResult } from './question.ts'
import { shapeOf } from './shape.ts'
import type { Tape } from './tape.ts'
import { costMicrosOf } from './tokens.ts'

/** Hears of what language models do, for those who watch. */
export interface ModelWatch {
  /** A call is over, whatever came of it. */
  readonly called: (call: ModelCall) => void
  /** No call was made: the budget is used up, or every model is left alone. */
  readonly withheld: (purpose: ModelPurpose, why: 'over_budget' | 'left_alone') => void
}

/** What a language model stands on. */
export interface ModelDeps {
  readonly ledger: ModelLedger
  readonly clock: Clock
  readonly log: Logger
  readonly watch: ModelWatch
  /** When the day began for which a budget counts. */
  readonly startOfDay: (now: Date) => Date
  /** Records what is said, or says it again. Absent: neither. */
  readonly tape?: Tape | undefined
}

/** How a model fares on this node. */
export interface ModelStanding {
  readonly model: string
  readonly breaker: BreakerState
  /** Until when it is left alone; absent: it may be asked. */
  readonly leftAloneUntil?: Date
}

/** A language model that tells how it fares. */
export interface OpenLanguageModel extends LanguageModel {
  readonly standings: () => readonly ModelStanding[]
}

interface Guarded {
  readonly chat: Chat
  readonly breaker: Breaker
}

interface Running extends ModelDeps {
  readonly config: LlmConfig
  readonly models: readonly Guarded[]
  readonly budget: Budget
}

/** What stays the same over the attempts for one request. */
interface Asking<T> {
  readonly request: ModelRequest<T>
  readonly question: ChatQuestion
  readonly masked: MaskedMaterial
  /** Ends when time is up for all attempts. */
  readonly deadline: AbortSignal
  readonly endsAt: number
}

type Attempt<T> = { readonly answer: ModelAnswer<T> } | { readonly failure: CallFailure }

/** The first model may not take all the time where another stands behind it. */
const firstShare = 0.6
/** With less time than this nobody is asked after the first, in milliseconds. */
const leastMs = 250

const unavailable = (message: string, facts: Record<string, unknown>): TongdaError =>
  new TongdaError('model_unavailable', message, facts)

/** What was said, whole again and as the schema wants it. */
const check = <T>(said: ChatResult['said'], masked: MaskedMaterial, schema: z.ZodType<T>) => {
  if ('outcome' in said) return said
  const whole = masked.restore(said.value)
  if (whole === undefined) return { outcome: 'malformed' } as const
  const parsed = schema.safeParse(whole.value)
  return parsed.success ? { value: parsed.data } : ({ outcome: 'malformed' } as const)
}

/** Told apart from a deadline: whoever asked has gone. */
const withAbort = (failure: CallFailure, signal: AbortSignal | undefined): CallFailure =>
  failure.outcome === 'timeout' && signal?.aborted === true ? { outcome: 'aborted' } : failure

/** Faults of what was said: the provider is well, and contacts can bring them about for everybody. */
const saidBadly: ReadonlySet<CallFailure['outcome']> = new Set(['malformed', 'truncated', 'filtered'])

/** `wasCutShort`: the ledger had taken most of the time, so that a late answer is not the model's fault. */
const learn = (
  breaker: Breaker,
  outcome: { readonly value: unknown } | CallFailure,
  wasCutShort: boolean,
): void => {
  if ('value' in outcome || saidBadly.has(outcome.outcome)) breaker.succeeded()
  else if (outcome.outcome === 'aborted' || (wasCutShort && outcome.outcome === 'timeout')) breaker.gaveUp()
  else breaker.failed(outcome.retryAfterMs)
}

const callOf = <T>(
  { clock }: Running,
  { chat }: Guarded,
  { request }: Asking<T>,
  result: Pick<ModelCall, 'inputTokens' | 'outputTokens' | 'ms' | 'outcome'>,
): ModelCall => ({
  ...result,
  at: clock.now(),
  purpose: request.purpose,
  model: chat.name,
  conversationId: request.conversationId,
  costMicros: costMicrosOf(chat.prices, result),
})

/** Writes a call down. What cannot be written down stays reserved on this node, so that it counts all the same. */
const settle = async (running: Running, call: ModelCall, release: () => void): Promise<void> => {
  running.watch.called(call)
  try {
    await running.ledger.record(call)
    release()
  } catch {
    running.log.error(
      { purpose: call.purpose, model: call.model },
      'a call of a language model was not recorded',
    )
  }
}

const note = (log: Logger, call: ModelCall, status: number | undefined): void => {
  const { purpose, model, outcome, ms, inputTokens, outputTokens } = call
  const facts = { purpose, model, outcome, ms, inputTokens, outputTokens }
  if (outcome === 'answered') log.info(facts, 'language model answered')
  else log.warn({ ...facts, ...(status === undefined ? {} : { status }) }, 'language model failed')
}

/** Asks one model once. Rejects with `model_over_budget` only. */
const attempt = async <T>(
  running: Running,
  guarded: Guarded,
  asking: Asking<T>,
  withinMs: number,
): Promise<Attempt<T>> => {
  const { chat, breaker } = guarded
  const { request, question, masked, deadline } = asking
  const inputTokens = chat.measure(question)
  const most = { inputTokens, outputTokens: running.config.maxOutputTokens }
  const begunAt = performance.now()
  const { release } = await running.budget.reserve(
    { tokens: most.inputTokens + most.outputTokens, costMicros: costMicrosOf(chat.prices, most) },
    request.conversationId,
  )
  if (deadline.aborted) {
    // The ledger took all the time: nothing was asked, and the model is not to blame.
    release()
    breaker.gaveUp()
    return { failure: { outcome: 'aborted' } }
  }
  const startedAt = performance.now()
  const share = AbortSignal.any([deadline, AbortSignal.timeout(Math.ceil(withinMs))])
  const result = await chat.ask(question, share)
  const ms = result.ms ?? Math.round(performance.now() - startedAt)
  const checked = check(result.said, masked, request.schema)
  const outcome = 'value' in checked ? checked : withAbort(checked, request.signal)
  learn(breaker, outcome, startedAt - begunAt > withinMs / 2)
  const call = callOf(running, guarded, asking, {
    ...{ inputTokens: result.inputTokens, outputTokens: result.outputTokens, ms },
    outcome: 'value' in outcome ? 'answered' : outcome.outcome,
  })
  note(running.log, call, 'value' in outcome ? undefined : outcome.status)
  await settle(running, call, release)
  if (!('value' in outcome)) return { failure: outcome }
  const usage = {
    ...{ inputTokens: call.inputTokens, outputTokens: call.outputTokens },
    costMicros: call.costMicros,
  }
  return { answer: { value: outcome.value, model: chat.name, usage, ms } }
}

/** Those that may be asked, each once; one alone a second time, where that may help. */
const tryEach = async <T>(running: Running, asking: Asking<T>): Promise<ModelAnswer<T>> => {
  const { models, watch } = running
  let failure: CallFailure | undefined
  // One that was left alone, or was away, may answer another time.
  let mayPass = false
  for (let number = 0; number < 2; number += 1) {
    const guarded = models[number] ?? (failure !== undefined && isPassing(failure) ? models[0] : undefined)
    const leftMs = asking.endsAt - performance.now()
    if (guarded === undefined || asking.deadline.aborted || (number > 0 && leftMs < leastMs)) break
    if (!guarded.breaker.admit()) {
      mayPass = true
      continue
    }
    const hasNext = number === 0 && models.length > 1
    const tried = await attempt(running, guarded, asking, hasNext ? leftMs * firstShare : leftMs).catch(
      (error: unknown) => {
        guarded.breaker.gaveUp()
        throw error
      },
    )
    if ('answer' in tried) return tried.answer
    ;({ failure } = tried)
    mayPass ||= isAway(failure)
    if (failure.outcome === 'aborted') break
  }
  if (failure !== undefined)
    throw unavailable(`the language model gave no answer that can be used: ${failure.outcome}`, {
      ...failure,
      mayPass,
    })
  watch.withheld(asking.request.purpose, 'left_alone')
  throw unavailable('the language model has failed too often and is left alone for a while', {})
}

/** Ends with `signal`, or when time is up: also for what waits for the ledger. */
const within = async <T>(deadline: AbortSignal, work: () => Promise<T>): Promise<T> => {
  const late = (): TongdaError =>
    unavailable('the language model gave no answer in time', { outcome: 'timeout' })
  if (deadline.aborted) throw late()
  const ending = new AbortController()
  const timeUp = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(late()), { signal: ending.signal })
  })
  try {
    return await Promise.race([work(), timeUp])
  } finally {
    ending.abort()
  }
}

const asOurs = (error: unknown): TongdaError =>
  error instanceof TongdaError && (error.code === 'model_unavailable' || error.code === 'model_over_budget')
    ? error
    : unavailable('the language model could not be asked: what was spent so far cannot be read', {})

/** Tells of what is being written, whole again, when there is more of it. */
const hearing = <T>(
  { whileWritten }: ModelRequest<T>,
  masked: MaskedMaterial,
  deadline: AbortSignal,
): ChatQuestion['heard'] => {
  if (whileWritten === undefined) return undefined
  let known = ''
  return (text) => {
    if (deadline.aborted) return
    const whole = masked.restore(finishedPart(text))
    const now = JSON.stringify(whole?.value)
    if (whole?.value === undefined || now === known) return
    known = now
    whileWritten(whole.value)
  }
}

const ask = async <T>(running: Running, request: ModelRequest<T>): Promise<ModelAnswer<T>> => {
  const { config, log, watch } = running
  const timeoutMs = Math.min(request.timeoutMs ?? config.timeoutMs, config.timeoutMs)
  const timer = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)))
  const deadline = request.signal === undefined ? timer : AbortSignal.any([timer, request.signal])
  const endsAt = performance.now() + timeoutMs
  const masked = maskMaterial(request.material)
  const question = {
    instructions: request.instructions,
    material: masked.material,
    shape: shapeOf(request.schema),
    heard: hearing(request, masked, deadline),
  }
  try {
    return await within(deadline, () => tryEach(running, { request, question, masked, deadline, endsAt }))
  } catch (error) {
    const ours = asOurs(error)
    if (ours.code === 'model_over_budget') watch.withheld(request.purpose, 'over_budget')
    log.debug({ purpose: request.purpose, code: ours.code }, 'going on without the language model')
    throw ours
  }
}

const standingOf = ({ chat, breaker }: Guarded): ModelStanding => {
  const until = breaker.openUntil()
  return {
    ...{ model: chat.name, breaker: breaker.state() },
    ...(until === undefined ? {} : { leftAloneUntil: until }),
  }
}

/**
 * Opens the configured language model; undefined where none is. LangChain is loaded here and nowhere else. Rejects with
 * `model_unavailable` where it is not installed.
 */
export const openLanguageModel = async (
  config: LlmConfig,
  deps: ModelDeps,
): Promise<OpenLanguageModel | undefined> => {
  const { model, fallback, maxOutputTokens } = config
  if (model === undefined) return undefined
  const { tape } = deps
  const langChain = tape?.isReplay === true ? undefined : await loadLangChain()
  const models = [model, ...(fallback === undefined ? [] : [fallback])].map((one) => ({
    chat: openChat(one, { maxOutputTokens, langChain, tape }),
    breaker: createBreaker(config.breaker, deps.clock),
  }))
  const running: Running = { ...deps, config, models, budget: createBudget(config, deps) }
  return {
    models: models.map(({ chat }) => chat.name),
    ask: (request) => ask(running, request),
    standings: () => models.map(standingOf),
  }
}
