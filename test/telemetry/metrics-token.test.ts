// Who may read /metrics: this machine, and whoever bears the token.
import { networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'
import { freePort } from '../../src/app/free-port.ts'
import { startProduct } from '../support/product.ts'

/** An address of this machine by which it looks like another. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

it.skipIf(outside === undefined)('answers another machine by its token alone', async () => {
  const port = await freePort()
  const token = 'token-of-the-monitoring'
  const product = await startProduct({
    port,
    server: { host: '0.0.0.0', port },
    telemetry: { metricsToken: token },
  })
  const read = async (host: string, headers: Record<string, string> = {}) =>
    (await fetch(`http://${host}:${String(port)}/metrics`, { headers })).status
  try {
    expect(await read('127.0.0.1')).toBe(200)
    expect(await read(outside ?? '')).toBe(404)
    expect(await read(outside ?? '', { authorization: `Bearer ${token}x` })).toBe(404)
    expect(await read(outside ?? '', { authorization: `Bearer ${token}` })).toBe(200)
  } finally {
    await product.dispose()
  }
})
