import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { freePort } from '../../src/app/free-port.ts'
import { openCluster, talk, type ClusterOptions } from './cluster.ts'
import type { Verdict } from './ledger.ts'

/** How hard to be. */
export interface TokenTakeoverOptions extends Pick<ClusterOptions, 'contacts' | 'learned' | 'redisUrl'> {
  readonly databaseUrl: string
  /** Messages of each contact after the token is over. */
  readonly messages: number
}

/** What came of a node that died while it fetched a token for both. */
export interface TokenTakeoverResult extends Verdict {
  /** Tokens fetched after the expiry, the one whose answer nobody got among them. */
  readonly refreshes: number
  /** Repeats that the product does not show as such. Must be 0. */
  readonly unmarked: number
  /** From the node's death until everything acknowledged was answered. */
  readonly settledMs: number
}

/** Answers to a node's fetching of a token are kept from it once this is armed. */
interface Hold {
  armed: boolean
  /** The node that waits for one. */
  node: number | undefined
}

const tokenPath = '/cgi-bin/stable_token'
const patienceMs = 60_000
/** Others come to wait for the token meanwhile. */
const waitersMs = 1_000

const Config = z.looseObject({ inboxes: z.looseObject({ torture: z.looseObject({ apiBase: z.string() }) }) })

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** The way of one node to the platform, so that it is known who asks. */
const openDoor = async (node: number, hold: Hold) => {
  const port = await freePort()
  let platform = ''
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const { method = 'GET', url = '/' } = request
      const answer = await fetch(`${platform}${url}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: await bodyOf(request) }),
      })
      const text = await answer.text()
      // The platform has issued it: whoever dies now has fetched one for nobody.
      if (hold.armed && hold.node === undefined && url.startsWith(tokenPath)) {
        hold.node = node
        return
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(text)
    }
    pass().catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    /** Has the node whose folder this is go this way. */
    lead: (folder: string): void => {
      const path = join(folder, 'tongda.yaml')
      const config = Config.parse(parse(readFileSync(path, 'utf8')))
      platform = config.inboxes.torture.apiBase
      config.inboxes.torture.apiBase = `http://127.0.0.1:${String(port)}`
      writeFileSync(path, stringify(config))
    },
    close: (): void => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Kills, of two nodes, the one that fetches a token while many sends on both wait for it. */
export const tokenTakeoverRun = async (options: TokenTakeoverOptions): Promise<TokenTakeoverResult> => {
  const hold: Hold = { armed: false, node: undefined }
  const doors = [await openDoor(0, hold), await openDoor(1, hold)]
  let prepared = 0
  const cluster = await openCluster({
    ...{ ...options, nodes: 2, passiveBudgetMs: 0 },
    prepare: (folder) => doors[prepared++]?.lead(folder),
  })
  const { simulator, nodes, contacts } = cluster
  try {
    let [fetched, due] = [0, 1]
    const taken = new Set<string>()
    simulator.onEvent((event) => {
      if (event.kind === 'transcript' && event.entry.source === 'api') taken.add(event.entry.openid)
      if (event.kind === 'exchange' && event.exchange.kind === 'api' && event.exchange.api === 'stable_token')
        fetched += 1
    })
    const most = options.messages + 1
    const talks = contacts.map((openid) =>
      talk(cluster, openid, { running: () => true, most, due: () => due }),
    )
    const until = async (isSo: () => boolean): Promise<void> => {
      const endMs = performance.now() + patienceMs
      while (!isSo() && performance.now() < endMs) await delay(5)
    }
    await until(() => taken.size === contacts.length)
    const before = fetched
    hold.armed = true
    simulator.expireTokens()
    due = most
    await until(() => hold.node !== undefined)
    await delay(waitersMs)
    const dead = nodes[hold.node ?? 0]
    await dead?.kill()
    cluster.route(nodes.filter((node) => node !== dead))
    const diedAt = performance.now()
    const asked = await Promise.all(talks)
    await cluster.settle(asked)
    const settledMs = Math.round(performance.now() - diedAt)
    for (const node of nodes) await node.stop()
    const unmarked = await cluster.countUnmarked(asked)
    return { ...cluster.verdict(asked), refreshes: fetched - before, unmarked, settledMs }
  } finally {
    for (const door of doors) door.close()
    await cluster.dispose()
  }
}
