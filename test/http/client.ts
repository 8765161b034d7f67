/** What a test's browser keeps of an answer. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

/** What one request carries beside its method and path. */
export interface Sent {
  readonly body?: unknown
  /** Headers to add or, with `undefined`, to leave out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A browser's view of the server: cookies, origin, and the CSRF header that our page would send. */
export interface Browser {
  readonly cookies: Map<string, string>
  /** Every `Set-Cookie` line so far. */
  readonly setCookies: string[]
  get(path: string, headers?: Sent['headers']): Promise<Answer>
  post(path: string, body?: unknown, headers?: Sent['headers']): Promise<Answer>
  call(method: string, path: string, sent?: Sent): Promise<Answer>
}

const parse = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

const remember = (cookies: Map<string, string>, line: string): void => {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
  else cookies.set(name, value)
}

/** Texts and bytes go as they are, everything else as JSON. */
const asBody = (body: unknown): string | Uint8Array<ArrayBuffer> => {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  return typeof body === 'string' ? body : JSON.stringify(body ?? {})
}

/** A browser with an empty cookie jar. */
export const createBrowser = (origin: string): Browser => {
  const cookies = new Map<string, string>()
  const setCookies: string[] = []
  const send = async (method: string, path: string, { body, headers = {} }: Sent): Promise<Answer> => {
    const write = method !== 'GET'
    const own: Record<string, string | undefined> = {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') || undefined,
      ...(write ? { origin, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' } : {}),
      ...(write ? { 'x-csrf-token': cookies.get('tongda_csrf') } : {}),
      ...headers,
    }
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: Object.fromEntries(
        Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      ...(write ? { body: asBody(body) } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      setCookies.push(line)
      remember(cookies, line)
    }
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parse(text) }
  }
  return {
    cookies,
    setCookies,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, body, headers = {}) => send('POST', path, { body, headers }),
    call: (method, path, sent = {}) => send(method, path, sent),
  }
}
