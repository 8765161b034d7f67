import { createHash } from 'node:crypto'
import { textsOf, type ArticleContent } from '../core/article.ts'
import type { Clock } from '../core/clock.ts'
import type {
  ArticlePair,
  ComparedArticle,
  ContradictionCheck,
  ContradictionChecks,
  ContradictionStore,
  EditingHelp,
  EditorModel,
  RefusalReason,
} from '../core/editing-help.ts'
import { refusalReasons } from '../core/editing-help.ts'
import { TongdaError } from '../core/errors.ts'

export interface ContradictionOptions {
  readonly store: ContradictionStore
  readonly checks: ContradictionChecks
  /** The live articles. */
  readonly articles: () => Promise<readonly ArticleContent[]>
  readonly clock: Clock
}

/** A live article with a hash of what it tells. */
interface Told extends ComparedArticle {
  readonly hash: string
}

/** What an article tells; its wordings and its tags may change without a second look. */
const hashOf = (content: ArticleContent): string => {
  const [general, ...others] = textsOf(content)
  const told = [
    content.question,
    general?.text,
    ...others.flatMap(({ name, text }) => [name, ...(name === 'en' ? [content.en?.question] : []), text]),
  ]
  return createHash('sha256').update(told.join('\n')).digest('hex').slice(0, 16)
}

const readTold = async ({
  articles,
}: Pick<ContradictionOptions, 'articles'>): Promise<ReadonlyMap<string, Told>> =>
  new Map(
    (await articles()).map((content) => {
      const { id, topic, question, answer, en, channels } = content
      return [id, { articleId: id, topic, question, answer, en, channels, hash: hashOf(content) }]
    }),
  )

const keyOf = ({ firstId, secondId }: ArticlePair): string => `${firstId} ${secondId}`
const isSame = (one: ArticlePair, other: ArticlePair | undefined): boolean =>
  one.firstHash === other?.firstHash && one.secondHash === other.secondHash

const pairOf = (one: Told, other: Told): ArticlePair => {
  const [first, second] = one.articleId < other.articleId ? [one, other] : [other, one]
  return {
    ...{ firstId: first.articleId, secondId: second.articleId },
    ...{ firstHash: first.hash, secondHash: second.hash },
  }
}

/** Without a sign of life for so long a look has died. */
const deadMs = 120_000
/** So many pairs are compared at a go: a look at many articles must not take the whole day's budget. */
const mostPairs = 300
/** Outages of the model in a row after which it is left alone. */
const mostFailures = 3

export interface RunOptions extends ContradictionOptions {
  readonly model: Pick<EditorModel, 'judge'>
  /** The names of the models behind it: what one would not compare another may. */
  readonly models: string
  /** Articles that may be about the same matter, the nearest first. */
  readonly near: (article: ComparedArticle) => Promise<readonly string[]>
}

