/**
 * The new words of a plain-text mail: quoted history and signatures of clients taken off, line by line.
 * Patterns: what the clients in use in China write; see docs/channels/email.md.
 */

/** Characters that are looked through; the rest is history by all experience. */
const maxCharacters = 200_000
const maxLine = 1_000

const labels =
  /^[>\s]*\*?(发件人|寄件者|寄件人|发送时间|寄件日期|傳送時間|日期|收件人|收件者|抄送|副本|主题|主旨|主題|From|Sent|Date|To|Cc|Subject)\s*\*?\s*[:：]/i
const senderLabel = /^[>\s]*\*?(发件人|寄件者|寄件人|From)\s*\*?\s*[:：]/i
const dashes =
  /^[>\s]*-{3,}\s*(?:原始邮件|邮件原件|原始信件|原始郵件|轉寄郵件|转发邮件|转发的邮件|Original|Original Message|Forwarded message)\s*-{3,}\s*$/i
const underscores = /^\s*_{10,}\s*$/
const wrote = /(?:写道|寫道|撰写|wrote)\s*[:：]?[\s-]*$/i
const begins = /^[>\s-]*(?:在|On |At |于|於)/
const datedOrNamed = /\d{4}|@|\d{1,2}[月/:]/
const quoted = /^\s*>/

const mobile =
  /^\s*(?:发自我的|發自我的|发自|从我的 ?\S{1,20} ?发送|来自\s*QQ ?邮箱|获取 ?Outlook for|获取适用于|Sent from (?:my|Mail)|Get Outlook for|Sent via)/i

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === ''

/** How many lines from `from` look like the header of a quoted mail, among the next six. */
const headerLines = (lines: readonly string[], from: number): number =>
  lines.slice(from, from + 7).filter((line) => labels.test(line)).length

/** Where quoted history begins, and how it is written: as a block below, or with marks before each line. */
interface Cut {
  readonly at: number
  readonly bodyAt: number
  readonly style: 'block' | 'marks'
}

const isAttribution = (lines: readonly string[], at: number): number | undefined => {
  const line = lines[at] ?? ''
  if (!wrote.test(line)) return undefined
  const before = lines[at - 1] ?? ''
  // Wrapped: it begins on the line before.
  if (begins.test(before) && !begins.test(line) && datedOrNamed.test(before + line)) return at - 1
  if (/^\s*[于於]/.test(line) && /@\S+>\s*$/.test(before)) return at - 1
  return datedOrNamed.test(line) ? at : undefined
}

const cutAt = (lines: readonly string[], at: number): Cut | undefined => {
  const line = lines[at] ?? ''
  if (line.length > maxLine) return undefined
  if (dashes.test(line) && headerLines(lines, at + 1) >= 1) return { at, bodyAt: at + 1, style: 'block' }
  if (underscores.test(line) && headerLines(lines, at + 1) >= 2) return { at, bodyAt: at + 1, style: 'block' }
  if (senderLabel.test(line) && headerLines(lines, at) >= 3) return { at, bodyAt: at, style: 'block' }
  const attribution = isAttribution(lines, at)
  if (attribution === undefined) return undefined
  let below = at + 1
  while (below < lines.length && isBlank(lines[below])) below += 1
  const next = lines[below]
  const marked = quoted.test(line) || (next !== undefined && quoted.test(next))
  if (marked) return { at: attribution, bodyAt: at + 1, style: 'marks' }
  // Without marks it might be a sentence of the sender's: an address or a time of day must stand in it.
  return /@|\d{1,2}:\d{2}/.test(lines.slice(attribution, at + 1).join(' '))
    ? { at: attribution, bodyAt: at + 1, style: 'block' }
    : undefined
}

const findCut = (lines: readonly string[]): Cut | undefined => {
  for (let at = 0; at < lines.length; at += 1) {
    const cut = cutAt(lines, at)
    if (cut !== undefined) return cut
  }
  const first = lines.findIndex((line) => quoted.test(line))
  return first === -1 ? undefined : { at: first, bodyAt: first, style: 'marks' }
}

const isSignature = (line: string): boolean => line === '--' || line === '-- ' || mobile.test(line)

/** True when somebody answers between or below marked lines. */
const isInterleaved = (lines: readonly string[], { bodyAt, style }: Cut): boolean => {
  if (style === 'block') return false
  const firstQuoted = lines.findIndex((line, at) => at >= bodyAt && quoted.test(line))
  const after = lines.slice(firstQuoted === -1 ? bodyAt : firstQuoted)
  const signature = after.findIndex(isSignature)
  const written = signature === -1 ? after : after.slice(0, signature)
  return written.some((line) => !isBlank(line) && !quoted.test(line))
}

/** Where the lines end when idle ones at their end are left out. */
const endBefore = (lines: readonly string[], isIdle: (line: string) => boolean): number => {
  let end = lines.length
  while (end > 0 && isIdle(lines[end - 1] ?? '')) end -= 1
  return end
}

const withoutTrailing = (lines: readonly string[]): readonly string[] =>
  lines.slice(0, endBefore(lines, isBlank))

/** A name of the sender alone, far below the words, is what Foxmail puts there by itself. */
const withoutName = (lines: readonly string[], senderName: string): readonly string[] => {
  const last = lines.length - 1
  const lone = senderName !== '' && lines[last]?.trim() === senderName
  return lone && last >= 3 && isBlank(lines[last - 1]) && isBlank(lines[last - 2])
    ? withoutTrailing(lines.slice(0, last))
    : lines
}

const withoutSignature = (all: readonly string[], senderName: string): readonly string[] => {
  let lines = withoutTrailing(all)
  const dashed = lines.findLastIndex((line) => line === '-- ' || line === '--')
  if (dashed !== -1 && lines.length - dashed <= 12) lines = withoutTrailing(lines.slice(0, dashed))
  lines = lines.slice(
    0,
    endBefore(lines, (line) => isBlank(line) || mobile.test(line)),
  )
  return withoutName(lines, senderName)
}

const tidy = (lines: readonly string[]): string =>
  lines
    .map((line) => (line === '-- ' ? line : line.trimEnd()))
    .join('\n')
    .replace(/^\n+/, '')
    .trimEnd()

/** What was written now. History and client signatures go; answers between quoted lines and forwards stay whole. */
export const freshWords = (text: string, senderName = ''): string => {
  const lines = text.slice(0, maxCharacters).replaceAll('\r\n', '\n').replaceAll('\u00A0', ' ').split('\n')
  const cut = findCut(lines)
  if (cut === undefined) return tidy(withoutSignature(lines, senderName))
  if (isInterleaved(lines, cut)) {
    const kept = [...lines.slice(0, cut.at), ...lines.slice(cut.bodyAt)]
    return tidy(withoutSignature(kept, senderName))
  }
  const above = tidy(withoutSignature(lines.slice(0, cut.at), senderName))
  // Nothing above: a forward, whose history is the message.
  return above === '' ? tidy(lines) : above
}
