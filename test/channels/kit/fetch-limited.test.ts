import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FetchError, fetchLimited } from '../../../channels/kit/index.ts'

let server: Server
let url: URL
let held: ServerResponse[] = []

beforeEach(async () => {
  held = []
  server = createServer((request, response) => {
    if (request.url === '/silent') held.push(response)
    else if (request.url === '/half') response.write('half')
    else response.end('whole')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = new URL(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`)
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const failureOf = async (
  path: string,
  limits: { timeoutMs: number; maxBytes?: number; signal?: AbortSignal },
) => {
  const error: unknown = await fetchLimited(new URL(path, url), {}, { maxBytes: 100, ...limits }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof FetchError ? error.failure : error
}

describe('fetchLimited', () => {
  it('reads an answer to its end', async () => {
    const { status, bytes } = await fetchLimited(url, {}, { timeoutMs: 60_000, maxBytes: 5 })
    expect([status, Buffer.from(bytes).toString()]).toEqual([200, 'whole'])
  })

  it('gives up on silence and on half an answer', async () => {
    expect(await failureOf('/silent', { timeoutMs: 30 })).toBe('timeout')
    expect(await failureOf('/half', { timeoutMs: 30 })).toBe('timeout')
  })

  it('takes no byte too many', async () => {
    expect(await failureOf('/', { timeoutMs: 60_000, maxBytes: 4 })).toBe('too_large')
  })

  it('ends when the channel stops, before or during the call', async () => {
    const stopping = new AbortController()
    const waiting = failureOf('/silent', { timeoutMs: 60_000, signal: stopping.signal })
    await expect.poll(() => held).toHaveLength(1)
    stopping.abort()
    expect(await waiting).toBe('network')
    expect(await failureOf('/', { timeoutMs: 60_000, signal: stopping.signal })).toBe('network')
  })
})
