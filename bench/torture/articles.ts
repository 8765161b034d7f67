import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { learnContent } from '../learned.ts'
import { answerOf, keys } from './cluster.ts'

/** The words that ask the nth thing, on channels that have no menu. */
export const questionOf = (n: number): string => `暗号${String(n)}是什么意思`

const articleOf = (n: number): string =>
  [
    '---',
    `id: search-recommend-${String(n)}`,
    'topic: search-recommend',
    `question: ${questionOf(n)}`,
    'similar:',
    `  - 请问${questionOf(n)}`,
    '---',
    answerOf(n),
    '',
  ].join('\n')

/** Articles that answer what is asked in words, each thing by a text of its own. */
export interface AskedInWords {
  /** The sections of the configuration that have a node answer from them. */
  readonly sections: Readonly<Record<string, object>>
  /** Folder of what was learned from them. */
  readonly learned: string
  dispose(): void
}

/** Writes an article for each thing to ask, and learns them: by words alone, which takes seconds. */
export const openAskedInWords = async (): Promise<AskedInWords> => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-articles-'))
  const articles = join(folder, 'articles')
  mkdirSync(articles)
  for (let n = 0; n < keys; n += 1) writeFileSync(join(articles, `${String(n)}.md`), articleOf(n))
  const sections = { content: { articles, forms: join(folder, 'forms') }, encoder: { model: 'none' } }
  const learned = await learnContent(join(folder, 'data'), sections)
  return { sections, learned, dispose: () => rmSync(folder, { recursive: true, force: true }) }
}
