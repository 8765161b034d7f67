/** What reading a text as JSON gave. */
export type JsonReading =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly reason: 'not_json' | 'too_deep' }

/** Deepest nesting of brackets outside strings; counts without building anything. Linear. */
export const depthOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at += 1
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') deepest = Math.max(deepest, (depth += 1))
    else if (char === '}' || char === ']') depth -= 1
  }
  return deepest
}

/** Reads JSON nested at most `maxDepth` levels; never throws. */
export const readJson = (text: string, maxDepth: number): JsonReading => {
  if (depthOf(text) > maxDepth) return { kind: 'refused', reason: 'too_deep' }
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    return { kind: 'refused', reason: 'not_json' }
  }
}
