import { addressesIn, latinIn, namesIn, thingsIn, withoutAddresses } from './names.ts'
import { numbersIn } from './numbers.ts'
import { changesPlaces } from './places.ts'
import { promisesMore } from './promises.ts'
import { sentencesOf } from './read.ts'
import { disagreement } from './agrees.ts'
import { coverage, termsIn } from './words.ts'

/** Share of the terms that have to be left for a text to be the same in other words. */
const leastKept = 0.4

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((thing) => other.has(thing))

/** Pictures and where links lead. */
const targetsIn = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(/!?\]\(([^)\s]*)[^)]*\)/gu), ([, target = '']) => target))

const agrees = (one: string, other: string, language: 'zh' | 'en'): boolean =>
  disagreement(one, [{ text: other }], language) === undefined &&
  !sentencesOf(one).some((sentence) => changesPlaces(sentence, [{ text: other }], language))

/** Whether other words tell the same facts: numbers, names, links and pictures, promises, yes and no. Pure. */
export const saysTheSame = (one: string, other: string, language: 'zh' | 'en'): boolean => {
  const [bare, otherBare] = [withoutAddresses(one), withoutAddresses(other)]
  const facts: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[] = [
    [numbersIn(bare), numbersIn(otherBare)],
    [addressesIn(one), addressesIn(other)],
    [thingsIn(one), thingsIn(other)],
    [namesIn(one), namesIn(other)],
    [targetsIn(one), targetsIn(other)],
    ...(language === 'zh' ? [[latinIn(one), latinIn(other)] as const] : []),
  ]
  return (
    facts.every(([own, known]) => isSame(own, known)) &&
    !promisesMore(one, other) &&
    !promisesMore(other, one) &&
    coverage(termsIn(one, language), new Set(termsIn(other, language))) >= leastKept &&
    agrees(one, other, language) &&
    agrees(other, one, language)
  )
}
