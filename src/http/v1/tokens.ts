import { createToken, hashToken } from '../sign-in/tokens.ts'

const begin = 'tk_'
/** Enough to tell keys apart; the rest is still far beyond guessing. */
const prefixLength = begin.length + 8

/** A new key's token, and what is kept of it. */
export interface MintedToken {
  /** Shown once. */
  readonly token: string
  readonly prefix: string
  readonly tokenHash: string
}

/** Makes a token of 256 random bits. */
export const mintToken = (): MintedToken => {
  const token = `${begin}${createToken()}`
  return { token, prefix: token.slice(0, prefixLength), tokenHash: hashToken(token) }
}

/** The hash of a token as a request carries it; undefined when it cannot be one. */
export const readBearer = (authorization: string): string | undefined => {
  const token = /^Bearer +(tk_[\w-]{43})$/i.exec(authorization)?.[1]
  return token === undefined ? undefined : hashToken(token)
}
