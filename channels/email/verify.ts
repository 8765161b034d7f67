/**
 * Who a mail is really from. From is a claim; only what our own mail server wrote about it counts.
 * Source: RFC 8601 (Authentication-Results).
 */
import type { ParsedMail } from './mime/mail.ts'
import { comparable } from './addresses.ts'
import type { AuthenticationResults, Method } from './authentication-results.ts'
import { readAuthenticationResults } from './authentication-results.ts'

/** `verified`: our server says the domain in From sent it. `failed`: it says the opposite. */
export type SenderTrust = 'verified' | 'unverified' | 'failed'

export interface Authentication {
  readonly trust: SenderTrust
  /** Our server vouches, by DMARC or DKIM, for the very domain in From: the address is as good as an identity. */
  readonly proven: boolean
  /** What our server found, in its words. */
  readonly results: { readonly spf?: string; readonly dkim?: string; readonly dmarc?: string }
}

type Methods = AuthenticationResults['methods']

const domainOf = (address: string): string => comparable(address.slice(address.lastIndexOf('@') + 1))

/** Same domain, or one below the other: alignment in DMARC's relaxed sense. */
const aligned = (one: string | undefined, other: string): boolean => {
  const domain = domainOf(one ?? '')
  return domain !== '' && (domain === other || domain.endsWith(`.${other}`) || other.endsWith(`.${domain}`))
}

/** What DMARC leaves to the other checks; two words of it contradict each other, whoever wrote the second. */
const isOpen = (dmarc: readonly Method[]): boolean =>
  dmarc.length <= 1 && dmarc.every(({ result }) => result === 'pass' || result === 'none')

const trustOf = (methods: Methods, from: string): SenderTrust => {
  const all = methods.get('dmarc') ?? []
  if (all.some(({ result }) => result === 'fail')) return 'failed'
  if (!isOpen(all)) return 'unverified'
  const [dmarc] = all
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
const isProven = (methods: Methods, from: string): boolean => {
  const dmarc = methods.get('dmarc') ?? []
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
  const said = readAuthenticationResults(top)
  if (said === undefined || comparable(said.authservId) !== comparable(authservId)) return unproven
  const { methods } = said
  const first = (name: string): string | undefined => methods.get(name)?.[0]?.result || undefined
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
