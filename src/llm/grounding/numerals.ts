/** How numbers are written: digits, Chinese numerals, English words. */

const digits: Readonly<Record<string, number>> = {
  ...{ 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 },
}
const powers: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 }
const myriads: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 }

/** The value of Chinese numerals: 三百六十五, 二〇二六, 半. */
const valueOf = (written: string): number => {
  if (written === '半') return 0.5
  if (!/[十百千万亿]/.test(written))
    return Number(Array.from(written, (one) => String(digits[one] ?? '')).join(''))
  let total = 0
  let section = 0
  let last = 0
  for (const one of written) {
    const power = powers[one]
    const myriad = myriads[one]
    if (power !== undefined) {
      section += (last === 0 ? 1 : last) * power
      last = 0
    } else if (myriad !== undefined) {
      total += (section + last || 1) * myriad
      section = 0
      last = 0
    } else last = digits[one] ?? 0
  }
  return total + section + last
}

/** English words of numbers; `one` and `half` are often something else. */
export const english: Readonly<Record<string, number>> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10 },
  ...{ eleven: 11, twelve: 12, thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17 },
  ...{ eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70 },
  ...{ eighty: 80, ninety: 90, hundred: 100, half: 0.5 },
}

// Bounded, so that no text takes longer than its length: longer ones are read in pieces, on both sides alike.
export const numerals = '[零〇一二两三四五六七八九十百千万亿半]{1,30}'
export const figure = '\\d{1,20}(?:\\.\\d{1,20})?\\s*[万亿千百]?'

/** The value of a number as it is written. */
export const numberOf = (written: string): number => {
  const [, number = '', power = ''] = /^(\d+(?:\.\d+)?)\s*([万亿千百]?)$/.exec(written) ?? []
  if (number !== '') return Number(number) * (myriads[power] ?? powers[power] ?? 1)
  return english[written] ?? valueOf(written)
}
