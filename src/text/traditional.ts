import * as toTraditional from 'opencc-js/cn2t'
import * as toSimplified from 'opencc-js/t2cn'

type Convert = (text: string) => string

/** The package's types do not resolve under Node's rules, so its shape is checked here. */
const build = (library: object, options: { readonly from: string; readonly to: string }): Convert => {
  const make: unknown = Reflect.get(library, 'Converter')
  const convert: unknown = typeof make === 'function' ? Reflect.apply(make, undefined, [options]) : undefined
  if (typeof convert !== 'function')
    throw new TypeError('opencc-js: no converter; install the version in package.json')
  return (text) => String(Reflect.apply(convert, undefined, [text]))
}

// The 109 kB preset loads in about 12 ms and takes 4 MB; its tries are built at first use.
const characters = build(toSimplified, { from: 't', to: 'cn' })
const phrases = build(toSimplified, { from: 'twp', to: 'cn' })

/** Traditional Chinese → simplified. Text that has traditional characters also gets mainland words (影片 → 视频). */
export const simplify = (text: string): string =>
  characters(text) === text ? text : characters(phrases(text))

let written: Convert | undefined

/**
 * Simplified Chinese → traditional, characters as Taiwan writes them; words stay what they are, so that names of pages
 * and buttons are still found. Its tries take 130 ms and 50 MB: they are built when the first text needs them.
 */
export const traditionalise = (text: string): string =>
  (written ??= build(toTraditional, { from: 'cn', to: 'tw' }))(text)

/** Most characters that are looked at: a sentence tells. */
const enough = 300

const changed = (before: string, after: string): number => {
  const other = Array.from(after)
  return Array.from(before).filter((character, at) => character !== other[at]).length
}

/** How many characters are written in traditional form only. */
export const countTraditional = (text: string): number => {
  const start = text.slice(0, enough)
  return changed(start, characters(start))
}

/** How many characters are written in simplified form only. */
export const countSimplified = (text: string): number => {
  const start = text.slice(0, enough)
  return changed(start, traditionalise(start))
}
