import { simplify } from '../../text/index.ts'

/** Text as the check compares it: narrow, simplified, lower case. */
export const plain = (text: string): string =>
  simplify(text.normalize('NFKC')).toLowerCase().replaceAll('’', "'")

/** Its letters and digits alone, for texts that say the same word for word. */
export const lettersOf = (text: string): string => plain(text).replace(/[^\p{L}\p{N}]+/gu, '')

/** Sentences and lines of an article, or of an answer. */
export const sentencesOf = (text: string): readonly string[] =>
  text
    .split(/[。！？!?；;\n]+|\.(?=\s|$)/u)
    .map((one) => one.trim())
    .filter((one) => /[\p{L}\p{N}]/u.test(one))

/** Parts of a sentence that say something each. */
export const clausesOf = (sentence: string): readonly string[] =>
  sentence
    .split(/[，,、（）()—]+|(?<!\d)[：:]+|[：:]+(?!\d)|\s-\s/u)
    .map((one) => one.trim())
    .filter((one) => /[\p{L}\p{N}]/u.test(one))

/** Stands for the colon behind a clause's label, where the two are read together. */
export const labelEnd = '¦'

/** One blank for many, or one line's end: expressions that allow for blanks go back and forth over long runs of them. */
export const withSingleBlanks = (text: string): string =>
  text.replace(/\s+/gu, (found) => (/[\n\r\u2028\u2029]/u.test(found) ? '\n' : ' '))

/** Numbers of list entries say nothing. */
export const withoutListNumbers = (text: string): string => text.replace(/^\s*\d{1,2}[.、)](?!\d)\s*/gmu, '')

/** Where links lead. Behind a line's last bracket no link ends, so nothing is looked for there again and again. */
const withoutTargets = (line: string): string => {
  const end = line.lastIndexOf(')') + 1
  return line.slice(0, end).replace(/\]\([^)]*\)/gu, ' ') + line.slice(end)
}

/** An article's words without its signs: emphasis, arrows between menus, where links lead. */
export const withoutMarks = (text: string): string =>
  text
    .split('\n')
    .map(withoutTargets)
    .join('\n')
    // Signs and blanks together first: blanks alone would be gone through from each of them.
    .replace(/[\s*_`#>→[\]|]+/gu, (run) =>
      run.trim() === ''
        ? run
        : run.replace(/\s*[*_`#>→[\]|]+\s*/gu, (found) => (found.includes('\n') ? '\n' : '')),
    )
