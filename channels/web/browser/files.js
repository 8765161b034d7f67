/* global URL, XMLHttpRequest */

const unreachable = { code: 'upload_failed', retryable: true }

const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an answer without our words means. */
const errorOf = (request) => {
  const told = parse(request.responseText)
  if (told?.code && told.code !== 'unavailable') return told
  return request.status === 413 ? { code: 'too_large', retryable: false } : unreachable
}

/**
 * Sends files and fetches them again, each with the visitor's token.
 * @param {{ base: URL, tokens: { get(): string | null }, api: { call(path: string): Promise<Response>, maxFileBytes(): number | undefined } }} options
 */
export const createFiles = ({ base, tokens, api }) => ({
  /** Why a file cannot be sent, as a code; undefined: it can. */
  fault({ size }) {
    if (size === 0) return 'empty'
    return size > (api.maxFileBytes() ?? Infinity) ? 'too_large' : undefined
  },
  /** Sends; `progress` hears the share that is under way. Calls `accepted(id, seq)` or `refused(id, error)` once. */
  send(id, file, { progress, accepted, refused }) {
    const address = new URL('uploads', base)
    address.searchParams.set('id', id)
    address.searchParams.set('name', file.name)
    // Only this old interface tells how much of a request has left.
    const request = new XMLHttpRequest()
    request.open('POST', address)
    request.setRequestHeader('authorization', `Bearer ${tokens.get()}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => progress(id, total === 0 ? 0 : loaded / total)
    request.onerror = () => refused(id, unreachable)
    request.onload = () => {
      if (request.status === 200) accepted(id, parse(request.responseText).seq)
      else refused(id, errorOf(request))
    }
    request.send(file)
  },
  /** The bytes of a part of a stored message; undefined when they cannot be had. */
  async fetch(seq, part) {
    const response = await api.call(`files?seq=${seq}&part=${part}`).catch(() => undefined)
    return response?.ok ? response.blob() : undefined
  },
})
