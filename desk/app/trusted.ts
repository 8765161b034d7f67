/**
 * The page's one policy for strings that become markup. The components set the text of style elements through such a
 * string; a tag in one is never ours, so none gets through. Of scripts the service worker alone is named so. Browsers without trusted types have the other rules.
 */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: {
      readonly createHTML: (text: string) => string
      readonly createScriptURL: (text: string) => string
    },
  ): unknown
}

/** The one script that is named by a string. */
export const serviceWorkerPath = '/desk/service-worker.js'

const refuseOthers = (text: string): string => {
  if (text !== serviceWorkerPath) throw new TypeError('scripts from strings are not allowed here')
  return text
}

const refuseTags = (text: string): string => {
  if (text.includes('<')) throw new TypeError('markup from strings is not allowed here')
  return text
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
trustedTypes?.createPolicy('default', { createHTML: refuseTags, createScriptURL: refuseOthers })
