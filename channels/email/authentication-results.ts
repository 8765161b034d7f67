/**
 * Authentication-Results as its server wrote it. Senders choose parts of it (addresses), so quotes, escapes and
 * comments are read as the standard has them, and what is not written by the rules is not read at all.
 * Sources: RFC 8601 2.2 (the header), RFC 5322 3.2 (quoted strings, comments).
 */

/** A check our server made. */
export interface Method {
  readonly result: string
  readonly properties: ReadonlyMap<string, string>
}

export interface AuthenticationResults {
  /** The server that says it. */
  readonly authservId: string
  readonly methods: ReadonlyMap<string, readonly Method[]>
}

const maxHeader = 10_000

/** One `name=value`, or a word alone. Lower case, unquoted. */
interface Word {
  readonly name: string
  readonly value: string
}

/** Where the piece that begins at `start` with a quote ends, and what it says; undefined: it does not end. */
const quotedAt = (
  text: string,
  start: number,
): { readonly end: number; readonly said: string } | undefined => {
  let said = ''
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return { end: at + 1, said }
    if (text[at] === '\\') at += 1
    said += text[at] ?? ''
  }
  return undefined
}

/**
 * Where the comment that begins at `start` ends; undefined: it does not end. A quote in it is refused as well: servers
 * write addresses there without escaping them, and a parenthesis in such an address would end the comment too soon.
 */
const commentEnd = (text: string, start: number): number | undefined => {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '"') return undefined
    if (text[at] === '\\') at += 1
    else if (text[at] === '(') depth += 1
    else if (text[at] === ')') depth -= 1
    if (depth === 0) return at + 1
  }
  return undefined
}

/** Collects words, `;` by `;`. Space may stand around the `=` of a word. */
const createStatements = () => {
  const done: Word[][] = []
  let words: Word[] = []
  let name: string | undefined
  let value: string | undefined
  let isApart = false
  const endWord = (): void => {
    if (name !== undefined) words.push({ name: name.toLowerCase(), value: (value ?? '').toLowerCase() })
    name = undefined
    value = undefined
  }
  const add = (said: string): void => {
    if (isApart && value !== '') endWord()
    isApart = false
    if (value === undefined) name = (name ?? '') + said
    else value += said
  }
  return {
    add,
    space: () => {
      isApart = true
    },
    equals: () => {
      if (name === undefined || value !== undefined) add('=')
      else value = ''
    },
    endStatement: () => {
      endWord()
      done.push(words)
      words = []
    },
    done,
  }
}

const statementsOf = (text: string): readonly (readonly Word[])[] | undefined => {
  const statements = createStatements()
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? ''
    if (character === '"') {
      const quoted = quotedAt(text, at)
      if (quoted === undefined) return undefined
      statements.add(quoted.said)
      at = quoted.end
      continue
    }
    if (character === '(') {
      const end = commentEnd(text, at)
      if (end === undefined) return undefined
      statements.space()
      at = end
      continue
    }
    if (/[)\\]/.test(character)) return undefined
    if (character === ';') statements.endStatement()
    else if (character === '=') statements.equals()
    else if (/\s/.test(character)) statements.space()
    else statements.add(character)
    at += 1
  }
  statements.endStatement()
  return statements.done
}

/** Bytes beyond ASCII may have been read in a character set that swallows an escape. */
const isDoubtful = (text: string): boolean => /[^\t\r\n -~]/.test(text) && /["()\\]/.test(text)

/** Reads the header; undefined: it is too long, or not written by the rules. */
export const readAuthenticationResults = (text: string): AuthenticationResults | undefined => {
  if (text.length > maxHeader || isDoubtful(text)) return undefined
  const [id = [], ...rest] = statementsOf(text) ?? []
  const authservId = id[0]?.name
  if (authservId === undefined) return undefined
  const methods = new Map<string, Method[]>()
  for (const [head, ...properties] of rest) {
    if (head === undefined) continue
    const name = head.name.replace(/\/\d+$/, '')
    const method = {
      result: head.value,
      properties: new Map(properties.map((word) => [word.name, word.value] as const)),
    }
    methods.set(name, [...(methods.get(name) ?? []), method])
  }
  return { authservId, methods }
}
