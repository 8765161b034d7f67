/** Addresses of ours and the signed ones made from them. */
import { createHmac } from 'node:crypto'
import { sameSecret } from '../kit/index.ts'
import type { EmailConfig } from './manifest.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648 base32 in lower case, without padding: survives systems that change the case of addresses. */
export const base32 = (bytes: Uint8Array): string => {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >> bits) & 31] ?? ''
    }
    value &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + (alphabet[(value << (5 - bits)) & 31] ?? '')
}

const sign = (key: string, conversation: string): string =>
  base32(createHmac('sha256', key).update(`email-reply:v1:${conversation}`).digest().subarray(0, 10))

/** What can stand in a local part without quoting and in any case. */
const speakable = /^[a-z0-9]{1,30}$/

/** The token that names a conversation in an address; undefined when its key cannot be written there. */
export const replyToken = (key: string, threadKey: string): string | undefined =>
  speakable.test(threadKey) ? `${threadKey}.${sign(key, threadKey)}` : undefined

/** The conversation a token names; undefined when its signature is wrong. */
export const readReplyToken = (key: string, token: string): string | undefined => {
  const [conversation = '', signature = '', ...more] = token.toLowerCase().split('.')
  if (!speakable.test(conversation) || more.length > 0) return undefined
  return sameSecret(signature, sign(key, conversation)) ? conversation : undefined
}

/** One address as the form in which addresses are compared. */
export const comparable = (address: string): string => address.trim().toLowerCase()

const split = (address: string): readonly [local: string, domain: string] => {
  const at = address.lastIndexOf('@')
  return [address.slice(0, at), address.slice(at + 1)]
}

/** `support@…` and a tag as `support+tag@…`. */
export const withTag = (address: string, tag: string): string => {
  const [local, domain] = split(address)
  return `${local}+${tag}@${domain}`
}

/** The addresses of one inbox. */
export interface OwnAddresses {
  /** Whether an address is ours, with or without a tag. */
  isOwn(address: string): boolean
  /** The tag of one of our addresses, as written; undefined for others and without a tag. */
  tagOf(address: string): string | undefined
  /** The tag of the bounce address. */
  bounceTagOf(address: string): string | undefined
}

const tagBehind = (address: string, bases: ReadonlySet<string>): string | undefined => {
  const [local, domain] = split(address.trim())
  const plus = local.indexOf('+')
  if (plus === -1 || !bases.has(comparable(`${local.slice(0, plus)}@${domain}`))) return undefined
  return local.slice(plus + 1)
}

export const createOwnAddresses = ({ address, aliases, bounceAddress }: EmailConfig): OwnAddresses => {
  const read = new Set([address, ...aliases].map(comparable))
  const bounces = new Set([bounceAddress ?? address].map(comparable))
  const all = new Set([...read, ...bounces])
  return {
    isOwn: (given) => all.has(comparable(given)) || tagBehind(given, all) !== undefined,
    tagOf: (given) => tagBehind(given, read),
    bounceTagOf: (given) => tagBehind(given, bounces),
  }
}
