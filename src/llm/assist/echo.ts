import { plain } from '../grounding/index.ts'

/** Letters in a row that are no accident. */
const most = 40

const lettersOf = (text: string): string => plain(text).replace(/[^\p{L}\p{N}]+/gu, '')

/** Whether a text repeats the instructions that it was written by. */
export const echoes = (written: string, instructions: string): boolean => {
  const [text, known] = [lettersOf(written), lettersOf(instructions)]
  for (let at = 0; at + most <= text.length; at += 1)
    if (known.includes(text.slice(at, at + most))) return true
  return false
}
