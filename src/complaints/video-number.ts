/**
 * The two names of a video and how one follows from the other, as the platform's own pages compute it since 2024
 * (51-bit numbers). A name that does not come back the same was never given out.
 */

const alphabet = 'FcwAPNKTMug3GV5Lj7EJnHpWsx4tb8haYeviqBz6rkCy12mUSDQX9RdoZf'
const base = 58n
const mask = (1n << 51n) - 1n
const most = 1n << 51n
const xor = 23_442_827_791_579n
const digits = 9

/** Places that trade their characters, counted behind `BV1`. */
const swaps = [
  [0, 6],
  [1, 4],
] as const

const swapped = (text: string): string => {
  const characters = Array.from(text)
  for (const [left, right] of swaps) {
    const kept = characters[left] ?? ''
    characters[left] = characters[right] ?? ''
    characters[right] = kept
  }
  return characters.join('')
}

/** The bvid of a number; undefined: no video can have it. */
export const bvidOf = (aid: bigint): string | undefined => {
  if (aid < 1n || aid >= most) return undefined
  let rest = (most | aid) ^ xor
  let written = ''
  for (let place = 0; place < digits; place += 1) {
    written = `${alphabet[Number(rest % base)] ?? ''}${written}`
    rest /= base
  }
  return `BV1${swapped(written)}`
}

/** The number behind a bvid; undefined: it is none. Upper and lower case matter but for the first two letters. */
export const aidOf = (bvid: string): bigint | undefined => {
  const written = /^bv1([1-9A-HJ-NP-Za-km-z]{9})$/i.exec(bvid)?.[1]
  if (written === undefined) return undefined
  let value = 0n
  for (const character of swapped(written)) value = value * base + BigInt(alphabet.indexOf(character))
  const aid = (value & mask) ^ xor
  return bvidOf(aid) === `BV1${written}` ? aid : undefined
}
