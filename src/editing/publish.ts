import type { Clock } from '../core/clock.ts'
import type {
  ArticleFiles,
  Draft,
  DraftStore,
  Finding,
  KnowledgeVersion,
  Overlay,
  PublishRequest,
  PublishService,
  VersionPlan,
  VersionReading,
  VersionWriting,
} from '../core/editing.ts'
import type { Evaluation, EvaluationStore, EvaluationSummary } from '../core/evaluation.ts'
import { TongdaError } from '../core/errors.ts'
import type { PreviewArticle } from './articles.ts'
import type { EditingConfig } from './config.ts'
import { diffArticle } from './diff.ts'
import { findEverything } from './findings.ts'
import {
  changesBetween,
  fingerprintOf,
  hashAll,
  layOver,
  liveArticles,
  overlayOf,
  type HashArticle,
  type LiveArticles,
} from './live.ts'

export interface PublishOptions {
  readonly drafts: Pick<DraftStore, 'get'>
  readonly versions: VersionReading & VersionWriting
  readonly evaluations: EvaluationStore
  readonly files: ArticleFiles
  readonly hashOf: HashArticle
  readonly preview: PreviewArticle
  readonly config: EditingConfig
  readonly clock: Clock
  /** The day, YYYY-MM-DD, by which articles begin and end. */
  readonly today: () => string
  /** Told when something was published: every node looks. */
  readonly onPublished: () => void
  /** Told of an evaluation that waits for its measures. */
  readonly onEvaluation: (id: string) => Promise<void>
}

/** What going back takes. */
export type RollBackOptions = Pick<PublishOptions, 'versions' | 'files' | 'hashOf' | 'clock' | 'onPublished'>

/** What drafts would come to. */
interface Outcome {
  readonly number: number
  readonly overlays: readonly Overlay[]
  readonly before: LiveArticles
  readonly after: LiveArticles
  readonly laid: VersionPlan['overlays']
  readonly result: readonly Overlay[]
}

const conflict = (message: string, facts: Record<string, unknown> = {}): TongdaError =>
  new TongdaError('conflict', message, facts)

const checkTogether = (drafts: readonly Draft[]): void => {
  const twice = drafts.find(
    ({ articleId }, at) => drafts.findIndex((one) => one.articleId === articleId) !== at,
  )
  if (twice !== undefined)
    throw new TongdaError(
      'bad_input',
      `two of these drafts are about ${twice.articleId}; publish one of them`,
    )
}

const outcomeOf = async (
  { versions, files, hashOf }: Pick<PublishOptions, 'versions' | 'files' | 'hashOf'>,
  lay: (overlays: readonly Overlay[]) => Promise<VersionPlan['overlays']> | VersionPlan['overlays'],
): Promise<Outcome> => {
  const [{ number, overlays }, onDisk] = await Promise.all([versions.current(), files.read()])
  const laid = await lay(overlays)
  const result = layOver(overlays, laid)
  const [before, after] = [liveArticles(onDisk, overlays, hashOf), liveArticles(onDisk, result, hashOf)]
  return { number, overlays, before, after, laid, result }
}

/** Whether somebody else published the article since the draft was written on it. */
const checkBases = (drafts: readonly Draft[], { before }: Outcome): void => {
  const stale = drafts.filter(({ articleId, base }) => before.get(articleId)?.hash !== base)
  if (stale.length > 0)
    throw conflict(
      `these articles changed since their drafts were written: ${stale.map(({ articleId }) => articleId).join(', ')}; compare, then change the drafts with rebase`,
      { draftIds: stale.map(({ id }) => id) },
    )
}

const checkReviewed = (drafts: readonly Draft[], { review }: EditingConfig): void => {
  const allowed = review === 'required' ? ['approved'] : ['draft', 'in-review', 'approved']
  const open = drafts.filter(({ state }) => !allowed.includes(state))
  if (open.length > 0)
    throw conflict(
      `these drafts are not approved, or not open any more: ${open.map(({ articleId, state }) => `${articleId} (${state})`).join(', ')}`,
      { draftIds: open.map(({ id }) => id) },
    )
}

const findIn = async (
  { files, preview, today }: PublishOptions,
  outcome: Outcome,
): Promise<readonly Finding[]> => {
  const { overlays, result, before, after } = outcome
  const faults = { before: await files.faultsWith(overlays), after: await files.faultsWith(result) }
  return findEverything({ changes: changesBetween(before, after), after, faults, preview, today: today() })
}

const refuseErrors = (findings: readonly Finding[]): void => {
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0)
    throw conflict(
      `this cannot be published: ${errors
        .slice(0, 5)
        .map(({ articleId, problem, fix }) => `${articleId} ${problem}; ${fix}`)
        .join(' | ')}`,
      { findings: errors },
    )
}

const summaryOf = ({ result }: Evaluation): EvaluationSummary | undefined => {
  if (result === undefined) return undefined
  const { labelled, conversations, concerns } = result
  return { ...(labelled === undefined ? {} : { labelled }), conversations, concerns }
}

