import ipaddr from 'ipaddr.js'

const ownRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

/** Endings that no public name has (RFC 6761, 6762, 8375, and `internal`, which ICANN keeps for this). */
const ownEndings = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/

/**
 * Whether a URL's host is one of one's own network as far as can be told without DNS: this machine, a private address, or a
 * name that is none of the public internet's, such as a container's.
 */
export const isOwnHost = (hostname: string): boolean => {
  const name = hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  if (ipaddr.isValid(name)) return ownRanges.has(ipaddr.process(name).range())
  return name !== '' && (!name.includes('.') || ownEndings.test(name))
}
