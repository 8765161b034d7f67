import { addresses } from '../../core/addresses.ts'
import { findEntities } from '../../text/index.ts'
import { plain } from './read.ts'

const bare = (link: string): string =>
  link
    .toLowerCase()
    .replace(/(?<![.,;:!?)])[.,;:!?)]+$/, '')
    .replace(/\/$/, '')

/** Links, mail addresses and bare domains, in lower case. */
export const addressesIn = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.normalize('NFKC').matchAll(addresses), ([found]) => bare(found)))

/** The text without its addresses. */
export const withoutAddresses = (text: string): string => text.normalize('NFKC').replace(addresses, ' ')

/** Videos, accounts, orders, telephones and the like, in their normal forms. */
export const thingsIn = (text: string): ReadonlySet<string> =>
  new Set(findEntities(text).map(({ kind, value }) => `${kind} ${value.toLowerCase()}`))

const quoted =
  /《([^《》]{1,60})》|「([^「」]{1,60})」|『([^『』]{1,60})』|【([^【】]{1,60})】|“([^“”]{1,60})”|"([^"]{1,60})"/gu

/** What stands in quotation marks and title marks. */
export const namesIn = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(quoted), ([, ...groups]) => plain(groups.join('')).trim()))

/** Words in Latin letters; codes with digits among them. */
export const latinIn = (text: string): ReadonlySet<string> =>
  new Set(
    Array.from(
      plain(withoutAddresses(text)).matchAll(
        /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}][\p{L}\p{N}_+-]*/gu,
      ),
      ([found]) => found,
    )
      .flatMap((found) => found.match(/[^\p{Script=Han}]+/gu) ?? [])
      .filter((found) => found.length >= 2),
  )

/** Of an English sentence, what is no common word: capitals within it, and codes. */
export const englishNamesIn = (sentence: string): ReadonlySet<string> =>
  new Set(
    Array.from(
      withoutAddresses(sentence).matchAll(
        /(?<=\S\s+)\p{Lu}[\p{L}\p{N}_-]+|[\p{L}_-]*\d[\p{L}\p{N}_-]*\p{L}[\p{L}\p{N}_-]*|\p{L}+\d[\p{L}\p{N}_-]*/gu,
      ),
      ([found]) => plain(found),
    ).filter((found) => !/^(?:i|i'm|i'll)$/.test(found)),
  )
