import { v7 as uuid } from 'uuid'
import type { CaseDecision, CaseState, ComplaintCase } from '../core/complaint.ts'
import type { CaseRequest, DecisionInput, DecisionPreview } from '../core/complaint-work.ts'
import { checkWords, type ComplaintDeps, type Plan } from './deps.ts'
import { checkLeaks } from './leaks.ts'
import { noticeOfMissing } from './notices.ts'
import { outcomeOf } from './outcome.ts'
import { findReason } from './policy.ts'
import { checkApprover, checkDecider, checkDecision, checkPerson, needsTwo, stateAfter } from './rules.ts'
import { reporterLanguage, sayNotices } from './saying.ts'

type Deciding = Pick<ComplaintDeps, 'store' | 'compose' | 'policy' | 'config' | 'clock'>
type Actor = CaseRequest['actor']
type NewDecision = NonNullable<Plan['decision']>

const dayMs = 86_400_000
const mostToReported = 500

/** What a decision brings about from now on. */
const takeEffect = async (
  deps: Deciding,
  found: ComplaintCase,
  {
    decision,
    state,
  }: {
    readonly decision: Pick<
      CaseDecision,
      'id' | 'verdict' | 'hours' | 'toReported' | 'reason' | 'policyVersion'
    >
    readonly state: CaseState
  },
): Promise<Pick<Plan, 'actions' | 'notices' | 'appealUntil'>> => {
  const { policy, config, clock } = deps
  const reason = findReason(policy(), decision.reason, { kind: found.kind, verdict: decision.verdict })
  const appealUntil =
    state === 'decided' ? new Date(clock.now().getTime() + config.appealDays * dayMs) : undefined
  const { actions, notices } = outcomeOf({ found, decision, reason, appealUntil })
  return {
    actions,
    notices: await sayNotices(deps, found, notices),
    ...(appealUntil === undefined ? {} : { appealUntil }),
  }
}

/** What the reporter is known by must not reach the reported; the object's own names may. */
const checkToReported = async (
  { store }: Pick<Deciding, 'store'>,
  { id, objects }: ComplaintCase,
  words: string | undefined,
): Promise<void> => {
  if (words === undefined) return
  const names = objects.flatMap((one) => [one.id, one.aid, one.on?.id, one.on?.aid])
  const without = (text: string): string =>
    names.reduce<string>((rest, name) => (name === undefined ? rest : rest.replaceAll(name, ' ')), text)
  const traces = await store.tracesOf(id)
  checkLeaks(without(words), { ...traces, texts: traces.texts.map(without) })
}

const decisionOf = (
  { policy }: Pick<Deciding, 'policy'>,
  { kind, round }: ComplaintCase,
  { input, state }: { readonly input: DecisionInput; readonly state: 'proposed' | 'effective' },
): NewDecision => {
  const { verdict, reason: code, note, hours, toReported } = input
  const list = policy()
  const { title } = findReason(list, code, { kind, verdict })
  return {
    ...{ id: uuid(), round, verdict, reason: code, policyVersion: list.version, reasonTitle: title, state },
    ...(note === undefined ? {} : { note: checkWords('note', note) }),
    ...(hours === undefined ? {} : { hours }),
    ...(toReported === undefined ? {} : { toReported: checkWords('toReported', toReported, mostToReported) }),
  }
}

/** Asks the reporter for what is missing. */
const ask = async (
  deps: Deciding,
  found: ComplaintCase,
  { decision, words }: { readonly decision: NewDecision; readonly words: string },
): Promise<Pick<Plan, 'notices' | 'detail'>> => {
  const asked = checkWords('ask', words)
  const notice = noticeOfMissing(found.ticketNumber, asked)
  return {
    notices: await sayNotices(deps, found, [{ side: 'reporter', about: 'evidence-wanted', words: notice }]),
    detail: { decisionId: decision.id, verdict: decision.verdict, reason: decision.reason, ask: asked },
  }
}

/** Decides, proposes, or asks for more. Throws `forbidden`, `conflict`, `bad_input`. */
export const planDecision = async (
  deps: Deciding,
  found: ComplaintCase,
  { actor, input }: { readonly actor: Actor; readonly input: DecisionInput },
): Promise<Plan> => {
  checkPerson(actor, 'a decision')
  checkDecider(found, actor)
  const { verdict, reason, toReported } = input
  const isAsking = verdict === 'need-more-evidence'
  const isProposal = needsTwo(verdict, deps.config.twoPersons)
  const state = stateAfter(found, isAsking ? 'ask' : isProposal ? 'propose' : 'decide')
  checkDecision(found, input, deps.config.identity.kinds)
  const decision = decisionOf(deps, found, { input, state: isProposal ? 'proposed' : 'effective' })
  await checkToReported(deps, found, toReported)
  const detail = { decisionId: decision.id, verdict, reason }
  if (isProposal) return { change: 'proposed', state, decision, detail }
  if (isAsking) {
    const asked = await ask(deps, found, { decision, words: input.ask ?? '' })
    return { change: 'evidence-wanted', state, decision, ...asked }
  }
  const effects = await takeEffect(deps, found, { decision, state })
  return { change: 'decided', state, decision, detail, ...effects }
}

/**
 * What a decision would bring about; of a proposal, what it would once a second person agrees. Throws what the decision
 * would throw.
 */
export const previewDecision = async (
  deps: Deciding,
  found: ComplaintCase,
  asked: { readonly actor: Actor; readonly input: DecisionInput },
): Promise<DecisionPreview> => {
  const plan = await planDecision(deps, found, asked)
  const isProposal = plan.change === 'proposed'
  const effects =
    isProposal && plan.decision !== undefined
      ? await takeEffect(deps, found, {
          decision: plan.decision,
          state: stateAfter({ ...found, state: plan.state ?? found.state }, 'approve'),
        })
      : plan
  return {
    isProposal,
    language: await reporterLanguage(deps, found),
    notices: (effects.notices ?? []).map(({ side, words }) => ({ side, words })),
    actions: (effects.actions ?? []).map(({ kind }) => kind),
  }
}

/** The second person's word on what is proposed. Throws `forbidden`, `conflict`, `bad_input`. */
export const planSettlement = async (
  deps: Deciding,
  found: ComplaintCase,
  { actor, why }: { readonly actor: Actor; readonly why?: string },
): Promise<Plan> => {
  checkPerson(actor, 'the second word on a decision')
  const state = stateAfter(found, why === undefined ? 'approve' : 'reject')
  const decision = found.decisions.find((one) => one.state === 'proposed')
  if (decision === undefined) throw new Error('a proposed case has no proposal')
  checkApprover(found, decision, actor)
  const { id: decisionId, verdict, reason } = decision
  const detail = { decisionId, verdict, reason }
  if (why !== undefined) {
    const settles = { decisionId, state: 'rejected' } as const
    return { change: 'rejected', state, settles, detail: { ...detail, why: checkWords('why', why) } }
  }
  const effects = await takeEffect(deps, found, { decision, state })
  return { change: 'approved', state, settles: { decisionId, state: 'effective' }, detail, ...effects }
}
