import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { freePort } from '../src/app/free-port.ts'
import { asFastAsPossible, atRate, quantile, round } from './load.ts'
import { learnOnce } from './learned.ts'
import { question } from './questions.ts'
import { rawTransactionRate } from './raw-transactions.ts'
import { megabytes, report } from './report.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { startPlainPlatform, type PlainPlatform } from './torture/plain-platform.ts'
import { account, createWechatClient, type WechatClient } from './wechat-client.ts'

const contact = (n: number): string => `oBench${String(n % 300).padStart(6, '0')}`

/** One WeChat inbox in safe mode. No waiting for further pieces, so that what is measured is the product's own time. */
const configWith = (apiBase?: string) => ({
  production: true,
  router: { settleMs: 0 },
  inboxes: {
    bench: { channel: 'wechat', mode: 'safe', ...account, ...(apiBase === undefined ? {} : { apiBase }) },
  },
})
const path = '/channels/bench/callback'

interface Node {
  readonly server: ServerProcess
  readonly client: WechatClient
}

/** Databases of several nodes. */
interface Shared {
  readonly url?: string
  readonly redisUrl?: string
}

const startNode = async ({ url, redisUrl }: Shared, platform: PlainPlatform): Promise<Node> => {
  const server = createServerProcess({
    port: await freePort(),
    learned: await learnOnce(),
    config: configWith(platform.url),
    environment: {
      ...(url === undefined ? {} : { DATABASE_URL: url }),
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    },
  })
  await server.start()
  return { server, client: createWechatClient(server.url, path, 200) }
}

const withNodes = async (
  options: Shared & { readonly nodes: number },
  work: (nodes: readonly Node[], platform: PlainPlatform) => Promise<void>,
): Promise<void> => {
  // Takes what was not ready while its request waited; without it such an answer would hold up those behind it.
  const platform = await startPlainPlatform()
  const nodes: Node[] = []
  try {
    while (nodes.length < options.nodes) nodes.push(await startNode(options, platform))
    await work(nodes, platform)
  } finally {
    for (const { server, client } of nodes) {
      await client.close()
      await server.dispose()
    }
    platform.close()
  }
}

const withServer = (
  url: string | undefined,
  work: (server: ServerProcess, client: WechatClient, platform: PlainPlatform) => Promise<void>,
): Promise<void> =>
  withNodes({ nodes: 1, ...(url === undefined ? {} : { url }) }, async ([node], platform) => {
    if (node !== undefined) await work(node.server, node.client, platform)
  })

/** From an empty folder to the first answer, and a restart after a crash. */
export const firstAnswer = async (): Promise<void> => {
  const startedAt = performance.now()
  const server = createServerProcess({ port: await freePort(), config: configWith() })
  const firstStartMs = await server.start()
  const client = createWechatClient(server.url, path, 1)
  const { reply } = await client.say(contact(0), question(0))
  const firstAnswerMs = performance.now() - startedAt
  await server.kill()
  const restartMs = await server.start()
  report('first-answer', {
    answered: reply !== undefined,
    fromNothingMs: Math.round(firstAnswerMs),
    firstStartMs: Math.round(firstStartMs),
    restartToReadyMs: Math.round(restartMs),
  })
  await client.close()
  await server.dispose()
}

/** Push to passive reply at 20 messages a second; `url`: of a PostgreSQL database of its own. */
export const latency = (database: string, url?: string): Promise<void> =>
  withServer(url, async (server, client) => {
    const idleMegabytes = megabytes(await server.idleBytes())
    await atRate(20, 200, (n) => client.say(contact(n), question(n)))
    const results = await atRate(20, 600, (n) => client.say(contact(n), question(n)))
    const times = results.map((result) => result.ms)
    report('passive-reply-at-20-per-second', {
      database,
      messages: results.length,
      answeredPassively: results.filter((result) => result.reply !== undefined).length,
      p50Ms: round(quantile(times, 0.5)),
      p99Ms: round(quantile(times, 0.99)),
      idleMegabytes,
      megabytesAfter: megabytes(server.residentBytes()),
    })
  })

const conversations = 5_000

