import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { asFastAsPossible, atRate, quantile, round } from './load.ts'
import { rawTransactionRate } from './raw-transactions.ts'
import { freePort } from '../src/app/free-port.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { account, createWechatClient, type WechatClient } from './wechat-client.ts'

// Each is answered from an article; those that a person handles would silence the bot for the rest of the run.
const questions = [
  '视频审核要多久',
  '怎么改绑手机号',
  '弹幕发不出去',
  '怎么取消自动续费',
  '忘记密码了',
  '缓存的视频在哪里',
  '投稿失败怎么办',
  '怎么开直播',
]
const question = (n: number): string => questions[n % questions.length] ?? ''
const contact = (n: number): string => `oBench${String(n % 300).padStart(6, '0')}`

const report = (measure: string, facts: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify({ measure, ...facts })}\n`)
}
const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576)

/** One WeChat inbox in safe mode. No waiting for further pieces, so that what is measured is the product's own time. */
const configWith = (settleMs: number) => ({
  production: true,
  router: { settleMs },
  inboxes: { bench: { channel: 'wechat', mode: 'safe', ...account } },
})
const path = '/channels/bench/callback'

const withServer = async (
  options: { settleMs?: number; url?: string },
  work: (server: ServerProcess, client: WechatClient) => Promise<void>,
): Promise<void> => {
  const server = createServerProcess({
    port: await freePort(),
    config: configWith(options.settleMs ?? 0),
    ...(options.url === undefined ? {} : { environment: { DATABASE_URL: options.url } }),
  })
  await server.start()
  const client = createWechatClient(server.url, path, 200)
  try {
    await work(server, client)
  } finally {
    await client.close()
    await server.dispose()
  }
}

const firstAnswer = async (): Promise<void> => {
  const startedAt = performance.now()
  const server = createServerProcess({ port: await freePort(), config: configWith(0) })
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

const latency = (database: string, url?: string): Promise<void> =>
  withServer({ ...(url === undefined ? {} : { url }) }, async (server, client) => {
    const idleMegabytes = megabytes(server.residentBytes())
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

const rate = async (database: string, url?: string): Promise<void> => {
  const bare = await bareRate()
  const raw = await rawTransactionRate(url, 8_000)
  await withServer({ ...(url === undefined ? {} : { url }) }, async (server, client) => {
    await asFastAsPossible(100, 5_000, (n) => client.say(contact(n), question(n)))
    const { results, seconds } = await asFastAsPossible(100, 15_000, (n) =>
      client.say(contact(n), question(n)),
    )
    const sustained = results.filter((result) => result.reply !== undefined).length / seconds
    report('sustained-durable-rate', {
      database,
      messagesPerSecond: round(sustained),
      answeredShare: round(results.filter((result) => result.reply !== undefined).length / results.length, 4),
      p99Ms: round(
        quantile(
          results.map((result) => result.ms),
          0.99,
        ),
      ),
      bareHandlerPerSecond: round(bare),
      rawTransactionsPerSecond: round(raw),
      shareOfRaw: round(sustained / raw, 2),
      shareOfBare: round(sustained / bare, 3),
      megabytesAfter: megabytes(server.residentBytes()),
    })
  })
}

const postgres = process.env.TONGDA_TEST_POSTGRES
await firstAnswer()
await latency('embedded')
await rate('embedded')
if (postgres !== undefined) {
  await latency('postgresql', postgres)
  await rate('postgresql', postgres)
}
