import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Connects to a port of this machine; undefined: nobody takes it. */
const open = (port: number): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket))
    socket.on('error', () => resolve(undefined))
  })

/** Joins two ends: what one says the other hears, and both end together. */
const join = (client: Socket, node: Socket): void => {
  client.pipe(node).pipe(client)
  client.on('close', () => node.destroy())
  node.on('error', () => client.destroy())
}

/**
 * Stands at `port` before several nodes as a load balancer does: each connection goes to the next of their ports where
 * somebody listens, and to none when nobody does. Gives what ends it.
 */
export const startBalancer = async (port: number, ports: () => readonly number[]): Promise<() => void> => {
  const clients = new Set<Socket>()
  let turn = 0
  const bring = async (client: Socket): Promise<void> => {
    const known = ports()
    const first = turn++
    for (let step = 0; step < known.length; step += 1) {
      const node = await open(known[(first + step) % known.length] ?? 0)
      if (node === undefined) continue
      join(client, node)
      return
    }
    client.destroy()
  }
  const server = createServer({ pauseOnConnect: true }, (client) => {
    clients.add(client)
    client.on('error', () => undefined)
    client.on('close', () => clients.delete(client))
    void bring(client)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return () => {
    server.close()
    for (const client of clients) client.destroy()
  }
}
