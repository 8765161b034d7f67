import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'

/** A simulated provider's API on loopback. */
export interface ServedApi {
  readonly url: string
  stop(): void
}

/** Serves requests on loopback; port 0 is any free one. */
export const serveApi = async (
  fetch: Parameters<typeof getRequestListener>[0],
  port = 0,
): Promise<ServedApi> => {
  const listen = getRequestListener(fetch)
  const server = createServer((request, response) => void listen(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const own = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${String(own)}`,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
