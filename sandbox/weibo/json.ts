/** JSON as the platform writes it: ids are numbers of up to 64 bits, which `JSON.stringify` could not write. */

/** A number given by its digits. */
export class Digits {
  readonly text: string

  constructor(text: string) {
    if (!/^\d{1,20}$/.test(text)) throw new Error('an id has 1–20 digits')
    this.text = text
  }
}

/** A value of the documents written here. */
export type JsonValue = Digits | string | number | boolean | { readonly [name: string]: JsonValue }

/** Writes a value; names keep their order. */
export const writeJson = (value: JsonValue): string => {
  if (value instanceof Digits) return value.text
  if (typeof value !== 'object') return JSON.stringify(value)
  const fields = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${writeJson(inner)}`)
  return `{${fields.join(',')}}`
}

/** The digits of an id in a document, whether it stands there as a number or as text. */
export const idIn = (json: string, name: string): string | undefined =>
  new RegExp(`"${name}"\\s*:\\s*(?:"(\\d{1,20})"|(\\d{1,20}))`).exec(json)?.slice(1).find(Boolean)

/** The object a text holds; undefined when it holds none. */
export const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
