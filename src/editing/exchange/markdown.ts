import { strToU8, zipSync } from 'fflate'
import type { ArticleContent } from '../../core/article.ts'
import type { ImportRow } from '../../core/exchange.ts'
import type { ContentFault } from '../../core/knowledge.ts'
import type { LiveArticles } from '../live.ts'
import { importRow, refuseTwice } from './table.ts'
import { openZip } from './zip.ts'

/** Reads and writes one article file. */
export interface ArticleText {
  readonly read: (source: {
    readonly file: string
    readonly text: string
  }) => { readonly content: ArticleContent } | { readonly faults: readonly ContentFault[] }
  readonly write: (content: ArticleContent) => string
}

const isArticle = (file: string): boolean => file.endsWith('.md') && !/(^|\/)[._]/.test(file)

/** What each article file of a zip would do. */
export const readMarkdown = (
  bytes: Uint8Array,
  live: LiveArticles,
  text: ArticleText,
): readonly ImportRow[] =>
  refuseTwice(
    Object.entries(openZip(bytes))
      .filter(([file]) => isArticle(file))
      .map(([file, content]): ImportRow => {
        const written = new TextDecoder().decode(content).replaceAll('\r\n', '\n')
        const read = text.read({ file, text: written })
        if ('content' in read) return importRow(file, read.content, live.get(read.content.id)?.content)
        const faults = read.faults.map(({ line, problem, fix }) => ({ column: String(line), problem, fix }))
        return { row: file, does: 'faulty', fields: [], faults }
      }),
  )

/** The live articles as files, in a folder for each topic. */
export const writeMarkdown = (live: LiveArticles, { write }: ArticleText): Uint8Array =>
  zipSync(
    Object.fromEntries(
      [...live.values()].flatMap(({ content }) =>
        content === undefined ? [] : [[`${content.topic}/${content.id}.md`, strToU8(write(content))]],
      ),
    ),
  )
