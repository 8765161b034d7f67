import type { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import {
  leastModelMs,
  type LanguageModel,
  type ModelAnswer,
  type ModelPurpose,
  type ModelRequest,
} from '../core/language-model.ts'
import type { Logger } from '../core/log.ts'
import type { ModelCall, ModelLedger } from '../core/model-ledger.ts'
import { type Breaker, type BreakerState, createBreaker } from './breaker.ts'
import { type Budget, createBudget, type Reservation } from './budget.ts'
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
import { type Work, workOf } from './work.ts'

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

interface BreakerStanding {
  readonly breaker: BreakerState
  /** Until when it is left alone; absent: it may be asked. */
  readonly leftAloneUntil?: Date
}

/** How a model fares on this node: in contacts' turns, and in work for agents and editors. */
export interface ModelStanding extends BreakerStanding {
  readonly model: string
  readonly staff: BreakerStanding
}

/** A language model that tells how it fares. */
export interface OpenLanguageModel extends LanguageModel {
  readonly standings: () => readonly ModelStanding[]
  /** Breaks off what is under way, and resolves when that stands in the ledger. Nobody may ask afterwards. */
  readonly close: () => Promise<void>
}

interface Guarded {
  readonly chat: Chat
  readonly breakers: Readonly<Record<Work, Breaker>>
}

interface Running extends ModelDeps {
  readonly config: LlmConfig
  readonly models: readonly Guarded[]
  readonly budget: Budget
  /** What is asked and not in the ledger yet, whether or not somebody waits for it still. */
  readonly underWay: Set<UnderWay>
}

interface UnderWay {
  readonly over: Promise<unknown>
  readonly breakOff: () => void
}

/** What stays the same over the attempts for one request. */
interface Asking<T> {
  readonly request: ModelRequest<T>
  readonly question: ChatQuestion
  readonly masked: MaskedMaterial
  /** Ends when time is up for all attempts. */
  readonly deadline: AbortSignal
  /** Those that end it early: whoever asked has gone, or this node ends. */
  readonly leaving: readonly AbortSignal[]
  readonly endsAt: number
  readonly work: Work
  /** Milliseconds that a model has had a fair chance in. */
  readonly fairMs: number
}

type Attempt<T> = { readonly answer: ModelAnswer<T> } | { readonly failure: CallFailure }

/** The part of the time that the first model may take where another stands behind it. */
const firstShare = 0.6
/**
 * The part of the configured time that a model must have had for its lateness to speak against it: a reply that rides on a
 * provider's request leaves it far less, and says nothing of how it fares for others.
 */
const fairShare = 0.25

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

/** Told apart from a deadline. */
const withAbort = (failure: CallFailure, leaving: readonly AbortSignal[]): CallFailure =>
  failure.outcome === 'timeout' && leaving.some(({ aborted }) => aborted) ? { outcome: 'aborted' } : failure

/** Faults of what was said: the provider is well, and contacts can bring them about for everybody. */
const saidBadly: ReadonlySet<CallFailure['outcome']> = new Set(['malformed', 'truncated', 'filtered'])

/** `wasCutShort`: the model had too little time for a late answer to be its fault. */
const learn = (
  breaker: Breaker,
  outcome: { readonly value: unknown } | CallFailure,
  { wasCutShort, pauseMs }: { readonly wasCutShort: boolean; readonly pauseMs: number },
): void => {
  if ('value' in outcome || saidBadly.has(outcome.outcome)) breaker.succeeded()
  else if (outcome.outcome === 'aborted' || (wasCutShort && outcome.outcome === 'timeout')) breaker.gaveUp()
  // Whoever is asked to slow down does, also where nobody says for how long.
  else breaker.failed(outcome.retryAfterMs ?? (outcome.outcome === 'rate_limited' ? pauseMs : undefined))
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

/** Writes a call down. What cannot be written down is kept on this node, so that it counts all the same. */
const settle = async (running: Running, call: ModelCall, reservation: Reservation): Promise<void> => {
  running.watch.called(call)
  try {
    await running.ledger.record(call)
    reservation.release()
  } catch {
    reservation.keep(call)
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
  const { chat } = guarded
  const { request, question, masked, deadline, work } = asking
  const breaker = guarded.breakers[work]
  const inputTokens = chat.measure(question)
  const most = { inputTokens, outputTokens: running.config.maxOutputTokens }
  const reservation = await running.budget.reserve(
    { tokens: most.inputTokens + most.outputTokens, costMicros: costMicrosOf(chat.prices, most) },
    request,
  )
  if (deadline.aborted) {
    // The ledger took all the time: nothing was asked, and the model is not to blame.
    reservation.release()
    breaker.gaveUp()
    return { failure: { outcome: 'aborted' } }
  }
  const startedAt = performance.now()
  const share = AbortSignal.any([deadline, AbortSignal.timeout(Math.ceil(withinMs))])
  const result = await chat.ask(question, share)
  const ms = result.ms ?? Math.round(performance.now() - startedAt)
  const checked = check(result.said, masked, request.schema)
  const outcome = 'value' in checked ? checked : withAbort(checked, asking.leaving)
  learn(breaker, outcome, {
    // The ledger, too, takes of the time.
    wasCutShort: Math.min(withinMs, asking.endsAt - startedAt) < asking.fairMs,
    pauseMs: running.config.breaker.pauseMs,
  })
  const call = callOf(running, guarded, asking, {
    ...{ inputTokens: result.inputTokens, outputTokens: result.outputTokens, ms },
    outcome: 'value' in outcome ? 'answered' : outcome.outcome,
  })
  note(running.log, call, 'value' in outcome ? undefined : outcome.status)
  await settle(running, call, reservation)
  if (!('value' in outcome)) return { failure: outcome }
  const usage = {
    ...{ inputTokens: call.inputTokens, outputTokens: call.outputTokens },
    costMicros: call.costMicros,
  }
  return { answer: { value: outcome.value, model: chat.name, usage, ms } }
}

/** Where another could still answer after it, the first model may not take all of what is left. */
const shareOf = (leftMs: number, hasNext: boolean): number =>
  hasNext && leftMs * (1 - firstShare) >= leastModelMs ? leftMs * firstShare : leftMs

/** Those that may be asked, each once; one alone a second time, where that may help. */
const tryEach = async <T>(running: Running, asking: Asking<T>): Promise<ModelAnswer<T>> => {
  const { models, watch } = running
  let failure: CallFailure | undefined
  // One that was left alone, or was away, may answer another time.
  let mayPass = false
  for (let number = 0; number < 2; number += 1) {
    const guarded = models[number] ?? (failure !== undefined && isPassing(failure) ? models[0] : undefined)
    const leftMs = asking.endsAt - performance.now()
    if (guarded === undefined || asking.deadline.aborted || (number > 0 && leftMs < leastModelMs)) break
    const breaker = guarded.breakers[asking.work]
    if (!breaker.admit()) {
      mayPass = true
      continue
    }
    const hasNext = number === 0 && models.length > 1
    const tried = await attempt(running, guarded, asking, shareOf(leftMs, hasNext)).catch(
      (error: unknown) => {
        breaker.gaveUp()
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

/** Tries, and is known to be under way until all of it stands in the ledger. */
const tryKnown = async <T>(
  running: Running,
  asking: Asking<T>,
  breakOff: () => void,
): Promise<ModelAnswer<T>> => {
  const over = tryEach(running, asking)
  const known = { over, breakOff }
  running.underWay.add(known)
  try {
    return await over
  } finally {
    running.underWay.delete(known)
  }
}

const ask = async <T>(running: Running, request: ModelRequest<T>): Promise<ModelAnswer<T>> => {
  const { config, log, watch } = running
  const work = workOf(request.purpose)
  const mostMs = work === 'contacts' ? config.timeoutMs : config.staffTimeoutMs
  const timeoutMs = Math.min(request.timeoutMs ?? mostMs, mostMs)
  const timer = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)))
  const closing = new AbortController()
  const leaving = [closing.signal, ...(request.signal === undefined ? [] : [request.signal])]
  const deadline = AbortSignal.any([timer, ...leaving])
  const endsAt = performance.now() + timeoutMs
  const masked = maskMaterial(request.material)
  const question = {
    instructions: request.instructions,
    material: masked.material,
    shape: shapeOf(request.schema),
    heard: hearing(request, masked, deadline),
  }
  try {
    const asking = { request, question, masked, deadline, leaving, endsAt, work, fairMs: mostMs * fairShare }
    return await within(deadline, () => tryKnown(running, asking, () => closing.abort()))
  } catch (error) {
    const ours = asOurs(error)
    if (ours.code === 'model_over_budget') watch.withheld(request.purpose, 'over_budget')
    log.debug({ purpose: request.purpose, code: ours.code }, 'going on without the language model')
    throw ours
  }
}

const breakerStanding = (breaker: Breaker): BreakerStanding => {
  const until = breaker.openUntil()
  return { breaker: breaker.state(), ...(until === undefined ? {} : { leftAloneUntil: until }) }
}

const standingOf = ({ chat, breakers: { contacts, staff } }: Guarded): ModelStanding => ({
  model: chat.name,
  ...breakerStanding(contacts),
  staff: breakerStanding(staff),
})

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
    breakers: {
      contacts: createBreaker(config.breaker, deps.clock),
      staff: createBreaker(config.breaker, deps.clock),
    },
  }))
  const underWay = new Set<UnderWay>()
  const running: Running = { ...deps, config, models, budget: createBudget(config, deps), underWay }
  return {
    models: models.map(({ chat }) => chat.name),
    ask: (request) => ask(running, request),
    standings: () => models.map(standingOf),
    close: async () => {
      for (const { breakOff } of underWay) breakOff()
      await Promise.allSettled([...underWay].map(({ over }) => over))
    },
  }
}
