import { createRandom } from './random.ts'

const pieces = [
  ...[
    'null',
    '{}',
    '[]',
    '""',
    '-1',
    '1e999',
    '"\\ud800"',
    '\\u0000',
    'true',
    '9007199254740993',
    '__proto__',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '<',
    '>',
    ']]>',
    '<![CDATA[',
    '&#x0;',
    '&amp;',
    '\r\n',
    '=',
    ';',
    '--',
  ],
]

/** Whole numbers below a limit. */
type Random = (below: number) => number

const change = (text: string, random: Random): string => {
  const at = random(text.length)
  const piece = pieces[random(pieces.length)] ?? ''
  switch (random(5)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random(40))
    case 2:
      return text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1)
    case 3:
      // One piece, many times: what is quadratic shows.
      return text.slice(0, at) + piece.repeat(random(2_000)) + text.slice(at)
    default:
      return text.slice(0, at) + text.slice(random(text.length))
  }
}

/** Makes inputs out of good ones, spoilt in one to four places; the same row of them for the same seed. */
export const createMutate = (seed: number): ((text: string) => string) => {
  const next = createRandom(seed)
  const random: Random = (below) => Math.floor(next() * below)
  return (text) => {
    let mutated = text
    for (let times = 1 + random(4); times > 0; times -= 1) mutated = change(mutated, random)
    return mutated
  }
}
