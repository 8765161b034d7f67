import { z } from 'zod'
import type { ContentFault } from '../src/core/knowledge.ts'
import { fault } from '../src/text/index.ts'
import type { ContentFile } from '../src/text/index.ts'
import type { Example } from './labelled-model.ts'
import { readRasa } from './rasa.ts'

const row = z.looseObject({
  text: z.string().trim().min(1).max(4000),
  intent: z.string().trim().min(1).max(200).nullable(),
})

/** Names that others give to what is out of scope. */
const outOfScopeName = 'oos'
const rasaOutOfScope = new Set(['out_of_scope', 'nlu_fallback', outOfScopeName])

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

interface ReadExamples {
  readonly examples: readonly Example[]
  readonly faults: readonly ContentFault[]
}

const readLines = ({ file, text }: ContentFile): ReadExamples => {
  const examples: Example[] = []
  const faults: ContentFault[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const checked = row.safeParse(parse(line))
    if (checked.success) {
      const { text: said, intent } = checked.data
      examples.push({ text: said, label: intent === outOfScopeName ? null : intent })
    } else
      faults.push(
        fault(
          file,
          at + 1,
          '这一行不是 this line is not {"text": "…", "intent": "…"}',
          '照格式改，一行一条；超出范围的 intent 写 null correct it, one a line; write null as the intent of what is out of scope',
        ),
      )
  }
  return { examples, faults }
}

/**
 * Reads labelled texts: lines of `{"text","intent"}`, where `null` and `"oos"` say out of scope, or a Rasa file by its
 * ending `.yml` or `.yaml`, where `out_of_scope` and `nlu_fallback` do.
 */
export const readExamples = (source: ContentFile): ReadExamples => {
  const isRasa = /\.ya?ml$/i.test(source.file)
  if (!isRasa) return readLines(source)
  const { examples, faults } = readRasa(source)
  return {
    examples: examples.map(({ text, intent }) => ({
      text,
      label: rasaOutOfScope.has(intent) ? null : intent,
    })),
    faults,
  }
}
