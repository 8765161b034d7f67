/** Why a name is refused. `invisible`: it holds what nobody sees; `mixed`: a word of letters of several alphabets. */
export type NameFault = 'invisible' | 'mixed'

// Controls, marks of direction, joiners, and what stands for no character: a name could read as another with them.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u115f\u1160\u3164\uffa0\u2800]/u
const alphabets = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]

/** What is wrong with a person's name by itself; undefined: nothing. */
export const nameFault = (name: string): NameFault | undefined => {
  if (unseen.test(name)) return 'invisible'
  const words = name.normalize('NFKC').split(/[^\p{L}\p{M}]+/u)
  return words.some((word) => alphabets.filter((alphabet) => alphabet.test(word)).length > 1)
    ? 'mixed'
    : undefined
}

/** Letters that are drawn as Latin ones or digits are, by what they are drawn like. */
const drawnLike: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    в: 'b',
    е: 'e',
    ё: 'e',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    с: 'c',
    т: 't',
    у: 'y',
    х: 'x',
  },
  ...{ і: 'i', ї: 'i', ј: 'j', ѕ: 's', ԁ: 'd', ԛ: 'q', ԝ: 'w', һ: 'h', ӏ: 'l', г: 'r', п: 'n', ь: 'b' },
  ...{ α: 'a', β: 'b', ε: 'e', ζ: 'z', η: 'h', ι: 'i', κ: 'k', μ: 'm', ν: 'v', ο: 'o', ρ: 'p', τ: 't' },
  ...{ υ: 'y', χ: 'x', γ: 'y', ı: 'i', ɑ: 'a', ɡ: 'g', ℓ: 'l', '0': 'o', '1': 'l', '|': 'l' },
}

/** Longer names are compared by their beginning. */
const maxLength = 200

/** What a name looks like: names of the same look are taken for one another. Not for showing. */
export const nameLook = (name: string): string =>
  Array.from(name.slice(0, maxLength).normalize('NFKC').replace(/I/g, 'l').toLowerCase().normalize('NFD'))
    .filter((character) => !/[\p{M}\p{Z}\p{P}\p{Cf}]/u.test(character))
    .map((character) => drawnLike[character] ?? character)
    .join('')
