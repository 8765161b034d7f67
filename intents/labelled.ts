import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { ContentFault } from '../src/core/knowledge.ts'
import { checkPath, fault } from '../src/text/index.ts'
import { readJsonLines } from './json-lines.ts'

/** A message and what it is about, as a person judged it. */
export interface LabelledText {
  readonly text: string
  readonly topic: string
  /** The articles any of which answers it, best first; none: no article does. Absent: nobody judged that. */
  readonly articles?: readonly string[]
}

const id = z.string().min(1).max(80)
const row = z.object({
  text: z.string().min(1).max(4000),
  topic: id,
  article: z.union([id.transform((one) => [one]), z.array(id).max(8)]).optional(),
})

/** Reads `{"text","topic","article"?}` lines. Broken lines are named in `faults` and left out. */
export const readLabelled = async (
  path: string,
  file: string,
): Promise<{ readonly rows: readonly LabelledText[]; readonly faults: readonly ContentFault[] }> => {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined)
    return {
      rows: [],
      faults: [fault(file, 1, '文件不存在或无法读取 the file is missing or unreadable', checkPath)],
    }
  const { rows, faults } = readJsonLines({ file, text }, row, {
    problem: '这一行不是 this line is not {"text": "…", "topic": "…", "article"?: "…"}',
    fix: '照格式改，一行一条 correct it, one a line',
  })
  return {
    rows: rows.map(({ text: said, topic, article: articles }) => ({
      text: said,
      topic,
      ...(articles === undefined ? {} : { articles }),
    })),
    faults,
  }
}
