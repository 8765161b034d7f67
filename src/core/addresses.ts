/** Letters of domains: Chinese is left out, which stands around a domain without a blank. */
const letters = '\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}'
const label = `[\\w${letters}-]`
const path = "[!-'*-;=?-Z\\\\^-~]*"

/**
 * Links, mail addresses and bare domains in a text, as expressions with `matchAll` and `replace` read them. A domain may
 * stand behind a lone dot or @; within another it does not begin anew, so that a long chain of labels is read once.
 */
export const addresses = new RegExp(
  [
    "https?://[!-'*-;=?-Z\\\\^-~]+",
    `[\\w.+-]{1,64}@${label}+(?:\\.${label}+)+`,
    `(?<!${label}|${label}[.@])(?:${label}+\\.)+[${letters}]{2,24}(?![${letters}])(?:/${path})?`,
  ].join('|'),
  'giu',
)
