import { createHash } from 'node:crypto'
import type { ArticleContent } from '../core/article.ts'
import type { ArticleChange, ArticleFileState, Draft, Overlay, VersionPlan } from '../core/editing.ts'

/** Same article, same hash. */
export type HashArticle = (content: ArticleContent) => string

/** One article as readers have it. */
export interface LiveArticle {
  /** Absent: it is retired. */
  readonly content?: ArticleContent
  readonly hash?: string
  readonly origin: 'file' | 'published' | 'retired'
  readonly file?: ArticleFileState
  readonly conflict: boolean
}
export type LiveArticles = ReadonlyMap<string, LiveArticle>

type Files = ReadonlyMap<string, ArticleFileState>

const overFile = (
  overlay: Overlay,
  file: ArticleFileState | undefined,
  hashOf: HashArticle,
): LiveArticle => ({
  ...(overlay.content === undefined
    ? { origin: 'retired' }
    : { origin: 'published', content: overlay.content, hash: hashOf(overlay.content) }),
  ...(file === undefined ? {} : { file }),
  conflict: overlay.fileHash !== file?.hash,
})

/** The files with what is published over them, by id. */
export const liveArticles = (
  files: Files,
  overlays: readonly Overlay[],
  hashOf: HashArticle,
): LiveArticles => {
  const live = new Map<string, LiveArticle>()
  for (const [id, file] of files)
    live.set(id, { content: file.content, hash: file.hash, origin: 'file', file, conflict: false })
  for (const overlay of overlays)
    live.set(overlay.articleId, overFile(overlay, files.get(overlay.articleId), hashOf))
  return new Map([...live].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The articles that differ. */
export const changesBetween = (before: LiveArticles, after: LiveArticles): readonly ArticleChange[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((articleId) => {
    const [was, is] = [before.get(articleId), after.get(articleId)]
    if (was?.hash === is?.hash) return []
    return [
      {
        articleId,
        ...(was?.content === undefined ? {} : { before: was.content }),
        ...(is?.content === undefined ? {} : { after: is.content }),
      },
    ]
  })

/** A hash of all that readers have. */
export const hashAll = (live: LiveArticles): string => {
  const given = [...live].flatMap(([id, { hash }]) => (hash === undefined ? [] : [`${id}:${hash}`]))
  return createHash('sha256').update(given.sort().join('\n')).digest('hex').slice(0, 16)
}

/** What a draft lays over its article. */
export const overlayOf = ({
  articleId,
  action,
  content,
  fileHash,
}: Draft): VersionPlan['overlays'][number] =>
  action === 'use-file'
    ? { articleId, none: true }
    : {
        articleId,
        ...(action === 'save' && content !== undefined ? { content } : {}),
        ...(fileHash === undefined ? {} : { fileHash }),
      }

/** The overlays as they are with these on top. */
export const layOver = (
  overlays: readonly Overlay[],
  changes: VersionPlan['overlays'],
): readonly Overlay[] => {
  const changed = new Set(changes.map(({ articleId }) => articleId))
  const laid = changes.flatMap((one): Overlay[] => ('none' in one ? [] : [one]))
  return [...overlays.filter(({ articleId }) => !changed.has(articleId)), ...laid]
}

/** Stands for exactly this change of exactly this knowledge. */
export const fingerprintOf = (before: LiveArticles, after: LiveArticles): string =>
  createHash('sha256')
    .update(`${hashAll(before)}>${hashAll(after)}`)
    .digest('hex')
    .slice(0, 32)