/** Pairs that may be about the same matter, and articles with more than one text, by id. */
const findPairs = async (
  told: ReadonlyMap<string, Told>,
  near: RunOptions['near'],
  signal: AbortSignal,
): Promise<readonly ArticlePair[]> => {
  const pairs = new Map<string, ArticlePair>()
  for (const article of told.values()) {
    signal.throwIfAborted()
    const own = textsOf(article).length > 1 ? [article.articleId] : []
    const others = (await near(article)).filter((id) => id !== article.articleId)
    for (const id of [...own, ...others]) {
      const other = told.get(id)
      if (other === undefined) continue
      const pair = pairOf(article, other)
      pairs.set(keyOf(pair), pair)
    }
  }
  return [...pairs.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** The model is there and will not compare this one pair: it refuses or filters it, is cut short, or answers something else. */
const refusalOf = (error: unknown): RefusalReason | undefined => {
  if (!(error instanceof TongdaError)) return undefined
  const { outcome, status, mayPass } = error.facts
  if (mayPass === true) return undefined
  if (outcome === 'refused') return status === 400 || status === 413 || status === 422 ? 'refused' : undefined
  return refusalReasons.find((reason) => reason === outcome)
}

const codeOf = (error: unknown): string | undefined => (error instanceof TongdaError ? error.code : undefined)

type Progress = Pick<ContradictionCheck, 'state' | 'why' | 'pairs' | 'judged' | 'found'>

/** Compares pairs one after the other; says how far it came. */
const judgeAll = async (
  options: RunOptions,
  told: ReadonlyMap<string, Told>,
  {
    todo,
    signal,
    tell,
    start,
  }: {
    readonly todo: readonly ArticlePair[]
    readonly signal: AbortSignal
    readonly tell: (progress: Progress) => Promise<void>
    readonly start: Pick<Progress, 'pairs' | 'judged' | 'found'>
  },
): Promise<Progress> => {
  let [judged, found, failures, failed] = [start.judged, start.found, 0, 0]
  const at = (state: Progress['state'], why?: Progress['why']): Progress => ({
    ...{ state, pairs: start.pairs, judged, found },
    ...(why === undefined ? {} : { why }),
  })
  for (const pair of todo.slice(0, mostPairs)) {
    signal.throwIfAborted()
    const [first, second] = [told.get(pair.firstId), told.get(pair.secondId)]
    if (first === undefined || second === undefined) continue
    try {
      const { found: judgement, model } = await options.model.judge(first, second, signal)
      await options.store.keep(pair, { judgement, model }, options.clock.now())
      failures = 0
      judged += 1
      if (judgement !== undefined) found += 1
      await tell(at('running'))
    } catch (error) {
      signal.throwIfAborted()
      if (codeOf(error) === 'model_over_budget') return at('paused', 'budget')
      if (codeOf(error) !== 'model_unavailable') throw error
      const why = refusalOf(error)
      if (why !== undefined) {
        failures = 0
        await options.store.refuse(pair, { why, models: options.models }, options.clock.now())
        await tell(at('running'))
        continue
      }
      // It was away: the pair is as good as any, and is asked for again.
      failures += 1
      failed += 1
      // A sign of life: the model may have taken long to fail.
      await tell(at('running'))
      if (failures === mostFailures) return at('paused', 'model')
    }
  }
  if (todo.length > mostPairs) return at('paused', 'enough')
  return failed > 0 ? at('paused', 'model') : at('done')
}

/**
 * Looks at all articles for contradictions. Pairs that were compared as they stand are not compared again, so that a look
 * that was broken off, or came to an end of its budget, goes on where it stood; neither are those that the model would not
 * compare. Rejects when it is aborted.
 */
export const createRunCheck =
  (options: RunOptions) =>
  async (checkId: string, signal: AbortSignal): Promise<void> => {
    const { store, checks, clock } = options
    const check = await checks.latest()
    // Another look was begun since: this one is of no use any more.
    if (check?.id !== checkId) return
    let last: Progress = check
    const tell = (progress: Progress): Promise<void> => {
      last = progress
      return checks.progress(checkId, progress, clock.now())
    }
    try {
      const told = await readTold(options)
      const pairs = await findPairs(told, options.near, signal)
      const known = new Map((await store.judged()).map((pair) => [keyOf(pair), pair]))
      const refused = new Map(
        (await store.refused())
          .filter(({ models }) => models === options.models)
          .map((pair) => [keyOf(pair), pair]),
      )
      const left = pairs.filter((pair) => !isSame(pair, known.get(keyOf(pair))))
      const todo = left.filter((pair) => !isSame(pair, refused.get(keyOf(pair))))
      const start = { pairs: pairs.length, judged: pairs.length - left.length, found: check.found }
      await tell({ state: 'running', ...start })
      await tell(await judgeAll(options, told, { todo, signal, tell, start }))
    } catch (error) {
      if (!signal.aborted) {
        const { pairs, judged, found } = last
        await tell({ state: 'failed', pairs, judged, found })
      }
      throw error
    }
  }

const isUnderWay = ({ state }: ContradictionCheck): boolean => state === 'waiting' || state === 'running'
const isDead = ({ updatedAt }: ContradictionCheck, now: Date): boolean =>
  now.getTime() - updatedAt.getTime() >= deadMs

/** What was kept of pairs whose articles are as they were, with their questions. */
const asTheyAre = <Pair extends ArticlePair>(
  pairs: readonly Pair[],
  told: ReadonlyMap<string, Told>,
): readonly (Pair & { readonly firstQuestion: string; readonly secondQuestion: string })[] =>
  pairs.flatMap((one) => {
    const [first, second] = [told.get(one.firstId), told.get(one.secondId)]
    return first?.hash === one.firstHash && second?.hash === one.secondHash
      ? [{ ...one, firstQuestion: first.question, secondQuestion: second.question }]
      : []
  })

/** What editors do about contradictions. `enqueue` has a look done in the background. */
export const createContradictions = (
  options: ContradictionOptions & { readonly enqueue: (checkId: string) => Promise<void> },
): EditingHelp['contradictions'] => {
  const { store, checks, clock, enqueue } = options
  const start: EditingHelp['contradictions']['start'] = async (actor) => {
    const now = clock.now()
    const latest = await checks.latest()
    if (latest !== undefined && isUnderWay(latest) && !isDead(latest, now)) return latest
    const started = await checks.start(actor, now)
    await enqueue(started.id)
    return started
  }
  return {
    list: async (state) => {
      const [found, told] = await Promise.all([store.list(state), readTold(options)])
      return asTheyAre(found, told)
    },
    settle: (id, to, by) => store.settle(id, to, by, clock.now()),
    check: async () => {
      const latest = await checks.latest()
      // One that has died is not waited for: it can be gone on with.
      return latest !== undefined && isUnderWay(latest) && isDead(latest, clock.now())
        ? { ...latest, state: 'failed' }
        : latest
    },
    refused: async () => {
      const [refused, told] = await Promise.all([store.refused(), readTold(options)])
      return asTheyAre(refused, told)
    },
    start,
    retry: async (actor) => {
      const latest = await checks.latest()
      // A look under way has left them out from its beginning: forgotten now, they would not be compared at all.
      if (latest !== undefined && isUnderWay(latest) && !isDead(latest, clock.now())) return latest
      await store.forgetRefusals()
      return start(actor)
    },
  }
}