/** Says something in so many conversations, one after another at a rate that leaves no queue behind. */
const sayInEach = (client: WechatClient, name: string, count: number) =>
  atRate(50, count, (n) => client.say(`oMemory${name}${String(n).padStart(6, '0')}`, question(n)))

/** What a conversation costs in memory once it is silent: what stands in the database needs none. */
export const conversationMemory = (database: string, url?: string): Promise<void> =>
  withServer(url, async (server, client) => {
    const idle = await server.idleBytes()
    // What grows once, whoever writes: compiled code, caches, connections.
    await sayInEach(client, 'warm', conversations)
    const before = await server.idleBytes()
    await sayInEach(client, 'cold', conversations)
    const after = await server.idleBytes()
    report('memory-of-conversations', {
      database,
      conversations,
      idleMegabytes: megabytes(idle),
      megabytesBefore: megabytes(before),
      megabytesAfter: megabytes(after),
      kilobytesEach: round((after - before) / conversations / 1_024),
    })
  })

const bareRate = async (): Promise<number> => {
  const port = await freePort()
  const child = fork(fileURLToPath(new URL('./bare-handler.ts', import.meta.url)), [String(port)])
  await once(child, 'message')
  const client = createWechatClient(`http://127.0.0.1:${String(port)}`, '/callback', 100)
  await asFastAsPossible(100, 2_000, (n) => client.say(contact(n), question(n)))
  const { results, seconds } = await asFastAsPossible(100, 8_000, (n) => client.say(contact(n), question(n)))
  await client.close()
  child.kill()
  return results.length / seconds
}

interface FullLoad {
  readonly answersPerSecond: number
  readonly answeredShare: number
  readonly passiveShare: number
  readonly p99Ms: number
}

/** A hundred contacts at once, each asking as soon as the last answer is there; nodes take turns. */
const atFullLoad = async (nodes: readonly Node[], platform: PlainPlatform): Promise<FullLoad> => {
  const say = (n: number) => nodes[n % nodes.length]?.client.say(contact(n), question(n))
  await asFastAsPossible(100, 5_000, async (n) => say(n))
  const sentBefore = platform.count()
  const { results, seconds } = await asFastAsPossible(100, 15_000, async (n) => say(n))
  const passive = results.filter((result) => result?.reply !== undefined).length
  const answers = passive + platform.count() - sentBefore
  const times = results.map((result) => result?.ms ?? Number.NaN)
  return {
    answersPerSecond: answers / seconds,
    answeredShare: round(answers / results.length, 4),
    passiveShare: round(passive / results.length, 4),
    p99Ms: round(quantile(times, 0.99)),
  }
}

/** What is accepted, understood, answered and committed at full load, beside what database and HTTP alone do. */
export const rate = async (database: string, url?: string): Promise<void> => {
  const bare = await bareRate()
  const raw = await rawTransactionRate(url, 8_000)
  await withNodes({ nodes: 1, ...(url === undefined ? {} : { url }) }, async (nodes, platform) => {
    const { answersPerSecond, ...load } = await atFullLoad(nodes, platform)
    report('sustained-durable-rate', {
      database,
      messagesPerSecond: round(answersPerSecond),
      ...load,
      bareHandlerPerSecond: round(bare),
      rawTransactionsPerSecond: round(raw),
      shareOfRaw: round(answersPerSecond / raw, 2),
      shareOfBare: round(answersPerSecond / bare, 3),
      megabytesAfter: nodes.map(({ server }) => megabytes(server.residentBytes())),
    })
  })
}

/** The same of one node and of two on one PostgreSQL and one Redis. Says something only where each has a core of its own. */
export const rateOfTwo = async (url: string, redisUrl: string): Promise<void> => {
  const rates: number[] = []
  for (const nodes of [1, 2])
    await withNodes({ nodes, url, redisUrl }, async (open, platform) => {
      rates.push((await atFullLoad(open, platform)).answersPerSecond)
    })
  const [one = Number.NaN, two = Number.NaN] = rates
  report('rate-of-two-nodes', {
    cores: availableParallelism(),
    oneNodePerSecond: round(one),
    twoNodesPerSecond: round(two),
    times: round(two / one, 2),
  })
}
