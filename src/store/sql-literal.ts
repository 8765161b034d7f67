const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`
const element = (value: unknown): string =>
  `"${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/**
 * A parameter as an SQL literal, for a server whose strings are standard-conforming (PostgreSQL's default). The
 * server casts it to the type that PREPARE found for its place.
 */
export const sqlLiteral = (value: unknown): string => {
  if (value === undefined || value === null) return 'null'
  if (value instanceof Date) return quote(value.toISOString())
  if (Array.isArray(value)) return quote(`{${value.map(element).join(',')}}`)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return quote(String(value))
  throw new TypeError(`a ${typeof value} cannot be an SQL parameter`)
}
