import { createHmac } from 'node:crypto'

const digits = 6

/** The code of a check. The same for every try to send it, so that a mail that comes twice tells one code. */
export type CodeOf = (checkId: string) => string

/** Reckons codes as RFC 4226 §5.3 cuts a digest to digits, here of SHA-256 over the check's id. */
export const createCodes =
  (key: string): CodeOf =>
  (checkId) => {
    const digest = createHmac('sha256', key).update(checkId).digest()
    const offset = digest.readUInt8(digest.length - 1) & 0x0f
    const number = digest.readUInt32BE(offset) & 0x7fff_ffff
    return String(number % 10 ** digits).padStart(digits, '0')
  }
