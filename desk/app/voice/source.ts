import { ApiError } from '../api/request.ts'

/** A stored recording. */
export interface Recording {
  readonly address: string
  readonly contentType: string
}

/** What the server gives out under its own type: browsers play it from its address, as it comes. */
const native: ReadonlySet<string> = new Set(['audio/mpeg', 'audio/ogg', 'audio/wav'])

/** Whether browsers play a type by themselves. */
export const isNative = (contentType: string | undefined): boolean =>
  native.has(contentType?.split(';')[0] ?? '')

/** How recordings of Tencent's SILK begin; its own clients put a byte 2 before. */
const isSilk = (bytes: Uint8Array): boolean => {
  const from = bytes[0] === 2 ? 1 : 0
  return String.fromCharCode(...bytes.subarray(from, from + 9)) === '#!SILK_V3'
}

const fetchBytes = async (address: string): Promise<Uint8Array<ArrayBuffer>> => {
  const response = await fetch(address, { credentials: 'same-origin' }).catch(() => {
    throw new ApiError('network')
  })
  if (!response.ok)
    throw new ApiError({ 400: 'unplayable', 401: 'unauthenticated', 404: 'gone' }[response.status] ?? 'other')
  return new Uint8Array(await response.arrayBuffer())
}

/**
 * An address from which this browser can play a recording: its own, or one of this page's memory after decoding. Throws
 * `ApiError`, with code `unplayable` when neither the browser nor we understand it, `gone` when it was deleted.
 */
export const playableAddress = async ({ address, contentType }: Recording): Promise<string> => {
  if (isNative(contentType)) return address
  const bytes = await fetchBytes(address)
  // Its decoder needs WebAssembly, which this page's policy does not allow: the server decodes it.
  if (isSilk(bytes))
    return URL.createObjectURL(new Blob([await fetchBytes(`${address}/sound`)], { type: 'audio/wav' }))
  const { isAmr, wavOfAmr } = await import('./amr.ts')
  if (isAmr(bytes)) {
    const wav = wavOfAmr(bytes)
    if (wav !== undefined) return URL.createObjectURL(wav)
  } else if (document.createElement('audio').canPlayType(contentType) !== '')
    return URL.createObjectURL(new Blob([bytes], { type: contentType }))
  throw new ApiError('unplayable')
}