/** What the evaluation says; throws `conflict` when it speaks against publishing and nobody gives a reason. */
const passGate = async (
  { evaluations }: PublishOptions,
  outcome: Outcome,
  override: string | undefined,
): Promise<EvaluationSummary | undefined> => {
  const done = await evaluations.findDone(fingerprintOf(outcome.before, outcome.after))
  const summary = done === undefined ? undefined : summaryOf(done)
  const concerns =
    summary === undefined ? ['these drafts were not evaluated on what is live now'] : summary.concerns
  if (concerns.length > 0 && override === undefined)
    throw conflict(
      `${concerns.join('; ')}. Evaluate or mend the drafts, or say in \`override\` why they are published all the same`,
      { concerns },
    )
  return summary
}

const planOf = (
  outcome: Outcome,
  facts: Pick<VersionPlan, 'kind' | 'by' | 'reason' | 'override' | 'restored' | 'evaluation' | 'drafts'>,
): VersionPlan => ({
  ...facts,
  onNumber: outcome.number,
  changes: changesBetween(outcome.before, outcome.after),
  contentHash: hashAll(outcome.after),
  overlays: outcome.laid,
})

/** What has to be laid over, or taken away, to come from one state to another. */
const wayTo = (from: readonly Overlay[], to: readonly Overlay[]): VersionPlan['overlays'] => {
  const text = (overlays: readonly Overlay[]) =>
    new Map(overlays.map((one) => [one.articleId, JSON.stringify(one)]))
  const [was, is] = [text(from), text(to)]
  const gone = from
    .filter(({ articleId }) => !is.has(articleId))
    .map(({ articleId }) => ({ articleId, none: true as const }))
  return [...gone, ...to.filter(({ articleId }) => was.get(articleId) !== is.get(articleId))]
}

/** Looks at drafts as publishing would. */
const createExamining = (options: PublishOptions) => {
  const looked = async (ids: readonly string[]) => {
    const found = await Promise.all(ids.map((id) => options.drafts.get(id)))
    checkTogether(found)
    return { found, outcome: await outcomeOf(options, () => found.map(overlayOf)) }
  }
  const examine = async ({ draftIds, override }: PublishRequest) => {
    const { found, outcome } = await looked(draftIds)
    checkReviewed(found, options.config)
    checkBases(found, outcome)
    refuseErrors(await findIn(options, outcome))
    return { found, outcome, evaluation: await passGate(options, outcome, override) }
  }
  return { looked, examine }
}

/** What going back to a version takes. Throws `conflict` when it has no effect, or could not be loaded. */
const examineBack = async (options: RollBackOptions, number: number): Promise<Outcome> => {
  const { versions, files } = options
  const target = await versions.stateAt(number)
  const outcome = await outcomeOf(options, (overlays) => wayTo(overlays, target.overlays))
  if (outcome.laid.length === 0)
    throw conflict(`what is live is the same as version ${String(number)} already`)
  const [known, found] = [await files.faultsWith(outcome.overlays), await files.faultsWith(outcome.result)]
  if (found.length > known.length)
    throw conflict(
      `version ${String(number)} cannot be loaded any more: ${found[0]?.problem ?? ''}; mend the files, or publish drafts instead`,
      { faults: found },
    )
  return outcome
}

/** Makes a version; a request whose answer was lost finds what it made. */
const makeOnce = async (
  { versions, clock, onPublished }: Pick<PublishOptions, 'versions' | 'clock' | 'onPublished'>,
  key: string | undefined,
  plan: () => Promise<VersionPlan>,
): Promise<KnowledgeVersion> => {
  const known = key === undefined ? undefined : await versions.madeBy(key)
  if (known !== undefined) return known
  const version = await versions.publish(await plan(), clock.now(), key)
  onPublished()
  return version
}

/** Going back to what an earlier version had. */
export const createRollBack =
  (options: RollBackOptions): PublishService['rollBack'] =>
  (number, reason, { actor, idempotencyKey }) =>
    makeOnce(options, idempotencyKey, async () =>
      planOf(await examineBack(options, number), {
        kind: 'rollback',
        by: actor,
        reason,
        restored: number,
        drafts: [],
      }),
    )

/** Publishing and taking back. */
export const createPublishService = (options: PublishOptions): PublishService => {
  const { versions, evaluations, files, hashOf, clock, onEvaluation } = options
  const { looked, examine } = createExamining(options)
  return {
    publish: (request, { actor, idempotencyKey }) =>
      makeOnce(options, idempotencyKey, async () => {
        const { found, outcome, evaluation } = await examine(request)
        const { reason, override } = request
        const drafts = found.map(({ id, version }) => ({ id, version }))
        return planOf(outcome, { kind: 'publish', by: actor, reason, override, evaluation, drafts })
      }),
    rollBack: createRollBack(options),
    check: async (draftIds) => findIn(options, (await looked(draftIds)).outcome),
    evaluate: async (draftIds, questions, whole, { actor, idempotencyKey }) => {
      const { outcome } = await looked(draftIds)
      const fingerprint = fingerprintOf(outcome.before, outcome.after)
      const facts = { draftIds, questions, whole, fingerprint, by: actor }
      const evaluation = await evaluations.create(facts, clock.now(), idempotencyKey)
      if (evaluation.state === 'waiting') await onEvaluation(evaluation.id)
      return evaluation
    },
    mayPublish: async (request) => {
      await examine(request)
    },
    diff: async (from, to) => {
      const onDisk = await files.read()
      const liveAt = async (number: number) =>
        liveArticles(onDisk, (await versions.stateAt(number)).overlays, hashOf)
      return changesBetween(await liveAt(from), await liveAt(to)).map(diffArticle)
    },
  }
}
