import { createHmac, timingSafeEqual } from 'node:crypto'

/** Addresses under which a contact sees how a ticket stands; whoever has one may look. */
export interface StatusLinks {
  readonly url: (ticketId: string) => string
  /** Whether the address was made here. */
  readonly isValid: (ticketId: string, sig: string) => boolean
}

export interface StatusLinksOptions {
  /** Signs the links; every node has the same. */
  readonly key: string
  /** Origin under which contacts reach the server. */
  readonly origin: string
}

/** Signed addresses of status pages. They do not expire: the page shows states and times, and nobody's words. */
export const createStatusLinks = ({ key, origin }: StatusLinksOptions): StatusLinks => {
  const sign = (ticketId: string): Buffer => createHmac('sha256', key).update(`status\n${ticketId}`).digest()
  return {
    url: (ticketId) => `${origin}/status/${ticketId}?sig=${sign(ticketId).toString('base64url')}`,
    isValid: (ticketId, sig) => {
      const given = Buffer.from(sig, 'base64url')
      const right = sign(ticketId)
      return given.length === right.length && timingSafeEqual(given, right)
    },
  }
}
