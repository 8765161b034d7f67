import { z } from 'zod'
import type { ContentFault } from '../src/core/knowledge.ts'
import { fault, parseYaml } from '../src/text/index.ts'
import type { ContentFile, LineOf } from '../src/text/index.ts'

/** One example sentence of a Rasa file, its markup taken off. */
export interface RasaExample {
  readonly text: string
  readonly intent: string
  readonly line: number
}

const example = z.looseObject({ text: z.string() })
/** An entry of `nlu`: an intent, or a synonym, lookup or regex, which say nothing about intents. */
const entry = z.looseObject({
  intent: z.string().trim().min(1).optional(),
  examples: z.union([z.string(), z.array(example)]).optional(),
})
/** Training data of Rasa 2 and 3: https://rasa.com/docs/rasa/training-data-format */
const nluFile = z.looseObject({ nlu: z.array(entry) })
type Entry = z.infer<typeof entry>

/** Takes off entity markup: `[巴黎](city)`, `[巴黎]{"entity": "city"}`, and groups `[…][{…}]`. */
const stripEntities = (text: string): string =>
  text
    .replace(/\[([^[\]\n]+)\](?:\([^()\n]*\)|\{[^{}\n]*\})/gu, '$1')
    .replace(/\[([^[\]\n]+)\]\[[^[\]\n]*\]/gu, '$1')
    .trim()

/** The sentences of a list written as one block of text, `- ` before each. */
const readBlock = (
  file: string,
  intent: string,
  { examples, firstLine }: { readonly examples: string; readonly firstLine: number },
): { readonly found: readonly RasaExample[]; readonly faults: readonly ContentFault[] } => {
  const found: RasaExample[] = []
  const faults: ContentFault[] = []
  for (const [at, line] of examples.split('\n').entries()) {
    if (line.trim() === '') continue
    const text = /^\s*-\s+(.*)$/u.exec(line)?.[1]
    if (text === undefined)
      faults.push(
        fault(
          file,
          firstLine + at,
          `例句没有以 “- ” 开头 the example does not start with “- ”: ${line.trim().slice(0, 40)}`,
          '每行一句，前面写 “- ” write one sentence a line with “- ” before it',
        ),
      )
    else found.push({ text: stripEntities(text), intent, line: firstLine + at })
  }
  return { found, faults }
}

const readEntry = (
  file: string,
  { intent, examples }: Entry,
  { at, lineOf }: { readonly at: number; readonly lineOf: LineOf },
): { readonly found: readonly RasaExample[]; readonly faults: readonly ContentFault[] } => {
  if (intent === undefined) return { found: [], faults: [] }
  const path = ['nlu', at, 'examples']
  if (examples === undefined)
    return {
      found: [],
      faults: [
        fault(
          file,
          lineOf(['nlu', at]),
          `意图 intent ${intent} 没有例句 has no examples`,
          '在 examples: | 下面写例句 write some below examples: |',
        ),
      ],
    }
  // The sentences of a block stand below its key.
  if (typeof examples === 'string') return readBlock(file, intent, { examples, firstLine: lineOf(path) + 1 })
  const found = examples.map(({ text }, index) => ({
    text: stripEntities(text.replace(/^\s*-\s+/u, '')),
    intent,
    line: lineOf([...path, index]),
  }))
  return { found, faults: [] }
}

/**
 * Reads a Rasa `nlu.yml` as it is: the examples of all intents, without entity markup. Synonyms, lookups and regular
 * expressions are passed over. Faults name file, line and what to do.
 */
export const readRasa = (
  source: ContentFile,
): { readonly examples: readonly RasaExample[]; readonly faults: readonly ContentFault[] } => {
  const parsed = parseYaml(source, nluFile)
  if (!parsed.ok) return { examples: [], faults: parsed.faults }
  const read = parsed.value.nlu.map((one, at) => readEntry(source.file, one, { at, lineOf: parsed.lineOf }))
  return {
    examples: read.flatMap(({ found }) => found).filter(({ text }) => text !== ''),
    faults: read.flatMap(({ faults }) => faults),
  }
}
