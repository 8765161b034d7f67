import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { TongdaError } from '../core/errors.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = [Address, number]

/** More hops than anybody has are a forgery or a loop. */
const maxHops = 16

const parseAddress = (text: string): Address | undefined =>
  ipaddr.isValid(text) ? ipaddr.process(text) : undefined

const parseRange = (text: string): Range => {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text)
    const address = ipaddr.process(text)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  } catch {
    throw new TongdaError(
      'bad_config',
      `trusted proxy "${text}" is neither an address nor a range; write it like 10.0.0.7 or 10.0.0.0/8`,
    )
  }
}

/** `X-Forwarded-For` entries may carry a port: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
const withoutPort = (entry: string): string => {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1]
  return bracketed ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1] ?? entry
}

/** Finds the address of the client behind a request. */
export type RemoteAddress = (incoming: IncomingMessage) => string

/**
 * Takes the client's address from the connection, and from `X-Forwarded-For` only as far as configured proxies wrote
 * it: from the right, the first entry that is no proxy of ours. Throws `bad_config` for a proxy that cannot be read.
 */
export const createRemoteAddress = (trustedProxies: readonly string[]): RemoteAddress => {
  const ranges = trustedProxies.map(parseRange)
  const isTrusted = (address: Address): boolean =>
    ranges.some(([net, bits]) => net.kind() === address.kind() && address.match([net, bits] as Range))
  return (incoming) => {
    let client = parseAddress(incoming.socket.remoteAddress ?? '')
    if (client === undefined) return ''
    const header = incoming.headers['x-forwarded-for']
    if (typeof header !== 'string') return client.toString()
    const hops = header.split(',').slice(-maxHops).reverse()
    for (const hop of hops) {
      if (!isTrusted(client)) break
      const next = parseAddress(withoutPort(hop.trim()))
      if (next === undefined) break
      client = next
    }
    return client.toString()
  }
}
