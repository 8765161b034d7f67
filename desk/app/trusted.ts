/**
 * The page's one policy for strings that become markup. The components set the text of style elements through such a
 * string; a tag in one is never ours, so none gets through. Browsers without trusted types have the other rules.
 */
interface PolicyFactory {
  createPolicy(name: string, rules: { readonly createHTML: (text: string) => string }): unknown
}

const refuseTags = (text: string): string => {
  if (text.includes('<')) throw new TypeError('markup from strings is not allowed here')
  return text
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
trustedTypes?.createPolicy('default', { createHTML: refuseTags })
