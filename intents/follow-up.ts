const lead =
  /^(?:那|那么|那要是|还有|如果|要是|但是|可是|所以|然后|不过|另外|and|but|what about|how about|what if|then)/
const trail = /(?:呢|咧|嘞)[?？!。.~]*$/

/** Longest follow-up that leans on what came before, in UTF-16 units; Latin words take more of them. */
const longest = 16
const longestLatin = 32

/** True for texts too short to stand alone once they were not understood: "怎么弄", "要多久". */
export const isShort = (text: string): boolean =>
  text.length > 0 && text.length <= (/[^\p{ASCII}]/u.test(text) ? longest : longestLatin)

/** True when the wording itself points back: "那退款呢", "手机上呢", "what about refunds". */
export const pointsBack = (text: string): boolean => isShort(text) && (lead.test(text) || trail.test(text))

/** What is left without the words that point back: "退款" of "那退款呢". */
export const withoutPointers = (text: string): string => text.replace(lead, '').replace(trail, '').trim()

const apart = /[。!?;\n]+|[,，\s]+(?=(?:另外|还有|顺便|对了|再问|以及想问|also|and also))/u
const mostParts = 6
const leastLetters = 2

/** The sentences of a text that may each ask something; a single one gives an empty list. */
export const splitQuestions = (text: string): readonly string[] => {
  const parts = text
    .split(apart)
    .map((part) => part.trim())
    .filter((part) => (part.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= leastLetters)
  return parts.length < 2 ? [] : parts.slice(0, mostParts)
}
