/** Subjects: the marks that clients put before them, and what is left to say. */

const prefix =
  /^\s*(?:(?:re|fw|fwd|aw|sv)(?:\[\d{1,3}\])?|回复|回覆|答复|答覆|转发|轉寄|轉發|自动回复|自动答复|已读|已讀)\s*[:：]\s*/i

/** A subject without any number of `Re:`, `回复：`, `转发:` before it. */
export const bareSubject = (subject: string): string => {
  let bare = subject.trim()
  while (prefix.test(bare)) bare = bare.replace(prefix, '')
  return bare.trim()
}

const empty = /^[（(【[]?\s*(?:无主题|無主題|no subject)\s*[）)】\]]?$/i

/** What a subject says; empty when the client made it up. */
export const saidInSubject = (subject: string): string => {
  const bare = bareSubject(subject)
  return empty.test(bare) ? '' : bare
}

/** One line, fit for a header: no line ends, no control characters, at most 200 characters. */
export const headerText = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200)

/** The subject of an answer: one `Re:`, however many stood there. */
export const replySubject = (subject: string, fallback: string): string => {
  const said = headerText(saidInSubject(subject))
  return said === '' ? headerText(fallback) : `Re: ${said}`
}
