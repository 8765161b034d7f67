import { createHash } from 'node:crypto'
import type { Overlay } from '../src/core/editing.ts'
import type { Article, ContentFault, KnowledgeBase } from '../src/core/knowledge.ts'
import { fault, readContentFiles, type ContentFile } from '../src/text/index.ts'
import { readArticle } from './article-file.ts'
import type { ArticleFile, ReadArticle } from './article-file.ts'
import { writeArticle } from './article-source.ts'
import { openPictures, pictureFolderOf } from './picture-shelf.ts'
import { placePictures } from './place-pictures.ts'

/** What a folder of articles holds. */
export interface LoadedKnowledge {
  /** The articles without fault; undefined when there is none. */
  readonly knowledge?: KnowledgeBase
  /** Empty when every file is right. Articles named here are left out. */
  readonly faults: readonly ContentFault[]
  /** Of all articles that there are, those with faults and those for other days among them. */
  readonly ids: ReadonlySet<string>
}

/** Two questions that differ only in case, width or punctuation are the same one. */
const questionKey = (question: string): string => {
  const text = question.normalize('NFKC').toLowerCase()
  return text.replace(/[^\p{L}\p{N}]/gu, '') || text
}

const questionsOf = ({
  question,
  similar,
}: Article): readonly (readonly [readonly PropertyKey[], string])[] => [
  [['question'], question],
  ...similar.map((text, at) => [['similar', at], text] as const),
]

/** Faults that show only beside other articles: ids, questions said twice. */
const createComparison = (topics: ReadonlySet<string>) => {
  const ids = new Map<string, string>()
  const questions = new Map<string, string>()
  return ({ article, lineOf }: Pick<ReadArticle, 'article' | 'lineOf'>): readonly ContentFault[] => {
    const { file, id, topic } = article
    const faults: ContentFault[] = []
    const other = ids.get(id)
    if (other !== undefined)
      faults.push(
        fault(
          file,
          lineOf(['id']),
          `id ${id} 已用于 is used in ${other}`,
          '换一个不重复的 id choose another',
        ),
      )
    if (!topics.has(topic))
      faults.push(
        fault(
          file,
          lineOf(['topic']),
          `未知主题 unknown topic: ${topic}`,
          '改用主题表里的 slug，或先加进主题表 use one of topics.yaml, or add it there',
        ),
      )
    else if (id !== topic && !id.startsWith(`${topic}-`)) {
      faults.push(
        fault(
          file,
          lineOf(['id']),
          `id ${id} 没有以主题开头 does not start with its topic ${topic}`,
          `改成 write ${topic}-…，或改正 topic or correct the topic`,
        ),
      )
    }
    const own = new Set<string>()
    for (const [path, text] of questionsOf(article)) {
      const key = questionKey(text)
      const owner = own.has(key) ? '本文' : questions.get(key)
      if (owner !== undefined)
        faults.push(
          fault(
            file,
            lineOf(path),
            `问法重复 question said twice: “${text}” 已在 is in ${owner}`,
            '删掉，或改成更能区分的说法 remove it, or word it differently',
          ),
        )
      own.add(key)
    }
    if (faults.length > 0) return faults
    ids.set(id, file)
    for (const key of own) questions.set(key, file)
    return []
  }
}

const checkFollowups = (reads: readonly ReadArticle[], known: ReadonlySet<string>): readonly ContentFault[] =>
  reads.flatMap(({ article, lineOf }) =>
    article.followups.flatMap((id, at) => {
      if (id === article.id)
        return [
          fault(
            article.file,
            lineOf(['followups', at]),
            '关联问题指向自己 a follow-up points to its own article',
            '删掉 remove it',
          ),
        ]
      if (known.has(id)) return []
      return [
        fault(
          article.file,
          lineOf(['followups', at]),
          `关联问题 ${id} 不存在 the follow-up does not exist`,
          '改成已有文章的 id，或删掉 name an existing article, or remove it',
        ),
      ]
    }),
  )

/** Same articles, same version: a hash of everything that reaches a reader. */
const versionOf = (articles: readonly Article[]): string =>
  createHash('sha256').update(JSON.stringify(articles)).digest('hex').slice(0, 16)

/** What is loaded beside the files. */
export interface LoadOptions {
  /** What is published over the files, by article. */
  readonly overlays?: readonly Overlay[]
  /** The day on which articles are given, YYYY-MM-DD; those that are not valid then are left out. Default: all are given. */
  readonly today?: string
}

/** Where an article that has no file of its own is said to be. */
export const publishedFile = (articleId: string): string => `published/${articleId}.md`

const isGiven = ({ from, until }: Article, today: string | undefined): boolean =>
  today === undefined || ((from === undefined || from <= today) && (until === undefined || today <= until))

/** The files without those that something is published over, and what is published. */
const overlaid = (files: readonly ContentFile[], overlays: readonly Overlay[]): readonly ArticleFile[] => {
  const hidden = new Set(overlays.map(({ articleId }) => articleId))
  const published = overlays.flatMap(({ articleId, content }) =>
    content === undefined ? [] : [{ file: publishedFile(articleId), text: writeArticle(content) }],
  )
  const own = files.map(readArticle).filter(({ read }) => read === undefined || !hidden.has(read.article.id))
  return [...own, ...published.map(readArticle)]
}

/**
 * Loads all `*.md` articles below `folder`, with the pictures of the folder `pictures` beside it. Faults name file,
 * line, problem and what to do; a faulty article is left out and the others are kept. Follow-ups to articles that are
 * missing and pictures that cannot be shown are faults but do not leave the article out. What is published over a file
 * takes its place.
 */
export const loadKnowledge = async (
  folder: string,
  topics: readonly string[],
  { overlays = [], today }: LoadOptions = {},
): Promise<LoadedKnowledge> => {
  const { files, faults: unreadable } = await readContentFiles(folder, '.md')
  const compare = createComparison(new Set(topics))
  const shelf = openPictures(pictureFolderOf(folder))
  const faults: ContentFault[] = [...unreadable]
  const reads: ReadArticle[] = []
  const ids = new Set<string>()
  for (const { read, faults: own } of overlaid(files, overlays)) {
    const found = read === undefined ? own : compare(read)
    faults.push(...found)
    if (read === undefined) continue
    ids.add(read.article.id)
    const { pictures, faults: unshown } = await placePictures(read, shelf)
    faults.push(...unshown)
    const article = pictures === undefined ? read.article : { ...read.article, pictures }
    if (found.length === 0 && isGiven(article, today)) reads.push({ ...read, article })
  }
  faults.push(...checkFollowups(reads, ids))
  if (files.length === 0 && unreadable.length === 0 && overlays.length === 0)
    faults.push(
      fault(folder, 1, '没有文章 there are no articles', '放入至少一个 .md 文章 add at least one .md file'),
    )
  if (reads.length === 0) return { faults, ids }
  const present = new Set(reads.map(({ article }) => article.id))
  const articles = reads.map(({ article }) => ({
    ...article,
    followups: article.followups.filter((id) => present.has(id)),
  }))
  const pictures = shelf.found()
  const base = { version: versionOf(articles), articles }
  return { knowledge: pictures.length === 0 ? base : { ...base, pictures }, faults, ids }
}
