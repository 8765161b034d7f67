import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { encode } from 'uqr'

/** RFC 6238 as every app knows it: six digits, SHA-1, half a minute. */
const shape = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Clocks of phones go wrong by so many half minutes. */
const window = 1

/** 160 random bits, as RFC 4226 recommends, in Base32. */
export const createSecret = (): string => new Secret({ size: 20 }).base32

const read = (secret: string): Secret => Secret.fromBase32(secret)

/** What an app reads: `otpauth://totp/…`. */
export const appAddress = (secret: string, email: string): string =>
  new TOTP({ ...shape, issuer: 'Tongda', label: email, secret: read(secret) }).toString()

/** The half minute whose code this is, one before or after now at most; undefined: it is none. */
export const stepOf = (secret: string, code: string, now: Date): number | undefined => {
  const timestamp = now.getTime()
  const delta = TOTP.validate({ ...shape, secret: read(secret), token: code, timestamp, window })
  return delta === null ? undefined : TOTP.counter({ period: shape.period, timestamp }) + delta
}

/** A QR code for pages that may not show pictures from strings: the side in squares, the dark ones as an SVG path. */
export interface QrPath {
  readonly size: number
  readonly path: string
}

/** Draws `text`, with the quiet margin that readers need. */
export const drawQr = (text: string): QrPath => {
  const { size, data } = encode(text, { ecc: 'M', border: 4 })
  const dark = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])),
  )
  return { size, path: dark.join('') }
}

export const recoveryCount = 10
// Crockford's Base32: none of it is mistaken for another when it is copied by hand.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Sixteen letters of five random bits: beyond guessing even with the hashes at hand. */
const createRecoveryCode = (): string =>
  Array.from(randomBytes(16), (byte) => alphabet[byte % 32])
    .join('')
    .replace(/(.{4})(?=.)/g, '$1-')

/** A fresh set, each good once. */
export const createRecoveryCodes = (): readonly string[] =>
  Array.from({ length: recoveryCount }, createRecoveryCode)

/** As typed, with or without what groups it. */
const plain = (code: string): string => code.toLowerCase().replace(/[\s-]/g, '')

/** What the store keeps of a recovery code. It is random, so one fast hash is enough. */
export const hashRecoveryCode = (agentId: string, code: string): string =>
  createHash('sha256')
    .update(`${agentId}:${plain(code).replace(/o/g, '0').replace(/[il]/g, '1')}`)
    .digest('hex')

/** The digits of an app's code; undefined: it is meant to be a recovery code. */
export const readDigits = (code: string): string | undefined => /^\d{6}$/.exec(plain(code))?.[0]
