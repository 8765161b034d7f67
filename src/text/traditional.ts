import * as opencc from 'opencc-js/t2cn'

type Convert = (text: string) => string

/** The package's types do not resolve under Node's rules, so its shape is checked here. */
const build = (from: string): Convert => {
  const make: unknown = Reflect.get(opencc, 'Converter')
  const convert: unknown =
    typeof make === 'function' ? Reflect.apply(make, undefined, [{ from, to: 'cn' }]) : undefined
  if (typeof convert !== 'function')
    throw new TypeError('opencc-js: no converter; install the version in package.json')
  return (text) => String(Reflect.apply(convert, undefined, [text]))
}

// The 109 kB preset loads in about 12 ms and takes 4 MB; its tries are built at first use.
const characters = build('t')
const phrases = build('twp')

/** Traditional Chinese → simplified. Text that has traditional characters also gets mainland words (影片 → 视频). */
export const simplify = (text: string): string =>
  characters(text) === text ? text : characters(phrases(text))
