import MarkdownIt, { type Token } from 'markdown-it'

/** Longest markdown that is read; longer text is shown as it stands. */
const maxMarkdownCharacters = 16_384
// Raw HTML stays text, nesting is bounded; the markdown is our articles' own.
const reader = new MarkdownIt('commonmark', { html: false, maxNesting: 20 })

const isShown = (url: string): boolean => /^(https?|mailto):/i.test(url)

/** The words of one line: links keep their address in brackets, emphasis and code lose their marks. */
const inlineText = (tokens: readonly Token[]): string => {
  const targets: { readonly url: string; readonly from: number }[] = []
  let text = ''
  for (const token of tokens) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') text += '\n'
    else if (token.type === 'link_open')
      targets.push({ url: String(token.attrGet('href') ?? ''), from: text.length })
    else if (token.type === 'link_close') {
      const target = targets.pop()
      if (target && isShown(target.url) && text.slice(target.from) !== target.url) text += ` (${target.url})`
    } else if (token.type === 'image') {
      const url = String(token.attrGet('src') ?? '')
      text += isShown(url) ? `${token.content} (${url})` : token.content
    } else text += token.content
  }
  return text
}

/**
 * Markdown as plain text: paragraphs apart by a line, list items on lines with their marks, links with addresses.
 * Total: what is too long or cannot be read is returned as it is.
 */
export const toPlainText = (markdown: string): string => {
  if (markdown.length > maxMarkdownCharacters) return markdown
  const lines: string[] = []
  /** Open lists, inner last: the next number of an ordered one, or undefined. */
  const lists: { next: number | undefined }[] = []
  let mark = ''
  for (const token of reader.parse(markdown, {})) {
    if (token.type === 'bullet_list_open') lists.push({ next: undefined })
    else if (token.type === 'ordered_list_open') lists.push({ next: Number(token.attrGet('start') ?? 1) })
    else if (token.type === 'bullet_list_close' || token.type === 'ordered_list_close') lists.pop()
    else if (token.type === 'list_item_open') {
      const list = lists.at(-1)
      mark = `${'  '.repeat(lists.length - 1)}${list?.next === undefined ? '•' : `${list.next}.`} `
      if (list?.next !== undefined) list.next += 1
    } else if (token.type === 'inline' || token.type === 'fence' || token.type === 'code_block') {
      const text = token.type === 'inline' ? inlineText(token.children ?? []) : token.content.trimEnd()
      if (lists.length === 0 && lines.length > 0) lines.push('')
      lines.push(mark + text)
      mark = ''
    }
  }
  return lines.join('\n')
}
