import { readFile, readdir } from 'node:fs/promises'
import { z } from 'zod'
import type { ContentFault } from '../src/core/knowledge.ts'
import { checkPath, fault, parseYaml, readContentFiles } from '../src/text/index.ts'
import { readJsonLines } from './json-lines.ts'
import { attitude, attitudeFile } from './schema.ts'
import type { Attitude } from './schema.ts'

/** A message and how it is meant, as a person judged it. */
export interface AttitudeText extends Attitude {
  readonly text: string
}

interface ReadTexts {
  readonly rows: readonly AttitudeText[]
  readonly faults: readonly ContentFault[]
}

/** Letters and digits, else what there is: the same for the same words. */
const keyOf = (text: string): string => {
  const folded = text.normalize('NFKC').toLowerCase()
  return folded.replace(/[^\p{L}\p{N}]/gu, '') || folded
}

const sameAttitude = (one: Attitude, other: Attitude): boolean =>
  one.emotion === other.emotion &&
  one.urgency === other.urgency &&
  one.abuse === other.abuse &&
  one.wantsPerson === other.wantsPerson

/** Reads all `*.yaml` of a folder that may be missing. The same words with two meanings are a fault. */
export const loadAttitude = async (folder: string): Promise<ReadTexts> => {
  if ((await readdir(folder).catch(() => undefined)) === undefined) return { rows: [], faults: [] }
  const { files, faults: unreadable } = await readContentFiles(folder, '.yaml')
  const faults: ContentFault[] = [...unreadable]
  const known = new Map<string, { readonly row: AttitudeText; readonly file: string }>()
  for (const { file: name, text: source } of files) {
    const file = `attitude/${name}`
    const parsed = parseYaml({ file, text: source }, attitudeFile)
    if (!parsed.ok) {
      faults.push(...parsed.faults)
      continue
    }
    for (const [at, { examples, ...meant }] of parsed.value.entries()) {
      for (const [index, text] of examples.entries()) {
        const other = known.get(keyOf(text))
        if (other === undefined) known.set(keyOf(text), { row: { text, ...meant }, file })
        else if (!sameAttitude(other.row, meant))
          faults.push(
            fault(
              file,
              parsed.lineOf([at, 'examples', index]),
              `“${text.slice(0, 30)}” 在 ${other.file} 里另有标注 is labelled otherwise in ${other.file}`,
              '只留一处 keep it in one place',
            ),
          )
      }
    }
  }
  return { rows: [...known.values()].map(({ row }) => row), faults }
}

const line = attitude.extend({ text: z.string().trim().min(1).max(4000) })

/** Reads `{"text","emotion"?,"urgency"?,"abuse"?,"wantsPerson"?}` lines. Broken lines are named in `faults` and left out. */
export const readAttitudeLines = async (path: string): Promise<ReadTexts> => {
  const source = await readFile(path, 'utf8').catch(() => undefined)
  if (source === undefined)
    return {
      rows: [],
      faults: [fault(path, 1, '文件不存在或无法读取 the file is missing or unreadable', checkPath)],
    }
  return readJsonLines({ file: path, text: source }, line, {
    problem: '这一行不对 this line is wrong',
    fix: '写成 write {"text": "…", "emotion": "neutral|angry|sad|anxious|happy", "urgency": "normal|high|urgent", "abuse": "none|us|others", "wantsPerson": true}; 除 text 外可省略 all but text may be left out',
  })
}
