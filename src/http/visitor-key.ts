import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'
import { nodeOf } from './node-bindings.ts'
import { createRemoteAddress } from './remote-address.ts'

/** Whoever has one IPv6 address has the /64 around it. */
export const networkOf = (address: string): string => {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}

// Addresses of people have no place in keys that a shared limiter would keep.
export const keyOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** What visitors without a session are counted by: the network that a request comes from, as a hash. */
export const createVisitorKey = (trustedProxies: readonly string[]): ((context: Context) => string) => {
  const remoteAddress = createRemoteAddress(trustedProxies)
  return (context) => keyOf(networkOf(remoteAddress(nodeOf(context).incoming)))
}
