import type { Tool } from '../core/tool.ts'

const mostCharacters = 200

/** What a result may show, by field; plain values alone, each one line. */
export type Shown = Readonly<Record<string, string>>

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
          ? Reflect.get(inner, key)
          : undefined,
      value,
    )

const address = /(?:[a-z][a-z0-9+.-]*:\/\/|www\.)[^\s<>"'）)】」，。；]+/giu

/** Links lead to hosts that were named for it, over https; others are left out. */
const withAllowedLinks = (text: string, hosts: readonly string[]): string =>
  text.replace(address, (found) => {
    if (!URL.canParse(found)) return ''
    const { protocol, hostname, username, password } = new URL(found)
    return protocol === 'https:' && username === '' && password === '' && hosts.includes(hostname)
      ? found
      : ''
  })

const lineOf = (value: unknown, hosts: readonly string[]): string | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  // Controls, and marks that turn the direction of what follows, are no words.
  const line = value
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  const allowed = withAllowedLinks(line, hosts).trim()
  return allowed === '' ? undefined : Array.from(allowed).slice(0, mostCharacters).join('')
}

/** What of a result may leave: the fields that `tool.shows` names, where they are plain. */
export const shownOf = (
  { shows }: Pick<Tool, 'shows'>,
  value: Readonly<Record<string, unknown>>,
  hosts: readonly string[],
): Shown =>
  Object.fromEntries(
    shows.flatMap((path): [string, string][] => {
      const line = lineOf(at(value, path), hosts)
      return line === undefined ? [] : [[path, line]]
    }),
  )

/** The template with its fields filled in, once: what stands in a value is never read as a field. Undefined: one is missing. */
export const fillTemplate = (template: string, shown: Shown): string | undefined => {
  const missing: string[] = []
  const filled = template.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, path: string) => {
    const value = Object.hasOwn(shown, path) ? shown[path] : undefined
    if (value === undefined) missing.push(path)
    return value ?? ''
  })
  return missing.length === 0 ? filled : undefined
}
