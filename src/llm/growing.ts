const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' }

/**
 * JSON that is still being written, as far as its lists have whole items: `{"a":true,"b":[{"c":1},{"c"` gives
 * `{"a":true,"b":[{"c":1}]}`. Undefined: there is no such item yet, or it is no JSON.
 */
export const finishedPart = (text: string): unknown => {
  const open: string[] = []
  let isInString = false
  let found: { readonly end: number; readonly open: readonly string[] } | undefined
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at)
    if (sign === '\\' && isInString) at += 1
    else if (sign === '"') isInString = !isInString
    else if (isInString) continue
    else if (sign in closing) open.push(sign)
    else if (sign === '}' || sign === ']') {
      open.pop()
      if (open.at(-1) === '[' || open.length === 0) found = { end: at + 1, open: [...open] }
    }
  }
  if (found === undefined) return undefined
  const rest = found.open.toReversed().map((sign) => closing[sign] ?? '')
  try {
    return JSON.parse(text.slice(0, found.end) + rest.join(''))
  } catch {
    return undefined
  }
}
