import { randomBytes, randomInt } from 'node:crypto'

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

const anyOf = (length: number): string =>
  Array.from({ length }, () => lettersAndDigits.charAt(randomInt(lettersAndDigits.length))).join('')

/** How each kind of secret is made; a channel's field asks for one with `.meta({ generate: 'token' })`. */
const makers: Readonly<Record<string, () => string>> = {
  /** 32 letters and digits: callback tokens, Telegram's secret token. */
  token: () => anyOf(32),
  /** 43 letters and digits: EncodingAESKey of WeChat and WeCom. */
  'aes-key': () => anyOf(43),
  /** 64 hexadecimal digits: 256 bits. */
  'hex-key': () => randomBytes(32).toString('hex'),
  /** `whsec_` and 24 bytes in base64: a signing secret of Standard Webhooks. */
  'webhook-secret': () => `whsec_${randomBytes(24).toString('base64')}`,
}

/** The kinds a field may name. */
export const secretKinds: readonly string[] = Object.keys(makers)

/** A fresh secret; undefined for a kind that nobody makes. */
export const makeSecret = (kind: string | undefined): string | undefined =>
  kind !== undefined && Object.hasOwn(makers, kind) ? makers[kind]?.() : undefined
