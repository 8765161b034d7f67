import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below what Linux, macOS and Windows hand to outgoing connections by themselves: from there a port that was free a
// moment ago may be some connection's own when its server starts to listen.
const lowest = 20_000
const highest = 32_000
const tries = 50

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

/** A port nobody listens on, and that no outgoing connection gets meanwhile. */
export const freePort = async (): Promise<number> => {
  for (let i = 0; i < tries; i += 1) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port found between ${lowest} and ${highest}`)
}
