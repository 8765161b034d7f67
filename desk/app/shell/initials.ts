/** For each letter the first character of its sounds, in the order in which Chinese dictionaries stand. */
const firsts = '阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀'
const letters = 'abcdefghjklmnopqrstwxyz'
const order = new Intl.Collator('zh-CN-u-co-pinyin')

const letterOf = (character: string): string => {
  if (!/\p{Script=Han}/u.test(character))
    return /[\p{L}\p{N}]/u.test(character) ? character.toLowerCase() : ''
  const after = Array.from(firsts).findIndex((first) => order.compare(first, character) > 0)
  return letters[(after < 0 ? letters.length : after) - 1] ?? ''
}

/** How a text is typed by the first letters of its sounds: `dhytk` for 大会员退款. */
export const initialsOf = (text: string): string => Array.from(text, letterOf).join('')

/** Whether a text is meant by what was typed: by its own characters or its first letters. */
export const isMeant = (text: string, typed: string): boolean => {
  const wanted = typed.trim().toLowerCase()
  return text.toLowerCase().includes(wanted) || initialsOf(text).includes(wanted)
}
