import type { Clock } from '../core/clock.ts'
import type { ArticleFiles, DraftStore, Overlay, VersionReading } from '../core/editing.ts'
import type { EvaluationResult, EvaluationStore } from '../core/evaluation.ts'
import type { EditingConfig } from './config.ts'
import { TongdaError } from '../core/errors.ts'
import { fingerprintOf, layOver, liveArticles, overlayOf, type HashArticle } from './live.ts'
import { measure, type LabelledMessage, type React } from './measure.ts'

/** Learns knowledge with these overlays. Throws saying why it cannot be. */
export type Learn = (
  overlays: readonly Overlay[],
) => Promise<{ readonly react: React; readonly topics: ReadonlySet<string> }>

export interface EvaluationOptions {
  readonly drafts: Pick<DraftStore, 'get'>
  readonly versions: Pick<VersionReading, 'current'>
  readonly evaluations: EvaluationStore
  readonly files: ArticleFiles
  readonly hashOf: HashArticle
  readonly learn: Learn
  /** The labelled messages of the brand; empty: there are none. */
  readonly labelled: () => Promise<readonly LabelledMessage[]>
  readonly mask: (text: string) => string
  readonly config: Pick<EditingConfig, 'gate' | 'recentDays' | 'recentMessages'>
  readonly clock: Clock
}

const dayMs = 86_400_000

/** Measures one evaluation that waits; one that is done already is left as it is. */
export const createRunEvaluation = (options: EvaluationOptions) => {
  const { drafts, versions, evaluations, files, hashOf, learn, config, clock, mask } = options
  const { gate, recentDays, recentMessages } = config
  const look = async (id: string, signal: AbortSignal): Promise<EvaluationResult | undefined> => {
    const { state, draftIds, questions, whole, fingerprint } = await evaluations.get(id)
    if (state !== 'waiting') return undefined
    const found = await Promise.all(draftIds.map((draftId) => drafts.get(draftId)))
    const [{ overlays }, onDisk] = await Promise.all([versions.current(), files.read()])
    const drafted = layOver(overlays, found.map(overlayOf))
    if (
      fingerprintOf(liveArticles(onDisk, overlays, hashOf), liveArticles(onDisk, drafted, hashOf)) !==
      fingerprint
    )
      throw new TongdaError('conflict', 'the drafts, or what is live, changed meanwhile; evaluate again')
    const before = await learn(overlays)
    const after = await learn(drafted)
    const since = new Date(clock.now().getTime() - recentDays * dayMs)
    return measure({
      ...{ gate, mask, questions, signal, answerable: after.topics },
      ...{ before: before.react, after: after.react },
      labelled: whole ? await options.labelled() : [],
      // The same drafts draw the same messages: nobody tries again until the draw is kind.
      recent: {
        since,
        seed: fingerprint,
        ...(await evaluations.sample({ since, seed: fingerprint, limit: whole ? recentMessages : 0 })),
      },
    })
  }
  return async (id: string, signal: AbortSignal): Promise<void> => {
    try {
      const result = await look(id, signal)
      if (result !== undefined) await evaluations.finish(id, { result }, clock.now())
    } catch (error) {
      // Who stops the product does not fail the evaluation: it is tried again.
      if (signal.aborted) throw error
      await evaluations.finish(
        id,
        { failure: error instanceof Error ? error.message : String(error) },
        clock.now(),
      )
    }
  }
}
