import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { articleContent, type ArticleContent } from '../src/core/article.ts'
import type { Article, ContentFault } from '../src/core/knowledge.ts'
import type { ArticleFileState } from '../src/core/editing.ts'
import { TongdaError } from '../src/core/errors.ts'
import { parseYaml, readContentFiles, type ContentFile } from '../src/text/index.ts'
import { readArticle, splitArticle } from './article-file.ts'
import { frontMatter } from './article-schema.ts'
import { openPictures } from './picture-shelf.ts'
import { placePictures } from './place-pictures.ts'

/** Two readings of one article give the same text, whatever the order in its file. */
const canonical = (content: ArticleContent): string => {
  const { channels, ...rest } = articleContent.parse(content)
  const byName = Object.entries(channels).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)), byName])
}

/** Same article, same hash. */
export const hashArticle = (content: ArticleContent): string =>
  createHash('sha256').update(canonical(content)).digest('hex').slice(0, 16)

/** An article as its file: front matter, then the answer. What is empty is left out. */
export const writeArticle = ({ answer, ...fields }: ArticleContent): string => {
  const { similar, en, ...rest } = fields
  const isSaid = (value: unknown): boolean =>
    Array.isArray(value)
      ? value.length > 0
      : typeof value === 'object'
        ? Object.keys(value ?? {}).length > 0
        : value !== undefined
  const facts = Object.fromEntries(
    Object.entries({ ...rest, similar, en }).filter(([, value]) => isSaid(value)),
  )
  return `---\n${stringify(facts, { lineWidth: 0, aliasDuplicateObjects: false })}---\n\n${answer}\n`
}

/** Reads an article file as editors write it; or what is wrong with it. */
export const readArticleSource = (
  source: ContentFile,
): { readonly content: ArticleContent } | { readonly faults: readonly ContentFault[] } => {
  const { faults } = readArticle(source)
  const parts = splitArticle(source.text)
  if (faults.length > 0 || parts === undefined) return { faults }
  const parsed = parseYaml({ file: source.file, text: parts.front, firstLine: 2 }, frontMatter)
  if (!parsed.ok) return { faults: parsed.faults }
  return { content: articleContent.parse({ ...parsed.value, answer: parts.body }) }
}

/** The articles below `folder` that have no fault of their own, by id; of two with one id the first. */
export const readArticleFiles = async (folder: string): Promise<ReadonlyMap<string, ArticleFileState>> => {
  const { files } = await readContentFiles(folder, '.md')
  const found = new Map<string, ArticleFileState>()
  for (const source of files) {
    const read = readArticleSource(source)
    if ('faults' in read || found.has(read.content.id)) continue
    found.set(read.content.id, { content: read.content, hash: hashArticle(read.content), file: source.file })
  }
  return found
}

/** An article as readers have it: its words, and its pictures where they can be shown. Throws `bad_input`. */
export const readShown = async (content: ArticleContent, pictureFolder: string): Promise<Article> => {
  const { read, faults } = readArticle({ file: content.id, text: writeArticle(content) })
  if (read === undefined)
    throw new TongdaError('bad_input', faults.map(({ problem, fix }) => `${problem}; ${fix}`).join(' | '))
  const { pictures } = await placePictures(read, openPictures(pictureFolder))
  return pictures === undefined ? read.article : { ...read.article, pictures }
}
