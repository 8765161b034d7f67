/** HTML of strangers: cleaned by an allow-list, and read as text with its quoted history marked. */
import { convert } from 'html-to-text'
import sanitize from 'sanitize-html'

/** Characters of HTML that are read; no person writes more. */
const maxHtml = 1_000_000

const tags =
  'a abbr b bdi bdo big blockquote br caption center code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr u ul'.split(
    ' ',
  )

/** Outlook draws the line above its quoted history with this style; no other is kept. */
const outlookLine = /^solid #(?:e1e1e1|b5c4df)(?: 1\.0pt)?$/i

const maxAddress = 2_000

/** A picture that is inside the mail keeps its source; of one elsewhere only the address is kept, where nothing loads it. */
const pictureOf = ({ src = '', ...attribs }: sanitize.Attributes): sanitize.Attributes => {
  const kept = Object.fromEntries(Object.entries(attribs).filter(([name]) => name !== 'data-remote'))
  if (/^cid:/i.test(src)) return { ...kept, src }
  return /^https?:\/\//i.test(src) && src.length <= maxAddress ? { ...kept, 'data-remote': src } : kept
}

/** The same of a picture that was cleaned before. */
const keptPictureOf = ({
  'data-remote': remote = '',
  ...attribs
}: sanitize.Attributes): sanitize.Attributes =>
  pictureOf(/^https?:\/\//i.test(remote) ? { ...attribs, src: remote } : attribs)

const options: sanitize.IOptions = {
  allowedTags: tags,
  allowedAttributes: {
    a: ['href', 'rel', 'target'],
    img: ['src', 'data-remote', 'alt', 'width', 'height'],
    blockquote: ['type'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    '*': ['id', 'class', 'title', 'dir', 'style'],
  },
  allowedStyles: { '*': { 'border-top': [outlookLine] } },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'template',
    'svg',
    'math',
    'object',
  ],
  nestingLimit: 100,
  transformTags: {
    a: (tagName, attribs) => ({
      tagName,
      attribs: { ...attribs, rel: 'noopener noreferrer', target: '_blank' },
    }),
    // Pictures elsewhere tell the sender who reads when: their address is only noted, for a reader who wants them.
    img: (tagName, attribs) => ({ tagName, attribs: pictureOf(attribs) }),
  },
}

/** The parser's time grows with the square of the depth; what people send is never so deep. */
const maxDepth = 1_000

class TooDeep extends Error {}

/** Cleans; what is nested beyond all sense keeps its words alone. */
const cleanBy = (html: string, rules: sanitize.IOptions): string => {
  let depth = 0
  const onOpenTag = (): void => {
    depth += 1
    if (depth > maxDepth) throw new TooDeep()
  }
  const onCloseTag = (): void => {
    depth -= 1
  }
  const read = html.slice(0, maxHtml)
  try {
    return sanitize(read, { ...rules, onOpenTag, onCloseTag })
  } catch (error) {
    if (error instanceof TooDeep)
      return sanitize(read.replace(/(?:<[^<>]*>)+/g, ' ').replaceAll('<', ' '), rules)
    throw error
  }
}

/**
 * HTML with nothing in it that runs, fetches or covers: no styles, http(s), mailto and tel alone; of remote pictures
 * the address, as `data-remote`.
 */
export const cleanHtml = (html: string): string => cleanBy(html, options)

const keptOptions: sanitize.IOptions = {
  ...options,
  allowedTags: [...tags, 'details', 'summary'],
  transformTags: {
    ...options.transformTags,
    img: (tagName, attribs) => ({ tagName, attribs: keptPictureOf(attribs) }),
  },
}

/** Cleans again what was cleaned and folded before; changes nothing in it while the rules are the same. */
export const cleanKept = (html: string): string => cleanBy(html, keptOptions)

/** How many pictures of cleaned HTML lie elsewhere. */
export const remotePicturesIn = (clean: string): number =>
  [...clean.matchAll(/<img\b[^<>]*\sdata-remote="/gi)].length

/** Marks in converted text: quoted history begins and ends; everything after is history. */
const mark = { open: '\u0001', close: '\u0002', rest: '\u0003' } as const
// eslint-disable-next-line no-control-regex -- our own marks
const marks = /[\u0001-\u0003]/g

/** Elements that hold quoted history. */
const containers = [
  'div.gmail_quote',
  'div.gmail_quote_container',
  'div.gmail_extra',
  'blockquote[type="cite"]',
  'blockquote#isReplyContent',
  'div#isForwardContent',
  'div#origbody',
  'div#reply139content',
  'div.yahoo_quoted',
  'div.zmail_extra',
  'div.protonmail_quote',
  'blockquote.protonmail_quote',
  'div.tutanota_quote',
  'blockquote.tutanota_quote',
  'div#mail-editor-reference-message-container',
]

/** Elements after which all is quoted history. */
const beginnings = [
  'div#appendonsend',
  'div#divRplyFwdMsg',
  'div[style^="border-top"]',
  'div.moz-cite-prefix',
]

/** Signatures of clients. */
const signatures = [
  'span[title="neteasefooter"]',
  'div#divNeteaseMailCard',
  'div#ms-outlook-mobile-signature',
]

const formats = {
  quoted: ((element, walk, builder) => {
    builder.openBlock({ leadingLineBreaks: 2 })
    builder.addLiteral(mark.open)
    walk(element.children, builder)
    builder.addLiteral(mark.close)
    builder.closeBlock({ trailingLineBreaks: 2 })
  }) satisfies Formatter,
  history: ((element, walk, builder) => {
    builder.openBlock({ leadingLineBreaks: 1 })
    builder.addLiteral(mark.rest)
    walk(element.children, builder)
    builder.closeBlock({ trailingLineBreaks: 1 })
  }) satisfies Formatter,
}
type Formatter = NonNullable<NonNullable<Parameters<typeof convert>[1]>['formatters']>[string]

const select = (selectors: readonly string[], format: string) =>
  selectors.map((selector) => ({ selector, format }))

/** Takes marked history out of a text; what is left may be nothing. */
const withoutHistory = (text: string): string => {
  const end = text.indexOf(mark.rest)
  const before = end === -1 ? text : text.slice(0, end)
  let depth = 0
  let kept = ''
  // eslint-disable-next-line no-control-regex -- our own marks
  for (const piece of before.split(/(?=[\u0001\u0002])/)) {
    if (piece.startsWith(mark.open)) depth += 1
    if (piece.startsWith(mark.close)) depth = Math.max(0, depth - 1)
    if (depth === 0) kept += piece
  }
  return kept.replace(marks, '')
}

/** The words of cleaned HTML: all of them, and those above or around quoted history. */
export const wordsOfHtml = (clean: string): { readonly full: string; readonly fresh: string } => {
  const text = convert(clean.replace(marks, ''), {
    wordwrap: false,
    limits: { maxDepth: 110, maxInputLength: maxHtml },
    formatters: formats,
    selectors: [
      ...select(containers, 'quoted'),
      ...select(beginnings, 'history'),
      ...select(signatures, 'quoted'),
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
      { selector: 'table', options: { uppercaseHeaderCells: false } },
    ],
  })
  return { full: text.replace(marks, '').trim(), fresh: withoutHistory(text).trim() }
}
