import MarkdownIt from 'markdown-it'
import type { Token } from 'markdown-it'
import type { Capabilities } from '../core/capabilities.ts'

/** What a channel's text may hold besides words. */
export type Markup = Capabilities['text']['markup']

/** Longest markdown that is read, in characters; longer text is shown as it stands. */
const maxMarkdownCharacters = 16_384

// Raw HTML stays text and nesting is bounded: markdown is our articles' own, but nobody has to trust that.
const reader = new MarkdownIt('commonmark', { html: false, maxNesting: 20 })

const shownSchemes: readonly string[] = ['http:', 'https:', 'mailto:']

/** Whether an address may stand in a message: http, https or mailto. */
export const isShownAddress = (url: string): boolean =>
  URL.canParse(url) && shownSchemes.includes(new URL(url).protocol)

/** Words as they may stand in a text: where `<a>` is a tag, no other `<` is left that could open one. */
export const writeWords = (text: string, markup: Markup): string =>
  markup === 'plain' ? text : text.replaceAll('<', '＜')

const withAddress = (label: string, url: string): string => {
  const address = url.replace(/^mailto:/i, '')
  const words = label.trim()
  return words === '' || words === address || words === url ? address : `${words}（${address}）`
}

/** A link as the channel can show it: `label（url）`, or the one tag that WeChat's texts know. Other schemes: words alone. */
export const writeLink = (label: string, url: string, markup: Markup): string => {
  if (!isShownAddress(url)) return writeWords(label, markup)
  if (markup === 'plain') return withAddress(label, url)
  const words = label.replace(/\s+/g, ' ').trim()
  return `<a href="${url.replace(/["<>\s]/g, encodeURIComponent)}">${writeWords(words === '' ? url : words, markup)}</a>`
}

const address = (token: Token, name: string): string => String(token.attrGet(name) ?? '')

/** Emphasis as the tag that shows it. */
const styles: Readonly<Record<string, string>> = {
  strong_open: '<b>',
  strong_close: '</b>',
  em_open: '<i>',
  em_close: '</i>',
}

const styled = (tag: 'b' | 'code' | 'pre', text: string, markup: Markup): string =>
  markup === 'styles' && text.trim() !== '' ? `<${tag}>${text}</${tag}>` : text

/** A heading as a bold line; what was bold in it is no bolder. */
const writeHeading = (line: string, markup: Markup): string =>
  markup === 'styles' ? styled('b', line.replaceAll(/<\/?b>/g, ''), markup) : line

/** The runs of one line, links with their addresses. Emphasis and code lose their marks where there is no form for them. */
const writeLine = (tokens: readonly Token[], markup: Markup): string => {
  let text = ''
  let link: { readonly url: string; label: string } | undefined
  for (const token of tokens) {
    if (token.type === 'link_open') link = { url: address(token, 'href'), label: '' }
    else if (token.type === 'link_close') {
      if (link !== undefined) text += writeLink(link.label, link.url, markup)
      link = undefined
    } else {
      const isBreak = token.type === 'softbreak' || token.type === 'hardbreak'
      const words = isBreak ? '\n' : token.content
      if (link !== undefined) link.label += words
      else if (token.type === 'code_inline') text += styled('code', writeWords(words, markup), markup)
      else if (markup === 'styles' && Object.hasOwn(styles, token.type)) text += styles[token.type] ?? ''
      else if (token.type === 'image') text += writeLink(words, address(token, 'src'), markup)
      else text += writeWords(words, markup)
    }
  }
  return text
}

/** Collects a text's lines: paragraphs apart by a blank one, list items right below each other with their marks. */
const createPage = () => {
  const lines: string[] = []
  /** Open lists, inner last: the next number of an ordered one. */
  const lists: { next: number | undefined }[] = []
  let mark = ''
  let apart = false
  return {
    openList: (first: number | undefined): void => {
      // A list stands right below the line that announces it.
      apart = false
      lists.push({ next: first })
    },
    closeList: (): void => {
      lists.pop()
      mark = ''
      apart = lists.length === 0
    },
    openItem: (): void => {
      const list = lists.at(-1)
      mark = `${'  '.repeat(lists.length - 1)}${list?.next === undefined ? '•' : `${list.next}.`} `
      if (list?.next !== undefined) list.next += 1
    },
    add: (text: string): void => {
      if (text.trim() === '') return
      if (apart && lines.length > 0) lines.push('')
      lines.push(`${mark === '' ? '  '.repeat(lists.length) : mark}${text}`)
      mark = ''
      apart = lists.length === 0
    },
    text: (): string => lines.join('\n'),
  }
}

/**
 * Markdown as the text a chat can show: list items on lines of their own with their number or •, emphasis where the
 * channel has tags for it, links as `writeLink` has them. Total: what is longer than 16 kB is shown as it stands.
 */
export const writeMarkdown = (markdown: string, markup: Markup): string => {
  if (markdown.length > maxMarkdownCharacters) return writeWords(markdown, markup)
  const page = createPage()
  let isHeading = false
  for (const token of reader.parse(markdown, {})) {
    if (token.type === 'bullet_list_open') page.openList(undefined)
    else if (token.type === 'ordered_list_open') page.openList(Number(token.attrGet('start') ?? 1))
    else if (token.type === 'bullet_list_close' || token.type === 'ordered_list_close') page.closeList()
    else if (token.type === 'list_item_open') page.openItem()
    else if (token.type === 'heading_open') isHeading = true
    else if (token.type === 'heading_close') isHeading = false
    else if (token.type === 'inline') {
      const line = writeLine(token.children ?? [], markup)
      page.add(isHeading ? writeHeading(line, markup) : line)
    } else if (token.type === 'fence' || token.type === 'code_block')
      page.add(styled('pre', writeWords(token.content.trimEnd(), markup), markup))
  }
  return page.text()
}
