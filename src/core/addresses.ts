/** Latin ones, accents, and circled and mathematical ones, which browsers read as them. */
const latin = '\\p{Script=Latin}\\u0300-\\u036f\\u24b6-\\u24e9\\u{1d400}-\\u{1d7ff}'
/** Letters of domains: Chinese is left out, which stands around a domain without a blank. */
export const domainLetters = `${latin}\\p{Script=Cyrillic}\\p{Script=Greek}`
const label = `[\\w${domainLetters}-]`
const local = `[\\w${domainLetters}.+-]`
const path = "[!-'*-;=?-Z\\\\^-~]"
/** Those in other letters are known ones: a full stop without a blank behind it ends a sentence there, too. */
const other = 'рф|рус|укр|бел|срб|мкд|мон|бг|қаз|ею|ελ|ευ'
const ending = `(?:[${latin}]{2,24}|${other})`

/**
 * Links, mail addresses and bare domains in a text, as expressions with `matchAll` and `replace` read them. A domain may
 * stand behind a lone dot or @; within another it does not begin anew, so that a long chain of labels is read once.
 */
export const addresses = new RegExp(
  [
    `https?://${path}+`,
    `(?<!${local})${local}+@${label}+(?:\\.${label}+)+`,
    `(?<!${label}|${label}[.@])(?:${label}+\\.)+${ending}(?![${domainLetters}])(?:/${path}*)?`,
  ].join('|'),
  'giu',
)
