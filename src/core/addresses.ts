/**
 * Links, mail addresses and bare domains in a text, as expressions with `matchAll` and `replace` read them. A domain may
 * stand behind a lone dot or @; within another it does not begin anew, so that a long chain of labels is read once.
 */
export const addresses =
  /https?:\/\/[!-'*-;=?-Z\\^-~]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?<![\w-]|[\w-][.@])(?:[a-z0-9_-]+\.)+(?:[a-z]{2,24})(?![a-z])(?:\/[!-'*-;=?-Z\\^-~]*)?/giu
