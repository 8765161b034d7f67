import type { ModelRequest } from '../core/language-model.ts'
import { lettersOf } from './grounding/index.ts'
import { anyBoundary, systemWords } from './prompt.ts'
import { shapeOf } from './shape.ts'

/** Letters in a row that are no accident. */
const most = 40

/** Whether a text repeats what the model was told to write it by: its instructions, what holds for all of them, or the schema. */
export const echoes = (
  written: string,
  { instructions, schema }: Pick<ModelRequest<unknown>, 'instructions' | 'schema'>,
): boolean => {
  const text = lettersOf(written.replace(anyBoundary, ''))
  const known = lettersOf(systemWords(instructions, shapeOf(schema).schema))
  for (let at = 0; at + most <= text.length; at += 1)
    if (known.includes(text.slice(at, at + most))) return true
  return false
}
