import { connect, type Socket } from 'node:net'
import { question } from '../questions.ts'
import { atRate, quantile, round } from '../load.ts'
import { createWechatClient } from '../wechat-client.ts'
import { startNodes, type ClusterOptions } from './cluster.ts'
import { startPlainPlatform } from './plain-platform.ts'

/** How hard to be. */
export interface SlowClientsOptions extends Pick<ClusterOptions, 'learned' | 'databaseUrl' | 'redisUrl'> {
  /** Connections whose headers trickle in. */
  readonly slowHeaders: number
  /** Connections whose body trickles in. */
  readonly slowBodies: number
  /** Connections that say nothing at all. */
  readonly idle: number
  readonly messages: number
}

/** What others notice of clients that only hold connections. */
export interface SlowClientsResult {
  readonly messages: number
  /** Pushes that were not answered with status 200. */
  readonly refused: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Slow clients that the server had not cut off at the end. */
  readonly stillConnected: number
}

const path = '/channels/torture/callback'
const trickleMs = 500

const trickle = (socket: Socket, text: string): (() => void) => {
  let sent = 0
  const timer = setInterval(() => {
    if (!socket.destroyed && socket.writable) socket.write(text[sent++ % text.length] ?? ' ')
  }, trickleMs)
  return () => clearInterval(timer)
}

const openSlow = (port: number, kind: 'headers' | 'body' | 'idle') => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  if (kind === 'idle') return { socket, stop: () => undefined }
  const head = `POST ${path} HTTP/1.1\r\nHost: torture.example\r\n`
  socket.write(
    kind === 'headers' ? head : `${head}Content-Type: text/xml\r\nContent-Length: 100000\r\n\r\n<xml>`,
  )
  return { socket, stop: trickle(socket, kind === 'headers' ? 'X-Slow: a\r\n' : 'slow ') }
}

/** Longer than the server waits for headers and for a whole request. */
const patienceMs = 45_000

/** Pushes messages at a steady rate while many clients hold connections and say almost nothing. */
export const slowClientsRun = async (options: SlowClientsOptions): Promise<SlowClientsResult> => {
  const platform = await startPlainPlatform()
  const nodes = await startNodes(platform.url, options)
  const url = nodes[0]?.url ?? ''
  const port = Number(new URL(url).port)
  const client = createWechatClient(url, path, 50)
  const say = (n: number) => client.say(`oSlow${String(n % 100)}`, question(n))
  try {
    await atRate(20, 100, say)
    const openedAt = performance.now()
    const slow = [
      ...Array.from({ length: options.slowHeaders }, () => openSlow(port, 'headers')),
      ...Array.from({ length: options.slowBodies }, () => openSlow(port, 'body')),
      ...Array.from({ length: options.idle }, () => openSlow(port, 'idle')),
    ]
    const results = await atRate(20, options.messages, say)
    const talking = slow.slice(0, options.slowHeaders + options.slowBodies)
    const isOver = (): boolean =>
      talking.every(({ socket }) => socket.destroyed) || performance.now() - openedAt > patienceMs
    while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 200))
    const stillConnected = talking.filter(({ socket }) => !socket.destroyed).length
    for (const { socket, stop } of slow) {
      stop()
      socket.destroy()
    }
    const times = results.map(({ ms }) => ms)
    return {
      messages: results.length,
      refused: results.filter(({ status }) => status !== 200).length,
      p50Ms: round(quantile(times, 0.5)),
      p99Ms: round(quantile(times, 0.99)),
      stillConnected,
    }
  } finally {
    await client.close()
    await Promise.all(nodes.map((node) => node.dispose()))
    platform.close()
  }
}
