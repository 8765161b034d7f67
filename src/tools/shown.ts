import { addresses, domainLetters } from '../core/addresses.ts'
import { narrow } from '../core/narrow.ts'
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

/**
 * With a scheme that a device may follow: it is told by itself, and looked for first. Its host may have foreign letters;
 * behind that it ends with ASCII, so that what stands there without a blank is read by itself.
 */
const schemed = new RegExp(
  `[a-z][a-z0-9+.-]*://(?:[!$-&*-.0-;=@-\\[\\]-~${domainLetters}]+[!#-&(*-;=?-~]*|[!#-&(*-;=?-~]+)`,
  'giu',
)
/** Ideographic stops that browsers read as dots of a domain: between letters, before what may be its ending. */
const wideDots = new RegExp(`(?<=[\\w${domainLetters}])[。｡](?=[a-z]{2,6}(?![\\w${domainLetters}]))`, 'gu')
/** Names of files that are no domains. */
const file = /^[^/@]+\.(?:pdf|docx?|xlsx?|pptx?|csv|txt|jpe?g|png|gif|webp|mp3|mp4|apk|exe|js|json|xml)$/iu

const isAllowed = (link: string, hosts: readonly string[]): boolean => {
  // What stands before a backslash is a host to some devices, and a name before the host to others.
  if (!URL.canParse(link) || link.includes('\\')) return false
  const { protocol, hostname, username, password } = new URL(link)
  return protocol === 'https:' && username === '' && password === '' && hosts.includes(hostname)
}

/** An address without a scheme: a bare domain, with or without a path, or a mail address. */
const isAllowedBare = (found: string, hosts: readonly string[]): boolean =>
  file.test(found) ||
  (!found.includes('://') && isAllowed(`https://${found.replace(/^[^/@]*@/u, '')}`, hosts))

/** What is found from one place of a text up to another. */
interface Found {
  readonly start: number
  readonly end: number
  readonly isAllowed: boolean
}

const findAll = (text: string, pattern: RegExp, allows: (found: string) => boolean): readonly Found[] =>
  Array.from(text.matchAll(pattern), ({ index, 0: found }) => ({
    ...{ start: index, end: index + found.length, isAllowed: allows(found) },
  }))

/**
 * Links, domains and mail addresses are those of hosts that were named for it, links over https; others are left out,
 * until none is there: what is left around one may be another. Where the line was cut, what reaches its end leads elsewhere.
 */
const withAllowedLinks = (text: string, hosts: readonly string[], isCut: boolean): string => {
  const plain = narrow(text).replace(wideDots, '.')
  const rest = plain.replace(schemed, (found) => ' '.repeat(found.length))
  const found = [
    ...findAll(plain, schemed, (link) => isAllowed(link, hosts)),
    ...findAll(rest, addresses, (address) => isAllowedBare(address, hosts)),
  ]
  const left = found
    .filter((one) => !one.isAllowed || (isCut && one.end === text.length))
    .sort((one, other) => other.start - one.start)
    .reduce((kept, { start, end }) => kept.slice(0, start) + kept.slice(end), text)
  return left === text ? text : withAllowedLinks(left, hosts, isCut)
}

const lineOf = (value: unknown, hosts: readonly string[]): string | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  // Controls, and marks that turn the direction of what follows, are no words.
  const line = value
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  // Cut before it is looked at: what is left of an address may be another one.
  const cut = Array.from(line).slice(0, mostCharacters).join('')
  const allowed = withAllowedLinks(cut, hosts, cut !== line).trim()
  return allowed === '' ? undefined : allowed
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
