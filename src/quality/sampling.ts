import { TZDate } from '@date-fns/tz'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { ReviewForms } from '../core/review-form.ts'
import type {
  SamplingDraw,
  SamplingFacts,
  SamplingPeriod,
  SamplingRule,
  SamplingRuleList,
  SamplingRules,
  SamplingStore,
} from '../core/review-sampling.ts'
import { throwFailed, tryEach } from '../core/try-each.ts'

const dayMs = 86_400_000
/** How far back is drawn what nobody was up for. */
const mostPeriods = 60

/** Days of a period; weeks begin on Monday. */
const daysOf = ({ amount }: SamplingFacts): number => ('share' in amount ? 1 : 7)

const midnight = (at: Date, offset: number, timeZone: string): Date => {
  const local = new TZDate(at.getTime(), timeZone)
  return new Date(
    new TZDate(local.getFullYear(), local.getMonth(), local.getDate() + offset, timeZone).getTime(),
  )
}

/** The day or week of a rule in which a moment lies. */
export const periodOf = (rule: SamplingFacts, at: Date, timeZone: string): SamplingPeriod => {
  const days = daysOf(rule)
  const weekday = (new TZDate(at.getTime(), timeZone).getDay() + 6) % 7
  const back = days === 1 ? 0 : -weekday
  return { from: midnight(at, back, timeZone), to: midnight(at, back + days, timeZone) }
}

/** The periods that are over and still to be drawn from, the oldest first. */
export const duePeriods = (
  rule: SamplingRule,
  {
    drawnUntil,
    now,
    timeZone,
  }: { readonly drawnUntil: Date | undefined; readonly now: Date; readonly timeZone: string },
): readonly SamplingPeriod[] => {
  const latest = new Date(now.getTime() - rule.waitDays * dayMs)
  const earliest = new Date(latest.getTime() - mostPeriods * dayMs)
  const start = [drawnUntil ?? rule.since, earliest].reduce((last, at) => (at > last ? at : last), rule.since)
  const periods: SamplingPeriod[] = []
  for (
    let period = periodOf(rule, start, timeZone);
    period.to <= latest;
    period = periodOf(rule, period.to, timeZone)
  )
    periods.push(period)
  return periods
}

const fault = (facts: SamplingFacts): string | undefined => {
  const { when, subject } = facts
  const bot = when.confidence !== undefined || when.turnedDown === true
  if (bot && subject !== 'bot-answer')
    return 'confidence and turnedDown are about answers of the bot: the subject must be bot-answer'
  const agents = when.agentIds !== undefined || when.grades !== undefined || when.teamIds !== undefined
  const ticket =
    when.kinds !== undefined ||
    when.mostScore !== undefined ||
    when.reopened === true ||
    when.promiseBroken === true
  if (subject === 'bot-answer' && (agents || ticket))
    return 'bot answers are of no agent, team or ticket: leave out teamIds, agentIds, grades, kinds, mostScore, reopened and promiseBroken'
  const { from = 0, below = 2 } = when.confidence ?? {}
  if (from >= below) return 'confidence.from must be less than confidence.below'
  const { teamId, agentIds = [] } = facts.reviewers
  if (teamId !== undefined && agentIds.length > 0)
    return 'name either a team or persons as reviewers, not both'
  return undefined
}

/** Refuses rules that could never draw, or nobody could review by. */
const checkSampling = async (facts: SamplingFacts, forms: ReviewForms): Promise<void> => {
  const found = fault(facts)
  if (found !== undefined) throw new TongdaError('bad_input', found)
  const form = await forms.get(facts.formId)
  if (form.subject !== facts.subject)
    throw new TongdaError('bad_input', `this form is for ${form.subject}, the rule draws ${facts.subject}`)
  if (facts.enabled && form.state !== 'active')
    throw new TongdaError('bad_input', `this form is ${form.state}; activate it, or take an active one`)
}

/** Sampling rules that are checked before they are kept. One that is switched on draws from then on. */
export const createSamplingRules = (rules: SamplingRuleList, forms: ReviewForms): SamplingRules => ({
  ...rules,
  create: async (facts, now, key) => {
    await checkSampling(facts, forms)
    return rules.create({ ...facts, since: now }, now, key)
  },
  change: async (id, facts, version, now) => {
    await checkSampling(facts, forms)
    const before = await rules.get(id)
    const since = facts.enabled && !before.enabled ? now : before.since
    return rules.change(id, { ...facts, since }, version, now)
  },
})

interface SamplerOptions {
  readonly rules: Pick<SamplingRules, 'list'>
  readonly store: Pick<SamplingStore, 'draw' | 'drawnUntil'>
  readonly clock: Clock
  readonly timeZone: string
  readonly newSeed: () => string
}

/** Draws what is due by one rule. */
const drawDue = async (
  { store, clock, timeZone, newSeed }: SamplerOptions,
  rule: SamplingRule,
  signal: AbortSignal,
): Promise<readonly SamplingDraw[]> => {
  const draws: SamplingDraw[] = []
  const now = clock.now()
  const drawnUntil = await store.drawnUntil(rule.id)
  for (const period of duePeriods(rule, { drawnUntil, now, timeZone })) {
    if (signal.aborted) return draws
    const dueAt = new Date(now.getTime() + rule.dueDays * dayMs)
    const draw = await store.draw(rule, period, { seed: newSeed(), dueAt }, now)
    if (draw !== undefined) draws.push(draw)
  }
  return draws
}

/**
 * Draws what is due by every rule that is on. A crash in between, and several nodes at once, draw nothing twice. A rule
 * that cannot be drawn by holds no other up; then it throws once all had their turn.
 */
export const createSampler =
  (options: SamplerOptions) =>
  async (signal: AbortSignal): Promise<readonly SamplingDraw[]> => {
    const draws: SamplingDraw[] = []
    const rules = (await options.rules.list()).filter(({ enabled }) => enabled)
    const failed = await tryEach(rules, async (rule) => {
      draws.push(...(await drawDue(options, rule, signal)))
    })
    throwFailed(failed, (count) => `reviews could not be drawn by ${String(count)} rules`)
    return draws
  }
