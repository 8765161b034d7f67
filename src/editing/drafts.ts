import type { Clock } from '../core/clock.ts'
import type {
  ArticleFiles,
  Draft,
  DraftService,
  DraftState,
  DraftStore,
  EditBase,
  EditFacts,
  EditWrite,
  NewDraft,
  VersionReading,
} from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import type { EditingConfig } from './config.ts'
import { diffArticle } from './diff.ts'
import { liveArticles, type HashArticle, type LiveArticle, type LiveArticles } from './live.ts'

export interface DraftOptions {
  readonly drafts: DraftStore
  readonly versions: Pick<VersionReading, 'current'>
  readonly files: ArticleFiles
  readonly hashOf: HashArticle
  readonly config: Pick<EditingConfig, 'review'>
  readonly clock: Clock
}

const refuse = (message: string): TongdaError => new TongdaError('bad_input', message)

/** What is live, and in which version. */
const look = async ({ versions, files, hashOf }: Pick<DraftOptions, 'versions' | 'files' | 'hashOf'>) => {
  const [{ number, overlays }, onDisk] = await Promise.all([versions.current(), files.read()])
  return { number, live: liveArticles(onDisk, overlays, hashOf) }
}

const checkFacts = ({ articleId, action, content }: EditFacts, article: LiveArticle | undefined): void => {
  if ((action === 'save') !== (content !== undefined))
    throw refuse('give the whole article as `content` to save it, and none to retire it or to use its file')
  if (content !== undefined && content.id !== articleId)
    throw refuse(
      `the article says its id is ${content.id}; an id never changes: write ${articleId}, or make a new article`,
    )
  if (action === 'retire' && article?.content === undefined)
    throw refuse(`there is no live article ${articleId} to retire`)
  if (action === 'use-file' && (article === undefined || article.origin === 'file'))
    throw refuse(`nothing is published over the file of ${articleId}`)
}

const baseOf = (article: LiveArticle | undefined, number: number): EditBase => ({
  base: article?.hash,
  baseVersion: number,
  fileHash: article?.file?.hash,
})

/** From where a draft may be moved. */
const moves: Readonly<Record<'in-review' | 'approved' | 'draft' | 'discarded', readonly DraftState[]>> = {
  'in-review': ['draft'],
  approved: ['in-review'],
  draft: ['in-review', 'approved'],
  discarded: ['draft', 'in-review', 'approved'],
}

const isSame = (one: EditWrite['actor'], other: EditWrite['actor']): boolean =>
  one.kind === other.kind && (one.kind === 'system' || (other.kind !== 'system' && one.id === other.id))

/** Four eyes: who wrote a draft last does not approve it, nor does a program. */
const checkReviewer = ({ author }: Draft, { actor }: EditWrite): void => {
  if (actor.kind !== 'agent')
    throw new TongdaError('forbidden', 'a draft is approved by a person who is signed in, not by a program')
  if (isSame(author, actor))
    throw new TongdaError('forbidden', 'you wrote this draft; somebody else approves it')
}

/** What the draft would make of what is live. */
const diffDraft = (draft: Draft, live: LiveArticles) => {
  const article = live.get(draft.articleId)
  const after = draft.action === 'use-file' ? article?.file?.content : draft.content
  if (article?.content === undefined && after === undefined) return undefined
  return diffArticle({
    articleId: draft.articleId,
    ...(article?.content === undefined ? {} : { before: article.content }),
    ...(after === undefined ? {} : { after }),
  })
}

/** What editors do to articles. */
export const createDraftService = (options: DraftOptions): DraftService => {
  const { drafts, config, clock } = options
  const createAll: (
    facts: readonly EditFacts[],
    write: EditWrite,
    source?: Draft['source'],
  ) => Promise<readonly Draft[]> = async (facts, { actor, idempotencyKey }, source) => {
    const { number, live } = await look(options)
    const made = facts.map((one): NewDraft => {
      const article = live.get(one.articleId)
      checkFacts(one, article)
      return { ...one, ...baseOf(article, number), author: actor, source }
    })
    return drafts.create(made, clock.now(), idempotencyKey)
  }
  return {
    createAll,
    create: async (facts, write, source) => {
      const [draft] = await createAll([facts], write, source)
      if (draft === undefined) throw new Error('the draft was not stored')
      return draft
    },
    change: async (id, { content, reason, rebase = false }, { actor, version }) => {
      const draft = await drafts.get(id)
      const { number, live } = await look(options)
      const article = live.get(draft.articleId)
      checkFacts({ ...draft, content: content ?? draft.content }, article)
      return drafts.write(
        id,
        { content, reason, author: actor, ...(rebase ? baseOf(article, number) : {}) },
        { from: ['draft'], version, now: clock.now() },
      )
    },
    move: async (id, to, note, write) => {
      const draft = await drafts.get(id)
      if (to === 'approved' && config.review === 'required') checkReviewer(draft, write)
      const reviewer = to === 'in-review' ? undefined : write.actor
      return drafts.write(
        id,
        { state: to, note, reviewer },
        { from: moves[to], version: write.version, now: clock.now() },
      )
    },
    diff: async (id) => diffDraft(await drafts.get(id), (await look(options)).live),
  }
}
