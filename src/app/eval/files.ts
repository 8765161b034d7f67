import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { readExamples } from '../../../intents/index.ts'
import type { Example, FaqEntry } from '../../../intents/index.ts'
import { TongdaError } from '../../core/errors.ts'
import type { ContentFault } from '../../core/knowledge.ts'

const mostFaultsTold = 10

/** The faults as one error; each names file, line and what to do. */
export const refuse = (faults: readonly ContentFault[]): TongdaError => {
  const told = faults
    .slice(0, mostFaultsTold)
    .map(({ file, line, problem, fix }) => `${file}:${String(line)}  ${problem}; ${fix}`)
  const rest = faults.length - told.length
  return new TongdaError(
    'bad_input',
    [...told, ...(rest > 0 ? [`… 还有 ${String(rest)} 处 more`] : [])].join('\n'),
    { faults: faults.length },
  )
}

const fault = (file: string, line: number, problem: string, fix: string): ContentFault => ({
  file,
  line,
  problem,
  fix,
})

/** Reads a file of text. Throws `bad_input` where there is none, or it is not UTF-8. */
export const readText = async (file: string): Promise<string> => {
  const bytes = await readFile(file).catch(() => undefined)
  if (bytes === undefined)
    throw refuse([
      fault(
        file,
        1,
        '文件不存在或无法读取 the file is missing or unreadable',
        '检查路径和读取权限 check the path and the permissions',
      ),
    ])
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n')
  } catch {
    throw refuse([fault(file, 1, '不是 UTF-8 编码 not encoded as UTF-8', '用 UTF-8 另存 save it as UTF-8')])
  }
}

/** Reads labelled texts: JSON lines or a Rasa `nlu.yml`. Throws `bad_input` naming file, line and what to do. */
export const readExampleFile = async (file: string): Promise<readonly Example[]> => {
  const { examples, faults } = readExamples({ file, text: await readText(file) })
  if (faults.length > 0) throw refuse(faults)
  if (examples.length === 0)
    throw refuse([
      fault(
        file,
        1,
        '没有一条文本 there is no text',
        '写入 {"text": "…", "intent": "…"} 行 write such lines',
      ),
    ])
  return examples
}

const text = z.string().trim().min(1).max(4000)
const id = z.union([z.string().min(1), z.number()]).transform(String)
const faqFile = z.object({
  kb: z
    .array(
      z.object({
        id,
        question: text,
        alt: z.array(text).default([]),
        answer: z.string().max(20_000).default(''),
      }),
    )
    .min(1),
  queries: z.array(z.object({ text, id: id.nullable() })).min(1),
})

/** A knowledge base and questions with the entry that answers each; null: none does. */
export interface FaqFile {
  readonly kb: readonly FaqEntry[]
  readonly queries: readonly { readonly text: string; readonly id: string | null }[]
}

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

const faqShape =
  '写成 write {"kb": [{"id", "question", "alt": [], "answer"}], "queries": [{"text", "id" 或 or null}]}'

const parseFaq = (file: string, source: string): unknown => {
  try {
    return JSON.parse(source) as unknown
  } catch (error) {
    const offset = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    throw refuse([
      fault(file, offset === undefined ? 1 : lineAt(source, Number(offset)), '不是 JSON not JSON', faqShape),
    ])
  }
}

/** Line on which the item at `place` of the list under `key` starts; 1 when the list cannot be found. */
const lineOfItem = (source: string, key: string, place: number): number => {
  const start = source.search(new RegExp(`"${key}"\\s*:\\s*\\[`))
  let [depth, seen, quoted] = [0, -1, false]
  for (let at = Math.max(0, source.indexOf('[', start)); start >= 0 && at < source.length; at++) {
    const character = source.charAt(at)
    if (character === '\\') at += 1
    else if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if ('[{'.includes(character)) {
      if (depth === 1) seen += 1
      if (seen === place) return lineAt(source, at)
      depth += 1
    } else if (']}'.includes(character)) depth -= 1
  }
  return 1
}

const checkIds = (file: string, source: string, { kb, queries }: FaqFile): readonly ContentFault[] => {
  const known = new Set<string>()
  const faults: ContentFault[] = []
  for (const [at, entry] of kb.entries()) {
    if (known.has(entry.id))
      faults.push(
        fault(
          file,
          lineOfItem(source, 'kb', at),
          `id ${entry.id} 写了两次 is given twice`,
          '换一个 choose another',
        ),
      )
    known.add(entry.id)
  }
  for (const [at, query] of queries.entries())
    if (query.id !== null && !known.has(query.id))
      faults.push(
        fault(
          file,
          lineOfItem(source, 'queries', at),
          `id ${query.id} 不在 kb 里 is not in kb`,
          '改成 kb 里的 id，或 null name an entry of kb, or null',
        ),
      )
  return faults
}

/** Reads a knowledge base with its questions. Throws `bad_input` naming file, line and what to do. */
export const readFaqFile = async (file: string): Promise<FaqFile> => {
  const source = await readText(file)
  const checked = faqFile.safeParse(parseFaq(file, source))
  if (!checked.success) {
    throw refuse(
      checked.error.issues.map(({ path, message }) => {
        const [key, place] = path
        const line = typeof place === 'number' ? lineOfItem(source, String(key), place) : 1
        return fault(file, line, `${path.map(String).join('.')}: ${message}`, faqShape)
      }),
    )
  }
  const faults = checkIds(file, source, checked.data)
  if (faults.length > 0) throw refuse(faults)
  return checked.data
}

/** Two sentences and how alike they are; 1 and 0 for the same meaning or not, or any other scale. */
export interface SentencePair {
  readonly first: string
  readonly second: string
  readonly label: number
}

const pairColumns = ['sentence1', 'sentence2', 'label'] as const

/** Reads tab-separated sentence pairs. Throws `bad_input` naming file, line and what to do. */
export const readPairFile = async (file: string): Promise<readonly SentencePair[]> => {
  const lines = (await readText(file)).split('\n').map((line) => line.split('\t'))
  const named = pairColumns.map((name) => lines[0]?.indexOf(name) ?? -1)
  const hasHeader = named.every((at) => at >= 0)
  const places = hasHeader ? named : [0, 1, 2]
  const faults: ContentFault[] = []
  const pairs: SentencePair[] = []
  for (const [at, cells] of lines.entries()) {
    if ((at === 0 && hasHeader) || cells.join('').trim() === '') continue
    const [first = '', second = '', label = ''] = places.map((place) => cells[place]?.trim() ?? '')
    if (first === '' || second === '' || label === '' || !Number.isFinite(Number(label)))
      faults.push(
        fault(
          file,
          at + 1,
          '这一行不是 this line is not sentence1 ⇥ sentence2 ⇥ label',
          '用制表符分开，label 写数字 separate them by tabs, and write a number as the label',
        ),
      )
    else pairs.push({ first, second, label: Number(label) })
  }
  if (faults.length > 0) throw refuse(faults)
  if (pairs.length === 0)
    throw refuse([
      fault(
        file,
        1,
        '没有一对句子 there is no pair',
        '每行写一对 write one a line: sentence1 ⇥ sentence2 ⇥ label',
      ),
    ])
  return pairs
}
