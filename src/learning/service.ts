import type { ArticleContent } from '../core/article.ts'
import type { Clock } from '../core/clock.ts'
import type { Draft, DraftService, EditWrite, PublishService } from '../core/editing.ts'
import type { EvaluationStore } from '../core/evaluation.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  AcceptChoice,
  AssessedQuestion,
  LearningService,
  Proposal,
  ProposalMaking,
  ProposalStore,
} from '../core/learning.ts'
import { proposeEdits } from './edits.ts'

export interface LearningOptions {
  readonly proposals: Pick<ProposalStore, 'get' | 'act'>
  readonly making: Pick<ProposalMaking, 'questions' | 'repliesTo'>
  readonly drafts: Pick<DraftService, 'createAll' | 'move'>
  readonly publishing: Pick<PublishService, 'evaluate'>
  readonly evaluations: Pick<EvaluationStore, 'get'>
  /** The live articles, by id. */
  readonly articles: () => Promise<ReadonlyMap<string, ArticleContent>>
  readonly central: (questions: readonly AssessedQuestion[]) => readonly AssessedQuestion[]
  readonly mask: (text: string) => string
  readonly clock: Clock
}

const mostQuestions = 500
/** Of its questions so many are tried before and after. */
const mostTried = 20

const isConflict = (error: unknown): boolean => error instanceof TongdaError && error.code === 'conflict'

const checkOpen = ({ state, endedAt, version }: Proposal, yours: number | undefined): void => {
  if (yours !== undefined && yours !== version)
    throw new TongdaError('conflict', 'this was changed meanwhile; load it again, then try once more', {
      ...{ current: version, yours },
    })
  if (state !== 'open' || endedAt !== undefined)
    throw new TongdaError('conflict', 'this proposal is settled; reopen it before you accept it', { state })
}

/**
 * Discards drafts of a proposal that was changed while they were made. Those that it names after all, because somebody
 * else accepted it with them, stay, and so does what an editor has worked on since.
 */
const discardLeft = async (
  { proposals, drafts, clock }: Pick<LearningOptions, 'proposals' | 'drafts' | 'clock'>,
  proposalId: string,
  { made, actor }: { readonly made: readonly Draft[]; readonly actor: EditWrite['actor'] },
): Promise<void> => {
  const { draftIds } = await proposals.get(proposalId, clock.now())
  for (const { id, version } of made.filter((draft) => !draftIds.includes(draft.id)))
    try {
      await drafts.move(id, 'discarded', '接受时建议变了 the proposal changed while it was accepted', {
        actor,
        version,
      })
    } catch (error) {
      if (!isConflict(error)) throw error
    }
}

/** From proposals to drafts, and to what last week would have been like. */
export const createLearningService = (options: LearningOptions): LearningService => {
  const { proposals, making, drafts, publishing, evaluations, articles, central, mask, clock } = options
  const look = async (proposal: Proposal, choice: AcceptChoice) => {
    const questions = central(await making.questions(proposal.id, mostQuestions))
    const [said] = await making.repliesTo(proposal.id)
    const live = await articles()
    const edits = proposeEdits({
      ...{ proposal, questions, articles: live, choice },
      reply: said === undefined ? undefined : mask(said.reply),
    })
    return { questions, edits }
  }
  return {
    propose: async (id, choice = {}) => {
      const proposal = await proposals.get(id, clock.now())
      if (proposal.state !== 'open' || proposal.endedAt !== undefined) return { edits: [], needsEditor: [] }
      return (await look(proposal, choice)).edits
    },
    accept: async (id, choice, { actor, version, idempotencyKey }) => {
      const proposal = await proposals.get(id, clock.now())
      checkOpen(proposal, version)
      const { questions, edits } = await look(proposal, choice)
      if (edits.edits.length === 0)
        throw new TongdaError(
          'conflict',
          'the article has all these wordings already; dismiss the proposal, or choose another article',
        )
      // Accepting again after a crash finds the drafts and the evaluation that were made.
      const by = { actor, idempotencyKey: `proposal:${id}:${String(proposal.version)}` }
      const { model } = choice
      const source = { kind: 'proposal', id, ...(model === undefined ? {} : { model }) } as const
      const made = await drafts.createAll(edits.edits, by, source)
      const draftIds = made.map((draft) => draft.id)
      const tried = questions.slice(0, mostTried).map(({ sentence }) => sentence)
      const evaluation = await publishing.evaluate(draftIds, tried, true, by)
      const act = { act: 'accept', draftIds, evaluationId: evaluation.id } as const
      try {
        return await proposals.act(id, act, { actor, version: proposal.version, idempotencyKey }, clock.now())
      } catch (error) {
        if (isConflict(error)) await discardLeft(options, id, { made, actor })
        throw error
      }
    },
    replay: async (id) => {
      const { evaluationId } = await proposals.get(id, clock.now())
      if (evaluationId === undefined)
        throw new TongdaError('not_found', 'nothing was replayed: this proposal was not accepted')
      return evaluations.get(evaluationId)
    },
  }
}
