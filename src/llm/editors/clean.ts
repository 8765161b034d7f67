import { findIdentifying } from '../../text/index.ts'
import { echoes } from '../echo.ts'
import { addressesIn } from '../grounding/index.ts'

/** Characters that nobody sees, signs of markup, pictures of any kind, and brackets that stand for what was taken out. */
const marks = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]|[<>{}|\\`*#[\]【】]|\p{Extended_Pictographic}/u

/** Whether a text of a model is one plain line without addresses and without anything that identifies somebody. */
export const isPlainLine = (text: string, most: number): boolean =>
  text !== '' &&
  text.length <= most &&
  /\p{L}/u.test(text) &&
  !marks.test(text) &&
  addressesIn(text).size === 0 &&
  findIdentifying(text).length === 0

/** A remark of a model as it may be shown: plain and its own, or none. `told` is what it was made by. */
export const remarkOf = (text: string, told: Parameters<typeof echoes>[1]): string => {
  const line = text.trim().replaceAll(/\s+/gu, ' ').slice(0, mostRemark)
  return isPlainLine(line, mostRemark) && !echoes(text, told) ? line : ''
}

/** Longest remark, in UTF-16 units. */
const mostRemark = 200

/** The language that an article is written in. */
export const languageOf = (text: string): 'zh' | 'en' => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en')

/** The text up to the last line or sentence that fits, in UTF-16 units. */
export const upTo = (text: string, most: number): string => {
  let kept = ''
  for (const piece of text.match(/[^\n。！？!?]*[\n。！？!?]+|[^\n。！？!?]+$/gu) ?? []) {
    if (kept.length + piece.length > most) break
    kept += piece
  }
  return kept === '' ? text.slice(0, most) : kept.trimEnd()
}
