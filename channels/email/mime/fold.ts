/**
 * Folds quoted history in HTML that `cleanHtml` made: what stands in a known container, or behind a known beginning,
 * goes into `<details>`. Works on that canonical form alone; nothing about safety depends on it.
 */

const summary = '<details><summary>引用的往来邮件 / Quoted history</summary>'

/** Elements that hold quoted history, as their tag with its attributes begins. */
const containers =
  /^<(?:div|blockquote|table)\b(?=[^>]*(?:class="[^"]*\b(?:gmail_quote|gmail_extra|yahoo_quoted|zmail_extra|protonmail_quote|tutanota_quote)|type="cite"|id="(?:isReplyContent|isForwardContent|origbody|reply139content|mail-editor-reference-message-container)"))/i

/** Elements after which, up to the end of what holds them, all is quoted history. */
const beginnings =
  /^<(?:div|hr)\b(?=[^>]*(?:id="(?:appendonsend|divRplyFwdMsg)"|class="[^"]*\bmoz-cite-prefix|style="border-top))/i

/** QQ Mail, Foxmail, Sina: a line of words, without any container. */
const dashes =
  /^(?:\s|&nbsp;)*-{3,}(?:\s|&nbsp;)*(?:原始邮件|邮件原件|原始信件|原始郵件|Original(?: Message)?)(?:\s|&nbsp;)*-{3,}/i

const voids: ReadonlySet<string> = new Set(['br', 'col', 'hr', 'img'])
const token = /<\/?([a-z][a-z0-9]{0,20})\b[^>]{0,10000}>|[^<]+|</gi
/** More folds than any mail needs; the rest stays open. */
const maxFolds = 50

interface Fold {
  /** Elements that were open outside it. */
  readonly depth: number
  /** Ends with its own container; otherwise with what holds it. */
  readonly own: boolean
}

/** The same HTML with quoted history folded; a mail that is nothing but history stays open. */
export const foldQuotes = (clean: string): string => {
  const out: string[] = []
  const folds: Fold[] = []
  let depth = 0
  let made = 0
  let said = false
  const open = (own: boolean, before = out.length): void => {
    if (folds.length > 0 || made >= maxFolds || !said) return
    made += 1
    folds.push({ depth: own ? depth : depth - (before < out.length ? 1 : 0), own })
    out.splice(before, 0, summary)
  }
  const closeAt = (level: number): void => {
    const fold = folds.at(-1)
    if (fold === undefined) return
    if (fold.own ? level !== fold.depth : level >= fold.depth) return
    out.push('</details>')
    folds.pop()
  }
  for (const [piece, tag = ''] of clean.matchAll(token)) {
    if (tag === '') {
      // Before the element that says nothing else.
      if (dashes.test(piece)) open(false, isOpening(out.at(-1)) ? out.length - 1 : out.length)
      if (/[^\s]/.test(piece.replaceAll('&nbsp;', ''))) said = true
      out.push(piece)
    } else if (piece.startsWith('</')) {
      depth -= 1
      if (folds.at(-1)?.own === false) closeAt(depth)
      out.push(piece)
      if (folds.at(-1)?.own === true) closeAt(depth)
    } else {
      if (containers.test(piece)) open(true)
      else if (beginnings.test(piece)) open(false)
      out.push(piece)
      if (!voids.has(tag.toLowerCase()) && !piece.endsWith('/>')) depth += 1
    }
  }
  return `${out.join('')}${'</details>'.repeat(folds.length)}`
}

const isOpening = (piece: string | undefined): boolean =>
  piece !== undefined && /^<[a-z]/i.test(piece) && !/^<(?:br|hr|img|col)\b/i.test(piece)
