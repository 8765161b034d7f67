import { labelEnd, plain } from './read.ts'
import { englishFillers, fillers } from './words.ts'

const negations =
  /不|没|無|无(?!论)|未|别(?!人|的|处)|勿|莫|非(?!常)|禁止|拒绝|除非|\b(?:not?|never|cannot|can't|won't|don't|doesn't|isn't|aren't|didn't|without|unable|nor|neither|none)\b|n't\b/gu
/** Said so they deny nothing. */
const affirmed =
  /不仅|不但|不管|不论|不错|不过|不同|不断|差不多|不一定|要不|能不能|是不是|可不可以|会不会|有没有|是否|未成年|未来/gu

interface Denial {
  readonly no: string
  readonly behind: string
}

const denialsIn = (read: string): readonly Denial[] =>
  Array.from(read.replace(affirmed, '').matchAll(negations), ({ index, input, 0: no }) => ({
    ...{ no, behind: input.slice(index + no.length) },
  }))

/** What is denied: by the beginning of an English word, else by as many characters. */
const subjectIn = (behind: string, characters: number): string => {
  if (!/^\s*[a-z]/u.test(behind)) return behind.replace(fillers, '').slice(0, characters)
  const word = (behind.match(/[a-z']+/gu) ?? []).find((one) => !englishFillers.has(one))
  return (word ?? '').slice(0, 5)
}

/** What a clause says no to: the two characters, or the beginning of the word, behind each of its denials. */
export const denied = (clause: string): readonly string[] =>
  denialsIn(plain(clause)).map(({ behind }) => {
    const [said = ''] = behind.replace(/^有/u, '').split(labelEnd)
    return subjectIn(said, 2)
  })

/** Said between a no and what it is about: 不能退, 无法退 and 不支持退 deny the same. */
const between = /^(?:法|为[您你]?|办理|进行|完成|能够?|可以|可|会|支持|允许|需要?|要|用|必|得|再|有|到|了)+/u

/** Said out of courtesy: 别担心, 不好意思, 没关系. */
const courtesies =
  /^(?:担心|着急|急|客气|见怪|介意|灰心|难过|生气|谢|好意思|关系|事|起|便(?!宜)|问题|妨|胜|吝|忘|紧|碍|久|周|误(?!封|判|删)|(?:清楚|明白|懂)(?:的|之处))|^\s*(?:a )?(?:worr|problem|hesitat)/u

/** What a text says no to, each by what it is about, and as it is written. */
export const deniedIn = (text: string): readonly (readonly [string, string])[] =>
  // 退不了 is 无法退.
  denialsIn(plain(text).replace(/(\p{Script=Han})不(?:了(?!解)|到|上|出)/gu, '无法$1')).flatMap(
    ({ no, behind }) => {
      const what = behind.slice(0, 40).replace(fillers, '').replace(between, '')
      return courtesies.test(what) ? [] : [[`no ${subjectIn(what, 1)}`, `${no}${behind.slice(0, 4)}`.trim()]]
    },
  )

/** Whether two clauses say no to the same, or neither does to anything. */
export const denyAlike = (clause: string, source: string): boolean => {
  const [own, other] = [denied(clause), denied(source)]
  if (own.length > 0 !== other.length > 0) return false
  const words = plain(clause).replace(fillers, '')
  return (
    own.every((one) => other.some((known) => known.slice(0, 1) === one.slice(0, 1))) &&
    other.every((known) => known === '' || !words.includes(known) || own.includes(known))
  )
}

const may =
  '可以|能够|(?<![功性智才技职可])能|可(?=申请|退|用|在|获|享)|支持|允许|得以|\\b(?:can|may|could|able|allowed|supported)\\b'
const mays = new RegExp(may, 'u')
const mayNot = new RegExp(
  `(?:不|没有?|未|无法|禁止|拒绝)(?:${may}|得)|无法|禁止|拒绝|\\b(?:cannot|unable)\\b|\\b(?:can't|couldn't)|\\bnot (?:allowed|supported|able)\\b`,
  'gu',
)

/** Whether a clause says that something may be, and whether one says that it may not. */
export const allowance = (clause: string): { readonly may: boolean; readonly mayNot: boolean } => {
  const read = plain(clause).replace(affirmed, '')
  const rest = read.replace(mayNot, ' ')
  return { may: mays.test(rest), mayNot: rest !== read }
}

const yesAndNo = new RegExp(`(未成年|未来)|${affirmed.source}|没有|无法|${negations.source}|${may}`, 'gu')

/** A text, plain, without the words of its yes and no: what is left says what it speaks of. */
export const withoutYesAndNo = (text: string): string =>
  plain(text).replace(yesAndNo, (_found, kept: string | undefined) => kept ?? ' ')
