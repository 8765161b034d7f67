/** Which characters bytes stand for: labels as Chinese senders write them, and what to do without one. */
import iconv from 'iconv-lite'

/** Labels that mean GBK or less: all are read as its superset, or rare characters are lost. */
const chinese: ReadonlySet<string> = new Set(
  'gb2312 gb_2312-80 gb2312-80 csgb2312 csiso58gb231280 euc-cn x-euc-cn gbk x-gbk cp936 ms936 windows-936 chinese gb18030'.split(
    ' ',
  ),
)

/** Labels that say nothing, or that lie so often that the bytes are asked instead. */
const silent: ReadonlySet<string> = new Set(
  'us-ascii ascii ansi_x3.4-1968 default 8bit 7bit binary unknown x-unknown unknown-8bit utf-7 unicode-1-1-utf-7'.split(
    ' ',
  ),
)

const others: ReadonlyMap<string, string> = new Map([
  ['utf8', 'utf-8'],
  ['ks_c_5601-1987', 'cp949'],
  ['big5-hkscs', 'big5-hkscs'],
])

/** The decoder a label means; undefined: ask the bytes. */
export const decoderOf = (label: string): string | undefined => {
  const name = label.trim().toLowerCase().replace(/["']/g, '')
  if (chinese.has(name)) return 'gb18030'
  if (name === '' || silent.has(name)) return undefined
  const known = others.get(name) ?? name
  return iconv.encodingExists(known) ? known : undefined
}

const isValid = (encoding: string, bytes: Uint8Array): boolean => {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** What bytes without a believable label are: UTF-8 when they are valid, else GB18030. */
export const guessDecoder = (bytes: Uint8Array): string => (isValid('utf-8', bytes) ? 'utf-8' : 'gb18030')

/** The decoder for a text: its label's, unless that says UTF-8 and the bytes are GB18030. */
export const chooseDecoder = (label: string, bytes: Uint8Array): string => {
  const named = decoderOf(label)
  if (named === undefined) return guessDecoder(bytes)
  return named === 'utf-8' && !isValid('utf-8', bytes) && isValid('gb18030', bytes) ? 'gb18030' : named
}

/** Header bytes as text: UTF-8 when they are valid, else GB18030. */
export const decodeHeaderBytes = (binary: string): string => {
  const bytes = Buffer.from(binary, 'latin1')
  return new TextDecoder(guessDecoder(bytes)).decode(bytes)
}
