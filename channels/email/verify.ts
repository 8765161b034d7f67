/**
 * Who a mail is really from. From is a claim; only what our own mail server wrote about it counts.
 * Source: RFC 8601 (Authentication-Results).
 */
import type { ParsedMail } from './mime/mail.ts'
import { comparable } from './addresses.ts'

/** `verified`: our server says the domain in From sent it. `failed`: it says the opposite. */
export type SenderTrust = 'verified' | 'unverified' | 'failed'

export interface Authentication {
  readonly trust: SenderTrust
  /** Our server vouches, by DMARC or DKIM, for the very domain in From: the address is as good as an identity. */
  readonly proven: boolean
  /** What our server found, in its words. */
  readonly results: { readonly spf?: string; readonly dkim?: string; readonly dmarc?: string }
}

const maxHeader = 10_000

const withoutComments = (value: string): string => {
  let text = value.slice(0, maxHeader)
  for (let depth = 0; depth < 5 && /\([^()]*\)/.test(text); depth += 1)
    text = text.replace(/\([^()]*\)/g, ' ')
  return text
}

interface Method {
  readonly result: string
  readonly properties: ReadonlyMap<string, string>
}

const readMethods = (value: string): ReadonlyMap<string, readonly Method[]> => {
  const methods = new Map<string, Method[]>()
  for (const statement of withoutComments(value).split(';').slice(1)) {
    const [head = '', ...rest] = statement.trim().split(/\s+/)
    const [name = '', result = ''] = head.toLowerCase().split('=')
    const properties = new Map(
      rest.flatMap((pair) => {
        const [key, given] = pair.split('=')
        return key === undefined || given === undefined
          ? []
          : [[key.toLowerCase(), given.toLowerCase().replace(/"/g, '')] as const]
      }),
    )
    methods.set(name, [...(methods.get(name) ?? []), { result, properties }])
  }
  return methods
}

const domainOf = (address: string): string => comparable(address.slice(address.lastIndexOf('@') + 1))

/** Same domain, or one below the other: alignment in DMARC's relaxed sense. */
const aligned = (one: string | undefined, other: string): boolean => {
  const domain = domainOf(one ?? '')
  return domain !== '' && (domain === other || domain.endsWith(`.${other}`) || other.endsWith(`.${domain}`))
}

const trustOf = (methods: ReadonlyMap<string, readonly Method[]>, from: string): SenderTrust => {
  const dmarc = methods.get('dmarc')?.[0]
  if (dmarc?.result === 'fail') return 'failed'
  const passed = (name: string, properties: readonly string[]): boolean =>
    (methods.get(name) ?? []).some(
      (method) =>
        method.result === 'pass' && properties.some((key) => aligned(method.properties.get(key), from)),
    )
  const named = dmarc?.properties.get('header.from')
  if (dmarc?.result === 'pass' && (named === undefined || aligned(named, from))) return 'verified'
  return passed('dkim', ['header.d', 'header.i']) || passed('spf', ['smtp.mailfrom'])
    ? 'verified'
    : 'unverified'
}

/**
 * Stricter than `verified`: the domain itself, not one above or below it, and not by SPF alone, which a shared relay
 * passes for all its customers.
 */
const isProven = (methods: ReadonlyMap<string, readonly Method[]>, from: string): boolean => {
  const dmarc = methods.get('dmarc') ?? []
  if (dmarc.some(({ result }) => result !== 'pass' && result !== 'none')) return false
  const names = (method: Method, keys: readonly string[]): boolean =>
    method.result === 'pass' && keys.some((key) => domainOf(method.properties.get(key) ?? '') === from)
  return (
    dmarc.some((method) => names(method, ['header.from'])) ||
    (methods.get('dkim') ?? []).some((method) => names(method, ['header.d', 'header.i']))
  )
}

const unproven = { trust: 'unverified', proven: false, results: {} } as const

/** Reads the topmost Authentication-Results if it is ours; anything else says nothing. */
export const authenticate = (mail: ParsedMail, authservId: string | undefined): Authentication => {
  const [, top] = mail.headers.find(([name]) => name === 'authentication-results') ?? []
  const [author] = mail.from
  if (authservId === undefined || top === undefined || author === undefined) return unproven
  const id = withoutComments(top).split(';')[0]?.trim().split(/\s+/)[0] ?? ''
  if (comparable(id) !== comparable(authservId)) return unproven
  const methods = readMethods(top)
  const first = (name: string): string | undefined => methods.get(name)?.[0]?.result
  const [spf, dkim, dmarc] = [first('spf'), first('dkim'), first('dmarc')]
  const results = {
    ...(spf === undefined ? {} : { spf }),
    ...(dkim === undefined ? {} : { dkim }),
    ...(dmarc === undefined ? {} : { dmarc }),
  }
  // Several authors in one From: nobody's word proves which of them wrote.
  if (mail.from.length > 1) return { ...unproven, results }
  const domain = domainOf(author.address)
  const trust = trustOf(methods, domain)
  return { trust, proven: trust === 'verified' && isProven(methods, domain), results }
}
