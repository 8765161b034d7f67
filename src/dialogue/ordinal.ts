/** Reads "the second one" in the ways people write it. */

const chineseDigits: Readonly<Record<string, number>> = {
  一: 1,
  壹: 1,
  二: 2,
  贰: 2,
  三: 3,
  叁: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10,
}

const englishWords: readonly (readonly [RegExp, number])[] = [
  [/^(?:one|first|1st)$/, 1],
  [/^(?:two|second|2nd)$/, 2],
  [/^(?:three|third|3rd)$/, 3],
  [/^(?:four|fourth|4th)$/, 4],
  [/^(?:five|fifth|5th)$/, 5],
  [/^(?:six|sixth|6th)$/, 6],
  [/^(?:seven|seventh|7th)$/, 7],
  [/^(?:eight|eighth|8th)$/, 8],
  [/^(?:nine|ninth|9th)$/, 9],
  [/^(?:ten|tenth|10th)$/, 10],
]

/** Digits in black or double circles have no compatibility form: ❶ ➀ ➊ ⓵. */
const circled: readonly number[] = [0x2776, 0x2780, 0x278a, 0x24f5]

const plainDigits = (text: string): string =>
  text
    .replace(/[❶-❿➀-➓⓵-⓾]/gu, (mark) => {
      const code = mark.codePointAt(0) ?? 0
      const start = circled.findLast((from) => code >= from && code < from + 10) ?? code
      return String(code - start + 1)
    })
    .normalize('NFKC')
    .replace(/[\uFE0F\u20E3\u200D]/g, '')
    .toLowerCase()

const marks = /[\s.,;:!?()[\]{}"'`~、。，；：！？（）【】「」『』…—\-_#*]+/gu

const chinese =
  /^(?:我)?(?:就|想|要|选择?|選擇?|点|按|回复)*(?:选|選)?第?(\d{1,2}|[一壹二贰三叁四五六七八九十])(?:个|個|项|項|条|條|号|種|种)?(?:吧|呢|的|啊|呀|哦|谢谢|問題|问题)*$/u
const english =
  /^(?:the|number|option|choose|pick|no(?=\d))*(\d{1,2}|\d{1,2}(?:st|nd|rd|th)|[a-z]+?)(?:one|option)?(?:please|pls)?$/

const readEnglish = (word: string): number | undefined =>
  /^\d+$/.test(word) ? Number(word) : englishWords.find(([pattern]) => pattern.test(word))?.[1]

/**
 * The place a text names and nothing else: `2`, `2.`, `２`, `②`, `2️⃣`, `第二个`, `选2`, `二`, `the second one`; counted
 * from 1. `last` for 最后一个. Undefined for anything longer, so "2 元退吗" is no choice.
 */
export const readOrdinal = (text: string): number | 'last' | undefined => {
  if (text.length > 30) return undefined
  const bare = plainDigits(text).replace(marks, '')
  if (/^(?:选|選)?(?:最后|最後|最末)(?:一|那)?(?:个|個|项|項|条|條)?(?:吧|的)?$/u.test(bare)) return 'last'
  if (/^(?:the)?last(?:one|option)?$/.test(bare)) return 'last'
  const found = chinese.exec(bare)?.[1]
  if (found !== undefined) return chineseDigits[found] ?? Number(found)
  const word = english.exec(bare)?.[1]
  return word === undefined ? undefined : readEnglish(word)
}

const position =
  /^(?:我?(?:要|选|問|问|说|說|想问|想問)?(?:的是|的)?)?(前|后|後|上|下|中|正中)(?:面|边|邊|间|間|头|頭)?(?:的)?(?:那|这|這|一)?(?:一)?(?:个|個|项|項|条|條|种|種|者)(?:吧|呢|的|啊|呀|哦|谢谢|謝謝)*$/u

/**
 * The option that a text places among others: 前面那个 the first, 后面那个 the last, 中间那个 the middle one. Of fewer
 * than two there is none, and no middle of an even number.
 */
export const readPosition = (text: string, count: number): number | undefined => {
  if (text.length > 30 || count < 2) return undefined
  const bare = plainDigits(text).replace(marks, '')
  const english = /^(?:the)?(former|first|latter|middle)(?:one|option)?(?:please)?$/.exec(bare)?.[1]
  const place = position.exec(bare)?.[1] ?? english
  if (place === undefined) return undefined
  if (['中', '正中', 'middle'].includes(place)) return count % 2 === 1 ? (count + 1) / 2 : undefined
  return ['前', '上', 'former', 'first'].includes(place) ? 1 : count
}

/** A label as it is compared: without marks, numbering, width and case. */
export const sameLabel = (left: string, right: string): boolean =>
  bareLabel(left) !== '' && bareLabel(left) === bareLabel(right)

const bareLabel = (text: string): string => {
  const bare = plainDigits(text).replace(marks, '')
  return bare.replace(/^\d{1,2}(?=\D)/, '')
}
