import { connect, createServer, type Socket } from 'node:net'

/** A way to a server on loopback that can go silent, as a network does when a machine on it is gone. */
export interface SilentProxy {
  readonly url: string
  /** Connections that stand now carry nothing any more and are not closed; new ones work. */
  silence(): void
  close(): Promise<void>
}

/** Starts a proxy in front of the server at `url`. */
export const startSilentProxy = async (url: string): Promise<SilentProxy> => {
  const target = new URL(url)
  const open = new Set<{ readonly near: Socket; readonly far: Socket }>()
  const silent = new Set<Socket>()
  // A goodbye into the silence gets no answer either.
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect(Number(target.port), target.hostname)
    open.add({ near, far })
    const carry = (from: Socket, to: Socket): void => {
      from.on('data', (bytes) => {
        if (!silent.has(near)) to.write(bytes)
      })
      from.on('end', () => {
        if (!silent.has(near)) to.end()
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        if (!silent.has(near)) to.destroy()
      })
    }
    carry(near, far)
    carry(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const own = new URL(url)
  own.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return {
    url: own.href,
    silence: () => {
      for (const { near } of open) silent.add(near)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const { near, far } of open) {
          near.destroy()
          far.destroy()
        }
      }),
  }
}
