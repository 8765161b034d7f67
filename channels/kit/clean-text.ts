import { Refusal } from './refusal.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bytes as text without a byte order mark; throws `Refusal` `malformed` when they are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Refusal('malformed', 'not_utf8')
  }
}

const unwanted = /(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu
const loneSurrogate = /\p{Surrogate}/gu

/** Text that XML 1.0, JSON and a database can all hold: no control characters but tab and line ends, no half pairs. */
export const cleanText = (text: string): string => text.replace(unwanted, '').replace(loneSurrogate, '\uFFFD')
