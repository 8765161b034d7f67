import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** A labelled pair and where it comes from. */
export interface PairRow {
  readonly first: string
  readonly second: string
  readonly label: number
  readonly source: string
}

/** The sentence pairs of a data folder, none when the file is missing. */
export const readPairRows = (folder: string): readonly PairRow[] => {
  const file = join(folder, 'pairs-zh.tsv.gz')
  if (!existsSync(file)) return []
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [first = '', second = '', label = '', source = ''] = line.split('\t')
      return { first, second, label: Number(label), source }
    })
}
