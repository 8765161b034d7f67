/* global document, fetch, crypto */
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
const isInUse = () => Date.now() - lastUse < 60_000

const request = async (method, path, { body, key } = {}) => {
  const headers = { accept: 'application/json', 'accept-language': currentLanguage() }
  if (!isInUse()) headers['x-background'] = '1'
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    headers['x-csrf-token'] = csrfToken()
  }
  if (key !== undefined) headers['idempotency-key'] = key
  let response
  try {
    response = await fetch(`/api/desk${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
    })
  } catch {
    throw new ApiError('network')
  }
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new ApiError(answer.code ?? 'other', answer)
  return answer
}

export const get = (path) => request('GET', path)
export const post = (path, body, key) => request('POST', path, { body, key })

/** A key that makes repeating a request harmless. */
export const createKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
