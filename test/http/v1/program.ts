import type { ApiKey, Scope } from '../../../src/core/api-key.ts'
import { mintToken } from '../../../src/http/index.ts'
import type { Answer } from '../client.ts'
import type { World } from '../world.ts'

/** A program outside that calls the API. */
export interface Program {
  readonly key: ApiKey
  readonly token: string
  call(
    method: string,
    path: string,
    sent?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Answer>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

const parse = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Calls the API with an `Authorization` header. */
export const callApi =
  (origin: string, authorization: string | undefined): Program['call'] =>
  async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parse(text) }
  }

/** A program with a key of these scopes. */
export const createProgram = async (
  world: World,
  scopes: readonly Scope[],
  expiresAt?: Date,
): Promise<Program> => {
  const { token, prefix, tokenHash } = mintToken()
  const key = await world.keys.create({
    name: scopes.join(' '),
    scopes,
    createdBy: 'test',
    createdAt: world.clock.now(),
    prefix,
    tokenHash,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  })
  const call = callApi(world.origin, `Bearer ${token}`)
  return {
    key,
    token,
    call,
    get: (path, headers = {}) => call('GET', path, { headers }),
    post: (path, body = {}, headers = {}) => call('POST', path, { body, headers }),
  }
}
