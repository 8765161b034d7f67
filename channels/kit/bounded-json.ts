import { cleanText } from './clean-text.ts'
import { reservedNames } from './fields.ts'
import { Refusal } from './refusal.ts'

const malformed = (reason: string): Refusal => new Refusal('malformed', reason)

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

const cleanEntry = ([name, value]: [string, unknown]): [string, unknown] => {
  if (reservedNames.has(name)) throw malformed('json_name_refused')
  return [cleanText(name), cleanValue(value)]
}

const cleanValue = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanValue)
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(cleanEntry))
    : value
}

/**
 * Reads JSON that a schema will check: nested at most `maxDepth` levels, no name that means something to JavaScript,
 * no text that a database cannot hold. Throws `Refusal` `malformed`.
 */
export const readBoundedJson = (text: string, maxDepth: number): unknown => {
  if (depthOf(text) > maxDepth) throw malformed('json_too_deep')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('json_broken')
  }
  return cleanValue(value)
}
