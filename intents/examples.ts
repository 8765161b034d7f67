import { z } from 'zod'
import type { ContentFault } from '../src/core/knowledge.ts'
import type { ContentFile } from '../src/text/index.ts'
import { readJsonLines } from './json-lines.ts'
import type { Example } from './labelled-model.ts'
import { readRasa } from './rasa.ts'

const row = z.looseObject({
  text: z.string().trim().min(1).max(4000),
  intent: z.string().trim().min(1).max(200).nullable(),
})

/** Names that others give to what is out of scope. */
const outOfScopeName = 'oos'
const rasaOutOfScope = new Set(['out_of_scope', 'nlu_fallback', outOfScopeName])

interface ReadExamples {
  readonly examples: readonly Example[]
  readonly faults: readonly ContentFault[]
}

const readLines = (file: ContentFile): ReadExamples => {
  const { rows, faults } = readJsonLines(file, row, {
    problem: '这一行不是 this line is not {"text": "…", "intent": "…"}',
    fix: '照格式改，一行一条；超出范围的 intent 写 null correct it, one a line; write null as the intent of what is out of scope',
  })
  const examples = rows.map(({ text, intent }) => ({
    text,
    label: intent === outOfScopeName ? null : intent,
  }))
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
