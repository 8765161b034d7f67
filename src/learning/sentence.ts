/** Of what was said so much is kept as one question. */
const mostLetters = 200
/** Articles that were weighed for it, and are kept with it. */
export const mostCandidates = 5

/** Cut after it was masked: half a number is not known for one. Half a mask is left out. */
const beginningOf = (text: string): string => {
  const beginning = text.slice(0, mostLetters)
  return (text.length > mostLetters ? beginning.replace(/\[[^\]]{0,4}$/, '') : beginning).trim()
}

/** What was said as one question: masked, on one line, not too long. */
export const sentenceOf = (text: string, mask: (text: string) => string): string =>
  beginningOf(mask(text.replaceAll(/\s+/g, ' ')))
