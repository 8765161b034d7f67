/** The page's own word for styles that are written while it runs; its policy takes no others. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content

const { head } = document
const append = head.appendChild.bind(head)

/**
 * Most components know the word; what keeps the page from scrolling behind a dialog does not (`useScrollLocker` of
 * @rc-component/portal). So each style that a script of ours hangs there gets it. Markup hangs none: see trusted.ts.
 */
head.appendChild = <Child extends Node>(child: Child): Child => {
  if (child instanceof HTMLStyleElement && nonce !== undefined) child.nonce = nonce
  return append(child)
}
