/** The page's own word for styles that are written while it runs; its policy takes no others. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content

const create = document.createElement.bind(document)

/**
 * Most components know the word; what keeps the page from scrolling behind a dialog does not (`useScrollLocker` of
 * @rc-component/portal). So each style that a script of ours makes gets it. Markup makes none: see trusted.ts.
 */
const createWithNonce = (name: string, options?: ElementCreationOptions): HTMLElement => {
  const made = create(name, options)
  if (made instanceof HTMLStyleElement && nonce !== undefined) made.nonce = nonce
  return made
}

document.createElement = createWithNonce as Document['createElement']
