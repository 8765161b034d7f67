import { setTimeout as delay } from 'node:timers/promises'
import { quantile } from '../load.ts'
import { question } from '../questions.ts'
import { openAgentDesk, signInAgent, type AgentDesk } from './agent-desk.ts'
import { openCluster, type ClusterOptions } from './cluster.ts'
import { openWebVisitor, type WebVisitor } from './web-visitor.ts'

/** How hard to be. */
export interface ReconnectsOptions extends Pick<
  ClusterOptions,
  'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  readonly visitors: number
  readonly desks: number
  /** How often every connection is cut, two seconds apart, before, between and after the restarts. */
  readonly cuts: number
  readonly restarts: number
}

/** Milliseconds. A desk waits for one second of them, as the server tells it. */
export interface Resumes {
  readonly p50Ms: number
  readonly maxMs: number
}

/** What came of clients whose connections broke again and again. */
export interface ReconnectsResult {
  /** Messages that the visitors were told are taken. */
  readonly taken: number
  readonly answers: number
  /** Lines that a page lacks, although one that is opened anew shows them. */
  readonly gaps: number
  /** Lines that were told twice to one page. */
  readonly doubles: number
  /** Desks that did not come to show the tickets as they are. */
  readonly behind: number
  /** From a cut until the client is connected again, while the server is up. */
  readonly visitorsResume: Resumes
  readonly desksResume: Resumes
}

const inboxId = 'torture-web'
const cutEveryMs = 2_000
/** Open desks that one agent may have, with room for those that are being given up. */
const desksEach = 5
/** From one message of a visitor to the next. */
const pauseMs = 5_000
const patienceMs = 60_000
/** What these say makes tickets, which the desks are told of. */
const callers = 5

const until = async (isSo: () => Promise<boolean> | boolean): Promise<boolean> => {
  const endMs = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > endMs) return false
    await delay(100)
  }
  return true
}

/** Says one thing after the other; gives how many were taken. */
const talk = async (visitor: WebVisitor, place: number, running: () => boolean): Promise<number> => {
  let taken = 0
  // Not all in the same moment.
  await delay((place * pauseMs) / 50)
  for (; running(); taken += 1) {
    await visitor.say(place < callers && taken === 0 ? '转人工' : question(place + taken))
    await delay(pauseMs)
  }
  return taken
}

const openDesks = async (
  nodes: Awaited<ReturnType<typeof openCluster>>['nodes'],
  count: number,
): Promise<readonly AgentDesk[]> => {
  const desks: AgentDesk[] = []
  for (let place = 0, cookie = ''; place < count; place += 1) {
    const node = nodes[place % nodes.length]
    const [first] = nodes
    if (node === undefined || first === undefined) break
    if (place % desksEach === 0) cookie = await signInAgent(first, `desk${String(place)}@example.com`)
    desks.push(openAgentDesk(node.url, cookie))
  }
  return desks
}

const summarise = (resumes: readonly number[]): Resumes => ({
  p50Ms: Math.round(quantile(resumes, 0.5)),
  maxMs: Math.round(Math.max(...resumes)),
})

const cutAll = (clients: readonly Pick<WebVisitor, 'cut'>[]): Promise<readonly number[]> =>
  Promise.all(clients.map((client) => client.cut()))

/** Cuts every connection of web chats and desks again and again, and restarts nodes in between. */
export const reconnectsRun = async (options: ReconnectsOptions): Promise<ReconnectsResult> => {
  // The visitors of the experiment share an address, those of a brand do not.
  const limits = {
    sessionsPerMinute: 10_000,
    sessionsPerMinuteTotal: 10_000,
    pendingSocketsPerAddress: 1_000,
  }
  const web = { channel: 'web', limits }
  const cluster = await openCluster({ ...options, contacts: 0, inboxes: { [inboxId]: web } })
  const { nodes } = cluster
  const visitors: WebVisitor[] = []
  let desks: readonly AgentDesk[] = []
  try {
    for (let place = 0; place < options.visitors; place += 1)
      visitors.push(await openWebVisitor(nodes[place % nodes.length]?.url ?? '', inboxId))
    desks = await openDesks(nodes, options.desks)
    let running = true
    const talks = visitors.map((visitor, place) => talk(visitor, place, () => running))
    const [ofVisitors, ofDesks]: [number[], number[]] = [[], []]
    for (let stretch = 0; stretch <= options.restarts; stretch += 1) {
      for (let cut = 0; cut < options.cuts; cut += 1) {
        await delay(cutEveryMs)
        const [visitorsBack, desksBack] = await Promise.all([cutAll(visitors), cutAll(desks)])
        ofVisitors.push(...visitorsBack)
        ofDesks.push(...desksBack)
      }
      if (stretch === options.restarts) break
      const node = nodes[stretch % nodes.length]
      // Politely and as a crash, in turn.
      await (stretch % 2 === 0 ? node?.stop() : node?.kill())
      await node?.start()
    }
    running = false
    const taken = (await Promise.all(talks)).reduce((sum, count) => sum + count, 0)
    const answers = (): number => visitors.reduce((sum, visitor) => sum + visitor.answers(), 0)
    // To callers nobody replies: they are shown that a person was called.
    const owed =
      taken - (await Promise.all(talks.slice(0, callers))).reduce((sum, count) => sum + count - 1, 0)
    await until(() => answers() >= owed)
    const current = await Promise.all(desks.map((desk) => until(() => desk.isCurrent())))
    const gaps = await Promise.all(visitors.map((visitor) => visitor.gaps()))
    return {
      ...{ taken, answers: answers() },
      gaps: gaps.reduce((sum, count) => sum + count, 0),
      doubles: visitors.reduce((sum, visitor) => sum + visitor.doubles(), 0),
      behind: current.filter((isSo) => !isSo).length,
      visitorsResume: summarise(ofVisitors),
      desksResume: summarise(ofDesks),
    }
  } finally {
    for (const client of [...visitors, ...desks]) client.close()
    await cluster.dispose()
  }
}
