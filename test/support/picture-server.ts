import { createServer } from 'node:http'

/** A website of this machine that serves one picture at every path, and counts how often. */
export interface PictureServer {
  readonly url: string
  readonly served: () => number
  close(): Promise<void>
}

export const servePicture = async (bytes: Uint8Array, status = 200): Promise<PictureServer> => {
  let served = 0
  const server = createServer((_request, response) => {
    served += 1
    response.writeHead(status, { 'content-type': 'image/png' }).end(Buffer.from(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${String(port)}/face.png`,
    served: () => served,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
