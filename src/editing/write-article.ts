import type { ArticleContent } from '../core/article.ts'
import type { Draft, DraftService, EditWrite } from '../core/editing.ts'
import type { ByModel, DraftFrom, EditorModel, SettledCase, WrittenArticle } from '../core/editing-help.ts'
import { TongdaError } from '../core/errors.ts'
import type { LearningService, ProposalStore } from '../core/learning.ts'
import type { Understand } from '../core/understanding.ts'

/** What an article is written from. */
export interface Settled {
  readonly cases: readonly SettledCase[]
  /** What it may belong to; absent: nobody knows. */
  readonly topic?: string
  /** Where it comes from, as it is noted, e.g. `T-1001, T-1002`. */
  readonly origin: string
}

export interface WriteOptions {
  readonly model: Pick<EditorModel, 'write'>
  /** Without what tells who it was about. Throws `not_found`, `conflict`, `bad_input`. */
  readonly settled: (from: DraftFrom) => Promise<Settled>
  readonly articles: () => Promise<readonly ArticleContent[]>
  readonly understand: Understand
  readonly drafts: Pick<DraftService, 'create'>
  readonly drafted: (id: string) => Promise<Draft>
  readonly proposals: Pick<ProposalStore, 'get'>
  readonly learning: Pick<LearningService, 'accept'>
  readonly newId: () => string
  readonly now: () => Date
}

const mostReason = 2_000

/** Of the topics that articles have: the one of the tickets, or the one that is understood. */
const topicFor = async (
  question: string,
  wanted: string | undefined,
  { articles, understand }: WriteOptions,
): Promise<string> => {
  const all = await articles()
  const known = new Set(all.map(({ topic }) => topic))
  if (wanted !== undefined && known.has(wanted)) return wanted
  const { topic, candidates } = await understand(question, {})
  const found = [topic, ...candidates.map((one) => one.topic), all[0]?.topic].find(
    (one) => one !== undefined && known.has(one),
  )
  if (found === undefined)
    throw new TongdaError('conflict', 'there is no article whose topic could be taken; write one first')
  return found
}

const contentOf = (
  { question, similar, answer }: WrittenArticle,
  { topic, id }: { readonly topic: string; readonly id: string },
): ArticleContent => ({
  ...{ id: `${topic.slice(0, 60)}-${id.slice(-8)}`, topic, question },
  similar: similar.length === 0 ? [question] : [...similar],
  ...{ negative: [], handoff: false, urgency: 'normal', followups: [], channels: {} },
  ...{ tags: ['机器生成'], answer },
})

/** Says who wrote it, from what, and what nobody could check. */
const reasonOf = ({ found, model }: ByModel<WrittenArticle>, origin: string): string =>
  [
    `机器生成 written by ${model}，来自 from ${origin}`,
    ...(found.toCheck.length === 0
      ? []
      : [
          `以下句子不是回复的原话，请核对 not in the words of a reply, look at them:\n${found.toCheck.join('\n')}`,
        ]),
  ]
    .join('。')
    .slice(0, mostReason)

const nothing = (): TongdaError =>
  new TongdaError(
    'conflict',
    'the model found nothing in these replies that others can be told, or what it wrote did not stand the check; choose tickets with fuller replies, or write the article yourself',
  )

/** Has an article written from settled work and keeps it as a draft; a person and a review stand before its readers. */
export const createWriteArticle =
  (options: WriteOptions) =>
  async (from: DraftFrom, write: EditWrite): Promise<Draft> => {
    const { model, settled, drafts, drafted, proposals, learning, newId, now } = options
    const { cases, topic: wanted, origin } = await settled(from)
    const { found, model: by } = await model.write(cases)
    if (found === undefined) throw nothing()
    const topic = await topicFor(found.question, wanted, options)
    const content = contentOf(found, { topic, id: newId() })
    const reason = reasonOf({ found, model: by }, origin)
    if ('tickets' in from)
      return drafts.create({ articleId: content.id, action: 'save', content, reason }, write, {
        ...{ kind: 'tickets', id: origin, model: by },
      })
    const { version } = await proposals.get(from.proposalId, now())
    const { draftIds } = await learning.accept(
      from.proposalId,
      { content, reason, model: by },
      { ...write, version },
    )
    const [draftId] = draftIds
    if (draftId === undefined) throw new Error('the draft was not stored')
    return drafted(draftId)
  }
