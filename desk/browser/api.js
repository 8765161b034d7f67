/* global document, fetch, crypto, XMLHttpRequest */
import { hearPresent } from './present.js'
import { currentLanguage } from './words.js'

/** A refusal of the server, or `network` when it could not be reached. */
export class ApiError extends Error {
  constructor(code, facts = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}

const csrfToken = () => /(?:^|;\s*)(?:__Host-)?tongda_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? ''

let lastUse = Date.now()
for (const event of ['pointerdown', 'keydown', 'focus']) {
  globalThis.addEventListener(
    event,
    () => {
      lastUse = Date.now()
    },
    { capture: true, passive: true },
  )
}
/** What the page fetches while nobody is there must not keep the session alive. */
export const isInUse = () => Date.now() - lastUse < 60_000

const request = async (method, address, { body, key, version } = {}) => {
  const headers = { accept: 'application/json', 'accept-language': currentLanguage() }
  if (!isInUse()) headers['x-background'] = '1'
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    headers['x-csrf-token'] = csrfToken()
  }
  if (key !== undefined) headers['idempotency-key'] = key
  if (version !== undefined) headers['if-match'] = `"${version}"`
  let response
  try {
    response = await fetch(address, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
    })
  } catch {
    throw new ApiError('network')
  }
  hearPresent(response.headers.get('x-present'))
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new ApiError(answer.code ?? 'other', answer)
  return answer
}

export const get = (path) => request('GET', `/api/desk${path}`)
export const post = (path, body, key) => request('POST', `/api/desk${path}`, { body, key })

/** The public API, which a signed-in person may use as well. `version`: what was seen; a newer one is refused. */
export const v1 = {
  get: (path) => request('GET', `/api/v1${path}`),
  post: (path, body, { key, version } = {}) => request('POST', `/api/v1${path}`, { body, key, version }),
  patch: (path, body, { key, version }) => request('PATCH', `/api/v1${path}`, { body, key, version }),
}

const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/**
 * Sends a file's bytes. `progress` hears the share that has left. Resolves to what the server keeps, rejects with an
 * `ApiError`; `signal` breaks it off.
 */
export const upload = (path, file, { progress, signal }) =>
  new Promise((resolve, reject) => {
    // Only this old interface tells how much of a request has left.
    const asked = new XMLHttpRequest()
    asked.open('POST', `/api/desk${path}`)
    asked.setRequestHeader('content-type', 'application/octet-stream')
    asked.setRequestHeader('x-csrf-token', csrfToken())
    asked.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total)
    asked.onerror = () => reject(new ApiError('network'))
    asked.onabort = () => reject(new ApiError('aborted'))
    asked.onload = () => {
      const answer = parse(asked.responseText)
      if (asked.status === 200) resolve(answer)
      else reject(new ApiError(answer.code ?? 'other', answer))
    }
    signal.addEventListener('abort', () => asked.abort())
    asked.send(file)
  })

/** A key that makes repeating a request harmless. */
export const createKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
