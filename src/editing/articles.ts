import type { ArticleContent } from '../core/article.ts'
import type {
  ArticleFiles,
  ArticleReading,
  ArticleState,
  ChannelPreview,
  Draft,
  DraftStore,
  VersionReading,
} from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import { liveArticles, type HashArticle, type LiveArticle } from './live.ts'

/** Shows an article as each inbox would. */
export type PreviewArticle = (content: ArticleContent) => Promise<readonly ChannelPreview[]>

export interface ReadingOptions {
  readonly drafts: Pick<DraftStore, 'list'>
  readonly versions: Pick<VersionReading, 'current'>
  readonly files: ArticleFiles
  readonly hashOf: HashArticle
  readonly preview: PreviewArticle
}

/** More drafts are under way nowhere. */
const mostDrafts = 5_000

const stateOf = (
  articleId: string,
  live: LiveArticle | undefined,
  drafts: readonly Draft[],
): ArticleState => ({
  articleId,
  ...(live?.content === undefined ? {} : { live: live.content }),
  ...(live?.hash === undefined ? {} : { hash: live.hash }),
  origin: live?.origin ?? 'draft',
  ...(live?.file === undefined ? {} : { file: live.file }),
  conflict: live?.conflict ?? false,
  drafts: drafts.map(({ id, state, action, version, updatedAt }) => ({
    id,
    state,
    action,
    version,
    updatedAt,
  })),
})

/** The articles as they stand: what is live, what is under way, where file and published text have parted. */
export const createArticleReading = (options: ReadingOptions): ArticleReading => {
  const { drafts, versions, files, hashOf, preview } = options
  const list = async (): Promise<readonly ArticleState[]> => {
    const [{ overlays }, onDisk, open] = await Promise.all([
      versions.current(),
      files.read(),
      drafts.list({ states: ['draft', 'in-review', 'approved'] }, { limit: mostDrafts }),
    ])
    const live = liveArticles(onDisk, overlays, hashOf)
    const ofArticle = new Map<string, Draft[]>()
    for (const draft of open)
      ofArticle.set(draft.articleId, [...(ofArticle.get(draft.articleId) ?? []), draft])
    return [...new Set([...live.keys(), ...ofArticle.keys()])]
      .sort()
      .map((id) => stateOf(id, live.get(id), ofArticle.get(id) ?? []))
  }
  return {
    list,
    get: async (articleId) => {
      const found = (await list()).find((one) => one.articleId === articleId)
      if (found === undefined) throw new TongdaError('not_found', `there is no article ${articleId}`)
      return found
    },
    preview: (content) => preview(content),
  }
}
