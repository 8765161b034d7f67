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

// The code with at most a few words around it: 验证码是 123 456。
const lone = /^\D{0,20}(\d{6})\D{0,20}$/u
const betweenDigits = /(?<=\d)[\s-]+(?=\d)/gu

/** The code somebody wrote; undefined: it is about something else. */
export const readCode = (text: string): string | undefined =>
  lone.exec(text.normalize('NFKC').trim().replace(betweenDigits, ''))?.[1]

const again =
  /重[新]?发|再发|没(?:有)?收到|收不到|\bresend\b|\bsend (?:it |the code )?again\b|\bnot received\b/iu
const mostLetters = 30

/** Whether somebody asks for the code once more. */
export const asksAgain = (text: string): boolean =>
  text.length <= mostLetters && again.test(text.normalize('NFKC'))
