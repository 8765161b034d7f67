/**
 * Which addresses may be called. Whoever names an address (a brand's webhook, a file's link) must not reach what only
 * this machine reaches: its own services, the private network, the cloud's metadata.
 */
import ipaddr from 'ipaddr.js'

/** What may be called besides public addresses over https. */
export interface OutgoingPolicy {
  /** Host names, addresses and CIDR ranges that may be called although they are not public. */
  readonly allow: readonly string[]
  /** Whether `http://` to this machine itself may be called. */
  readonly loopbackHttp: boolean
}

/** Why an address is not called. */
export type AddressFault = 'not_a_url' | 'not_https' | 'credentials' | 'not_public' | 'not_found'

const hints: Readonly<Record<AddressFault, string>> = {
  not_a_url: 'write a whole address, e.g. https://forum.example.com/webhook',
  not_https: 'use https (http is for this machine only, and only when it is allowed)',
  credentials: 'leave user name and password out of the address',
  not_public: 'use a public address, or put its host or range on the list of allowed addresses',
  not_found: 'the host name has no address; check it and this machine’s DNS',
}

/** An address we do not call. Its text is not kept: it may hold a token. */
export class AddressRefused extends Error {
  readonly fault: AddressFault
  readonly hint: string

  constructor(fault: AddressFault) {
    super(`address refused: ${fault}`)
    this.name = 'AddressRefused'
    this.fault = fault
    this.hint = hints[fault]
  }
}

const maxAddressCharacters = 2_048

const isHostName = (text: string): boolean => /^(?=.{1,253}$)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(text)

/** Whether a line of `allow` can be understood. */
export const isAllowEntry = (entry: string): boolean =>
  ipaddr.isValidCIDR(entry) || ipaddr.isValid(entry) || isHostName(entry)

const rangeOf = (entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined => {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  if (!ipaddr.isValid(entry)) return undefined
  const address = ipaddr.parse(entry)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Azure answers its machines on this public address; elsewhere it is nobody's. */
const cloudAddresses: ReadonlySet<string> = new Set(['168.63.129.16'])

const isPublic4 = (address: ipaddr.IPv4): boolean =>
  address.range() === 'unicast' && !cloudAddresses.has(address.toString())

/** ISATAP carries an IPv4 address in its interface id. */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean => parts[5] === 0x5efe && (parts[4] ?? 0) % 0x200 === 0

/** Global unicast is 2000::/3; what embeds an IPv4 address lies outside or has a range of its own. */
const isPublic6 = (address: ipaddr.IPv6): boolean =>
  address.range() === 'unicast' && (address.parts[0] ?? 0) >> 13 === 1 && !isIsatap(address)

const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  address instanceof ipaddr.IPv4 ? isPublic4(address) : isPublic6(address)

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Decides over addresses, before and after names are resolved. */
export interface AddressCheck {
  /** The address as a URL that may be called as far as can be told without DNS. Throws `AddressRefused`. */
  read(address: string): URL
  /** The resolved addresses of a host; all must be allowed. Throws `AddressRefused`. */
  resolved(hostname: string, addresses: readonly string[]): void
}

const parse = (address: string): URL => {
  // The parser drops tabs and line ends and takes \ for /: what it makes of those is not what somebody read.
  if (address.length > maxAddressCharacters || /[\s\\\p{Cc}]/u.test(address) || !URL.canParse(address))
    throw new AddressRefused('not_a_url')
  return new URL(address)
}

const withoutDot = (hostname: string): string => hostname.replace(/\.$/, '')

/** Makes the check for a policy. */
export const createAddressCheck = ({ allow, loopbackHttp }: OutgoingPolicy): AddressCheck => {
  const names = new Set(
    allow.filter((entry) => rangeOf(entry) === undefined).map((name) => name.toLowerCase()),
  )
  const ranges = allow.flatMap((entry) => {
    const range = rangeOf(entry)
    return range === undefined ? [] : [range]
  })
  const isInRange = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
    ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))
  const isAllowed = (hostname: string, text: string): boolean => {
    if (!ipaddr.isValid(text)) return false
    const address = ipaddr.parse(text)
    if (isPublic(address) || isInRange(address) || names.has(hostname)) return true
    // Only http reaches this: over https the name is refused unread.
    return loopbackHttp && hostname === 'localhost' && address.range() === 'loopback'
  }
  const resolved: AddressCheck['resolved'] = (hostname, addresses) => {
    const name = withoutDot(hostname.toLowerCase())
    if (addresses.length === 0) throw new AddressRefused('not_found')
    if (!addresses.every((address) => isAllowed(name, address))) throw new AddressRefused('not_public')
  }
  return {
    resolved,
    read: (address) => {
      const url = parse(address)
      const hostname = withoutDot(url.hostname)
      const isLoopbackHttp = url.protocol === 'http:' && loopbackHttp && loopbackNames.has(hostname)
      if (url.protocol !== 'https:' && !isLoopbackHttp) throw new AddressRefused('not_https')
      if (url.username !== '' || url.password !== '') throw new AddressRefused('credentials')
      if (hostname === '') throw new AddressRefused('not_a_url')
      if (isLoopbackHttp) return url
      const literal = hostname.replace(/^\[(.*)\]$/, '$1')
      if (ipaddr.isValid(literal)) resolved(hostname, [literal])
      else if (/(?:^|\.)localhost$/.test(hostname) && !names.has(hostname))
        throw new AddressRefused('not_public')
      return url
    },
  }
}
