/* global document, fetch */
import { hearPresent } from './present.js'
import { currentLanguage } from './words.js'

/** A refusal of the server, or `network` when it could not be reached. */
class ApiError extends Error {
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

const request = async (method, address, body) => {
  const headers = { accept: 'application/json', 'accept-language': currentLanguage() }
  if (!isInUse()) headers['x-background'] = '1'
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    headers['x-csrf-token'] = csrfToken()
  }
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
export const post = (path, body) => request('POST', `/api/desk${path}`, body)
