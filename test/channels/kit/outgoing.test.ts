import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import type { LookupAddress } from 'node:dns'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AddressRefused, createOutgoing, FetchError, isAllowEntry } from '../../../channels/kit/index.ts'
import type { Outgoing, OutgoingPolicy } from '../../../channels/kit/index.ts'
import { tricks } from '../../support/address-tricks.ts'

/** A server that counts who comes, on every loopback address of its family. */
interface Counter {
  readonly server: Server
  readonly port: number
  readonly calls: string[]
}

const opened: { close(): Promise<void> | void }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

const count = async (
  host: string,
  port = 0,
  answer: (response: ServerResponse) => void = (response) => response.end('ok'),
): Promise<Counter> => {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(request.url ?? '')
    answer(response)
  })
  server.on('connection', () => calls.push('connection'))
  await once(server.listen(port, host), 'listening')
  opened.push({
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  const bound = server.address()
  return { server, calls, port: typeof bound === 'object' && bound !== null ? bound.port : 0 }
}

const open = (
  policy: Partial<OutgoingPolicy> = {},
  resolve?: (hostname: string) => Promise<readonly LookupAddress[]>,
): Outgoing => {
  const outgoing = createOutgoing({
    policy: { allow: [], loopbackHttp: false, ...policy },
    ...(resolve === undefined ? {} : { resolve }),
  })
  opened.push(outgoing)
  return outgoing
}

const faultOf = (outgoing: Outgoing, address: string): Promise<string> =>
  outgoing.call(address, { method: 'GET' }).then(
    () => 'called',
    (error: unknown) => {
      if (error instanceof AddressRefused) return error.fault
      return error instanceof FetchError ? error.failure : 'unknown'
    },
  )

/** Names that a resolver, asked for them, leads inside. */
const inward: readonly (readonly [name: string, addresses: readonly string[]])[] = [
  ['loopback', ['127.0.0.1']],
  ['loopback among public ones', ['93.184.216.34', '127.0.0.1']],
  ['loopback first', ['127.0.0.1', '93.184.216.34']],
  ['private', ['10.1.2.3']],
  ['metadata', ['169.254.169.254']],
  ['mapped', ['::ffff:127.0.0.1']],
  ['translated', ['64:ff9b::7f00:1']],
  ['loopback 6', ['::1']],
  ['unique local', ['fd12:3456::1']],
  ['unspecified', ['0.0.0.0']],
]

describe('the outgoing client', () => {
  let four: Counter
  let six: Counter | undefined
  beforeEach(async () => {
    four = await count('0.0.0.0')
    six = await count('::1', four.port).catch(() => undefined)
  })

  it('knows at least 70 tricks', () => expect(new Set(tricks).size).toBeGreaterThanOrEqual(70))

  it.each(tricks)('does not call %j', async (trick) => {
    expect(await faultOf(open(), trick.replace('PORT', String(four.port)))).toMatch(
      /^(?:not_a_url|not_https|credentials|not_public)$/,
    )
    expect([...four.calls, ...(six?.calls ?? [])]).toEqual([])
  })

  it.each(tricks.filter((trick) => !/^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):PORT/i.test(trick)))(
    'does not call %j where http to this machine is allowed either',
    async (trick) => {
      const outgoing = open({ loopbackHttp: true })
      expect(await faultOf(outgoing, trick.replace('PORT', String(four.port)))).not.toBe('called')
      expect([...four.calls, ...(six?.calls ?? [])]).toEqual([])
    },
  )

  it.each(inward)('does not follow a name to %s', async (_, addresses) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const outgoing = open({}, () => Promise.resolve(found))
    expect(await faultOf(outgoing, `https://shop.example:${four.port}/`)).toBe('not_public')
    expect([...four.calls, ...(six?.calls ?? [])]).toEqual([])
  })

  it('resolves a name once and connects to what was checked, whatever the name means later', async () => {
    const checked = await count('127.0.0.2')
    const rebound = await count('127.0.0.3', checked.port)
    let asked = 0
    const outgoing = open({ allow: ['127.0.0.2'] }, () => {
      asked += 1
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.2' : '127.0.0.3', family: 4 }])
    })
    // The servers speak no TLS: the connection is what counts.
    expect(await faultOf(outgoing, `https://shop.example:${checked.port}/`)).toBe('network')
    expect([asked, checked.calls, rebound.calls]).toEqual([1, ['connection'], []])
    expect(await faultOf(outgoing, `https://shop.example:${checked.port}/`)).toBe('not_public')
    expect(rebound.calls).toEqual([])
  })

  it('says when a name has no address', async () => {
    expect(
      await faultOf(
        open({}, () => Promise.resolve([])),
        'https://shop.example/',
      ),
    ).toBe('not_found')
    const broken = open({}, () => Promise.reject(new Error('no resolver')))
    expect(await faultOf(broken, 'https://shop.example/')).toBe('not_found')
  })

  it('calls this machine over http where that is allowed, by name too', async () => {
    const outgoing = open({ loopbackHttp: true })
    for (const host of ['127.0.0.1', 'localhost'])
      expect((await outgoing.call(`http://${host}:${four.port}/x`, { method: 'GET' })).status).toBe(200)
    const astray = open({ loopbackHttp: true }, () =>
      Promise.resolve([
        { address: '127.0.0.1', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]),
    )
    expect(await faultOf(astray, `http://localhost:${four.port}/`)).toBe('not_public')
  })

  it('follows no redirect', async () => {
    const inner = await count('127.0.0.1')
    const outer = await count('127.0.0.1', 0, (response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    )
    const answer = await open({ loopbackHttp: true }).call(`http://127.0.0.1:${outer.port}/`, {
      method: 'GET',
    })
    expect([answer.status, inner.calls]).toEqual([302, []])
  })

  it('ends what is too large, too slow or half, and asks for nothing compressed', async () => {
    const large = await count('127.0.0.1', 0, (response) => response.end('x'.repeat(2_000_000)))
    const silent = await count('127.0.0.1', 0, () => undefined)
    const half = await count('127.0.0.1', 0, (response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    })
    const failure = (port: number, timeoutMs = 60_000): Promise<string> =>
      open({ loopbackHttp: true })
        .call(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }, { timeoutMs })
        .then(
          () => 'none',
          (error: unknown) => (error instanceof FetchError ? error.failure : 'other'),
        )
    expect(await failure(large.port)).toBe('too_large')
    expect(await failure(silent.port, 200)).toBe('timeout')
    expect(await failure(half.port)).toBe('network')
  })

  it('gives up when it is told to', async () => {
    const silent = await count('127.0.0.1', 0, () => undefined)
    const stopping = new AbortController()
    const call = open({ loopbackHttp: true }).call(
      `http://127.0.0.1:${silent.port}/`,
      { method: 'GET' },
      { signal: stopping.signal },
    )
    await expect.poll(() => silent.calls.length).toBeGreaterThan(1)
    stopping.abort()
    await expect(call).rejects.toThrow(FetchError)
  })

  it('keeps addresses out of its errors', async () => {
    const error: unknown = await open()
      .call('https://127.0.0.1/hook?token=planted-secret', { method: 'GET' })
      .catch((thrown: unknown) => thrown)
    expect(
      JSON.stringify(error) + String(error) + (error instanceof Error ? String(error.stack) : ''),
    ).not.toContain('planted-secret')
  })

  it('speaks to no server whose certificate nobody vouches for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongda-tls-'))
    const file = (name: string): string => join(folder, name)
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ].concat(['-keyout', file('key'), '-out', file('cert'), '-subj', '/CN=shop.example']),
      { stdio: 'ignore' },
    )
    let calls = 0
    const server = createTlsServer(
      { key: readFileSync(file('key')), cert: readFileSync(file('cert')) },
      () => {
        calls += 1
      },
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    opened.push({ close: () => void server.close() })
    rmSync(folder, { recursive: true })
    const bound = server.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    expect(await faultOf(open({ allow: ['127.0.0.0/8'] }), `https://127.0.0.1:${port}/`)).toBe('network')
    expect(calls).toBe(0)
  })

  it('understands host names, addresses and ranges on its list', () => {
    for (const entry of ['forum', 'forum.internal', '10.0.0.0/8', '10.1.2.3', 'fd00::/8', '::1'])
      expect(isAllowEntry(entry)).toBe(true)
    for (const entry of ['', 'https://forum', 'forum:80', '10.0.0.0/33', '*.internal', 'a b'])
      expect(isAllowEntry(entry)).toBe(false)
  })

  it.each([
    ['forum.internal', 'forum.internal'],
    ['Forum.Internal', 'forum.internal'],
    ['127.0.0.2', 'shop.example'],
    ['127.0.0.0/30', 'shop.example'],
    ['127.0.0.0/30', '127.0.0.2'],
  ])('lets what %s names be called, and nothing else', async (entry, host) => {
    const listed = await count('127.0.0.2')
    const resolve = () => Promise.resolve([{ address: '127.0.0.2', family: 4 }])
    expect(await faultOf(open({ allow: [entry] }, resolve), `https://${host}:${listed.port}/`)).toBe(
      'network',
    )
    expect(listed.calls).toEqual(['connection'])
    const foreign = () => Promise.resolve([{ address: '127.0.0.5', family: 4 }])
    expect(await faultOf(open({ allow: [entry] }, foreign), 'https://other.example/')).toBe('not_public')
  })
})
