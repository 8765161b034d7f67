import { createHash, createHmac, randomBytes } from 'node:crypto'

/** 256 random bits, fit for cookies and addresses. */
export const createToken = (): string => randomBytes(32).toString('base64url')

/** What the store keeps of a token. Tokens are random, so one fast hash is enough. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The word that proves a write came from our page: follows from the session's token, which the page cannot read. */
export const csrfTokenOf = (sessionToken: string): string =>
  createHmac('sha256', sessionToken).update('tongda desk csrf').digest('base64url')
