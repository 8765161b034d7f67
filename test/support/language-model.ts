import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/log.ts'
import type { ModelCall, ModelLedger } from '../../src/core/model-ledger.ts'
import {
  createMemoryLedger,
  llmConfig,
  type OpenLanguageModel,
  openLanguageModel,
} from '../../src/llm/index.ts'

/** An opened language model with what it told. */
export interface TestModel {
  readonly model: OpenLanguageModel
  /** Calls in the ledger, oldest first. */
  readonly calls: readonly ModelCall[]
  /** Everything that was logged, as text. */
  readonly logged: () => string
  /** Why no call was made. */
  readonly withheld: readonly string[]
  readonly clock: MovableClock
}

const listeningLog = (lines: string[]): Logger => {
  const hear = (facts: Record<string, unknown>, event: string): void =>
    void lines.push(`${event} ${JSON.stringify(facts)}`)
  const log: Logger = { debug: hear, info: hear, warn: hear, error: hear, child: () => log }
  return log
}

/** No midnight comes while a test runs, and no pause ends by itself. */
const noon = new Date('2026-11-27T04:00:00Z')

/**
 * Opens what the section `llm` of a configuration says, with a ledger in memory and a clock that stands still unless others are
 * given. Where it names no time, a model has more than a configuration may give, so that a busy machine makes no test late.
 */
export const openTestModel = async (
  section: Record<string, unknown>,
  given: { readonly ledger?: ModelLedger; readonly clock?: MovableClock } = {},
): Promise<TestModel> => {
  const calls: ModelCall[] = []
  const lines: string[] = []
  const withheld: string[] = []
  const clock = given.clock ?? createMovableClock({ now: () => noon })
  const config = llmConfig.parse(section)
  const timed = section['timeoutMs'] === undefined ? { ...config, timeoutMs: 60_000 } : config
  const model = await openLanguageModel(timed, {
    clock,
    ledger: given.ledger ?? createMemoryLedger(calls),
    log: listeningLog(lines),
    watch: { called: () => undefined, withheld: (purpose, why) => void withheld.push(`${purpose} ${why}`) },
    startOfDay: (now) => new Date(now.getTime() - (now.getTime() % 86_400_000)),
  })
  if (model === undefined) throw new Error('the section names no model')
  return { model, calls, logged: () => lines.join('\n'), withheld, clock }
}
